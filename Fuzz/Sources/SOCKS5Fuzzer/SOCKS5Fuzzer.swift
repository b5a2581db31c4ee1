// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import FuzzSupport
import Protocols

/// The events of a dialogue whose bytes arrive up to each of the cuts in turn.
private func dialogue(_ input: Input, cuts: [Int]) -> [String] {
    var parser = SOCKS5Parser()
    var events: [String] = []
    var consumed = 0
    for end in cuts + [input.bytes.count] {
        reading: while true {
            let rest = UnsafeRawBufferPointer(rebasing: input.bytes[min(consumed, end)..<end])
            switch parser.read(rest) {
            case .needMore: break reading
            case .greeting(let offersNone, let offersPassword, let taken):
                events.append("greeting \(offersNone) \(offersPassword)")
                consumed += taken
                parser.select(offersPassword ? .password : .none)
            case .credentials(let user, let password, let taken):
                events.append("credentials \(Array(user.slice(of: rest))) \(Array(password.slice(of: rest)))")
                expect(!user.slice(of: rest).isEmpty && !password.slice(of: rest).isEmpty, "credentials are not empty")
                consumed += taken
            case .connect(let endpoint, let taken):
                consumed += taken
                return events + ["connect \(endpoint) \(consumed)"]
            case .refused(let refusal): return events + ["refused \(refusal)"]
            }
            expect(consumed <= end, "nothing is consumed that is not there")
        }
    }
    return events
}

/// Cutting the input changes nothing.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    expect(dialogue(input, cuts: []) == dialogue(input, cuts: input.cuts), "cutting changes nothing")
    return 0
}
