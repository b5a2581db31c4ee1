// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Behavior
import FuzzSupport

/// The input is one encoded input of the monitor, or several by lines: what is read is written with the same bytes, two
/// monitors that take it in say the same, and what they learn from it can be read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    var one = BehaviorMonitor()
    var two = BehaviorMonitor()
    one.learn(true)
    for line in input.bytes.split(separator: 0x0a) {
        let bytes = Array(line)
        guard let read = try? BehaviorInput(decoding: bytes) else { continue }
        expect(read.encoded == bytes, "what is read is written with the same bytes")
        if case .event(let event) = read {
            expect((try? BehaviorEvent(decoding: bytes)) == event, "an event is an input")
            expect(
                one.objection(to: event)?.encoded == two.objection(to: event)?.encoded,
                "objections do not depend on the run")
        }
        let alarms = one.apply(read)
        expect(alarms == two.apply(read), "alarms do not depend on the run")
        for alarm in alarms {
            expect(alarm.sentence.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }, "a sentence is visible ASCII")
            expect(alarm.events.count <= 16 && alarm.score >= 0, "alarms stay within their bounds")
        }
    }
    if let learnt = one.proposal(at: 1 << 53)?.baseline {
        expect((try? Baseline(decoding: learnt.encoded)) == learnt, "what is learnt can be read again")
    }
    return 0
}
