// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import Protocols

/// Cutting the input changes nothing, and what is forwarded is a head again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    var whole = HTTP1ResponseParser()
    let result = whole.parse(input.bytes)
    var parser = HTTP1ResponseParser()
    var stepwise = HTTP1ParseResult.needMore
    for cut in input.cuts where stepwise == .needMore { stepwise = input.withPrefix(cut) { parser.parse($0) } }
    if stepwise == .needMore { stepwise = parser.parse(input.bytes) }
    expect(stepwise == result, "cutting changes nothing")
    guard case .complete = result else { return 0 }
    var exchange = HTTP1Exchange(method: .get, clientVersion: .http11, asksForUpgrade: true)
    var framing = HTTP1Framing.none
    switch exchange.judge(whole.head) {
    case .final(let final, _): framing = final
    case .informational, .switched: break
    case .refused: return 0
    }
    let writer = HTTP1ResponseWriter(method: .get, clientVersion: .http11, closes: false)
    var buffer = [UInt8](repeating: 0, count: writer.byteBound(whole.head))
    let written = buffer.withUnsafeMutableBytes {
        writer.write(whole.head, message: input.bytes, framing: framing, into: $0)
    }
    expect(written != nil, "a head fits into its bound")
    var again = HTTP1ResponseParser()
    let forwarded = buffer.prefix(written ?? 0).withUnsafeBytes { again.parse($0) }
    expect(forwarded == .complete(byteCount: written ?? 0), "what is forwarded is a head")
    expect(again.head.status == whole.head.status, "the status is forwarded")
    return 0
}
