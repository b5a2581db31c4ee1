// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import FuzzSupport
import Protocols

private let host = Array("judged.test".utf8)

/// The head that goes upstream, when the message is a complete head.
private func forwarded(_ message: UnsafeRawBufferPointer) -> [UInt8]? {
    var parser = HTTP1RequestParser()
    guard case .complete(let count) = parser.parse(message) else { return nil }
    expect(count <= message.count, "a head lies inside its message")
    for field in parser.head.fields.all { expect(field.value.end <= count, "a field lies inside its head") }
    _ = try? parser.head.target.endpoint(in: message)
    return host.withUnsafeBytes { host in
        let writer = HTTP1RequestWriter(host: host, announcesVia: false, allowsWebSocket: true)
        var buffer = [UInt8](repeating: 0, count: writer.byteBound(parser.head))
        let written = buffer.withUnsafeMutableBytes { writer.write(parser.head, message: message, into: $0) }
        expect(written != nil, "a head fits into its bound")
        return Array(buffer.prefix(written ?? 0))
    }
}

/// Cutting the input changes nothing, and what is forwarded is read the same again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    var whole = HTTP1RequestParser()
    let result = whole.parse(input.bytes)
    var parser = HTTP1RequestParser()
    var stepwise = HTTP1ParseResult.needMore
    for cut in input.cuts where stepwise == .needMore { stepwise = input.withPrefix(cut) { parser.parse($0) } }
    if stepwise == .needMore { stepwise = parser.parse(input.bytes) }
    expect(stepwise == result, "cutting changes nothing")
    guard let once = forwarded(input.bytes), whole.head.method != .connect else { return 0 }
    expect(once.withUnsafeBytes { forwarded($0) } == once, "what is forwarded is read the same again")
    return 0
}
