// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import Protocols

/// What passes of bytes that arrive up to each of the cuts in turn; what did not pass is shown again.
private struct Reading: Equatable {
    var passed = 0
    var isBroken = false

    init(_ input: Input, from sender: WebSocketFrameReader.Sender, cuts: [Int]) {
        var reader = WebSocketFrameReader(from: sender)
        for end in cuts + [input.bytes.count] where !isBroken {
            let rest = UnsafeRawBufferPointer(rebasing: input.bytes[min(passed, end)..<end])
            let step = reader.read(rest)
            expect(step.passed <= rest.count, "nothing passes that is not there")
            passed += step.passed
            isBroken = step.isBroken
        }
    }
}

/// Cutting changes nothing, what passed would pass again, and no frame of one side is one of the other.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    var both = 0
    for sender in [WebSocketFrameReader.Sender.client, .server] {
        let whole = Reading(input, from: sender, cuts: [])
        expect(whole == Reading(input, from: sender, cuts: input.cuts), "cutting changes nothing")
        input.withPrefix(whole.passed) { prefix in
            var reader = WebSocketFrameReader(from: sender)
            let step = reader.read(prefix)
            expect(step == WebSocketFrameReader.Step(passed: prefix.count), "what passed passes by itself")
        }
        both += whole.passed > 0 ? 1 : 0
    }
    expect(both < 2, "a frame is masked or not")
    return 0
}
