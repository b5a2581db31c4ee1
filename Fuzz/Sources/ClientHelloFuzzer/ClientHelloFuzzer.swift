// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import FuzzSupport
import Protocols

/// Cutting the input changes nothing.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    var whole = ClientHelloParser()
    let result = whole.parse(input.bytes)
    var parser = ClientHelloParser()
    var stepwise = ClientHelloResult.needMore
    for cut in input.cuts where stepwise == .needMore { stepwise = input.withPrefix(cut) { parser.parse($0) } }
    if stepwise == .needMore { stepwise = parser.parse(input.bytes) }
    expect(stepwise == result, "cutting changes nothing")
    if case .hello(let hello) = result, let name = hello.serverName {
        expect(SNIPolicy.judge(hello, expected: .name(name), allowsEncryptedHello: true) == nil, "a name is its own")
    }
    return 0
}
