// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Behavior
import FuzzSupport

/// A baseline that is read is written with the same bytes, can be shown, and can be enforced.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(Input(start, count).bytes)
    if let baseline = try? Baseline(decoding: bytes) {
        expect(baseline.encoded == bytes, "what is read is written with the same bytes")
        expect(baseline.differences(from: baseline).isEmpty, "a baseline does not differ from itself")
        watch(baseline.ratified(by: "fuzzer", at: 0))
    }
    if let ratified = try? RatifiedBaseline(decoding: bytes) {
        expect(ratified.encoded == bytes, "what is ratified is written with the same bytes")
        watch(ratified)
    }
    return 0
}

/// Events of each role with its own tools and domains, and with others.
private func watch(_ ratified: RatifiedBaseline) {
    for line in ratified.baseline.differences(from: nil) {
        expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }, "a difference is visible ASCII")
    }
    var monitor = BehaviorMonitor()
    monitor.enforce(ratified)
    for profile in ratified.baseline.roles {
        for index in 0..<40 {
            var event = BehaviorEvent(id: UInt64(index), time: Int64(index) * 1000, agent: "a", role: profile.role)
            event.tool = index % 3 == 0 ? "t" : profile.tools.first?.tool
            event.destination = .init(host: index % 5 == 0 ? "other.test" : profile.domains.first?.name ?? "h")
            event.bytesUp = Int64(1) << Int64(index)
            for alarm in monitor.observe(event) { expect(alarm.score >= 0, "a score is never negative") }
        }
    }
}
