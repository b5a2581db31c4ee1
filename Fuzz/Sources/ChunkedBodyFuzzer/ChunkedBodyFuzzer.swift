// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import Protocols

/// What a reader makes of a body that arrives up to each of the cuts in turn.
private struct Reading: Equatable {
    var payload: [UInt8] = []
    var consumed = 0
    var isDone = false
    var refusal: HTTP1Refusal?

    init(_ input: Input, cuts: [Int]) {
        var reader = HTTP1BodyReader(framing: .chunked)
        for end in cuts + [input.bytes.count] {
            var wantsMore = false
            while !wantsMore, !isDone, refusal == nil {
                let rest = UnsafeRawBufferPointer(rebasing: input.bytes[min(consumed, end)..<end])
                switch reader.read(rest) {
                case .payload(let taken, let count):
                    expect(taken <= rest.count && count <= taken && count > 0, "payload lies inside what was read")
                    payload += rest[(taken - count)..<taken]
                    consumed += taken
                case .needMore(let taken):
                    consumed += taken
                    wantsMore = true
                case .done(let taken):
                    consumed += taken
                    isDone = true
                case .refused(let why): refusal = why
                }
                expect(consumed <= end, "nothing is consumed that is not there")
            }
        }
    }
}

/// Cutting the input changes nothing.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    let whole = Reading(input, cuts: [])
    let cut = Reading(input, cuts: input.cuts)
    expect(whole.isDone == cut.isDone && whole.refusal == cut.refusal, "cutting changes no verdict")
    expect(whole.payload == cut.payload, "cutting changes no payload")
    expect(whole.refusal != nil || whole.consumed == cut.consumed, "cutting changes no end")
    return 0
}
