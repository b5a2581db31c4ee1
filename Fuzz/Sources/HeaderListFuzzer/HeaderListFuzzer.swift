// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import Protocols

private typealias Field = (name: [UInt8], value: [UInt8])

/// The header list that an input spells: for each field the length of its name, the name, two bytes of length and the
/// value. The first byte tells whether the request ends with its head.
private func headerList(_ bytes: UnsafeRawBufferPointer) -> [Field] {
    var rest = Array(bytes.dropFirst())[...]
    func take(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
    var list: [Field] = []
    while let count = rest.popFirst() {
        let name = take(Int(count))
        let length = take(2).reduce(0) { $0 << 8 | Int($1) }
        list.append((name, take(length)))
    }
    return list
}

private let pseudoFields = [":method", ":path", ":authority"].map { Array($0.utf8) }
private let cookie = Array("cookie".utf8)

/// Every line of the head says what one field of the list says, and nothing else is in it.
private func check(_ head: HTTP1RequestHead, in message: UnsafeRawBufferPointer, of list: [Field]) {
    func value(_ name: [UInt8]) -> [UInt8]? { list.first { $0.name == name }?.value }
    expect(Array(head.methodRange.slice(of: message)) == value(pseudoFields[0]), "the method is the one that was sent")
    expect(Array(head.targetRange.slice(of: message)) == value(pseudoFields[1]), "the target is the path that was sent")
    for field in head.fields.all {
        let name = Array(field.name.slice(of: message))
        let text = Array(field.value.slice(of: message))
        switch field.knownName {
        case .host where value(pseudoFields[2]) != nil:
            expect(text == value(pseudoFields[2]), "the host is the authority that was sent")
        case .transferEncoding:
            expect(head.framing == .chunked && head.fields.contentLength == nil, "one thing frames a body")
        case _ where name == cookie:
            let crumbs = list.filter { $0.name == cookie && !$0.value.isEmpty }.map(\.value)
            expect(text == Array(crumbs.joined(separator: Array("; ".utf8))), "cookies are joined")
        default:
            expect(list.contains { $0.name == name && $0.value == text }, "a line says what a field said")
        }
    }
}

/// What the translator lets pass is one whole head that says the same as the list.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    let list = headerList(input.bytes)
    let endStream = input.bytes.first.map { $0 & 1 == 1 } ?? true
    var translator = HTTP2RequestTranslator()
    var trailers = HTTP2Trailers()
    for field in list {
        field.name.withUnsafeBytes { name in
            field.value.withUnsafeBytes { value in
                translator.add(name: name, value: value)
                _ = trailers.judge(name: name, value: value)
            }
        }
    }
    guard translator.finish(endStream: endStream) == nil else { return 0 }
    translator.message.withUnsafeBytes { message in
        var parser = HTTP1RequestParser()
        switch parser.parse(message) {
        case .complete(let count):
            expect(count == message.count, "the head is the whole message")
            expect(endStream ? parser.head.framing == .none : true, "a request that has ended has no body")
            check(parser.head, in: message, of: list)
        case .needMore: expect(false, "the head is complete")
        case .refused: break
        }
    }
    return 0
}
