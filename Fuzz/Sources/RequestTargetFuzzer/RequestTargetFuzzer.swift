// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import FuzzSupport
import Protocols

private func head(_ method: StaticString, _ target: some Sequence<UInt8>) -> [UInt8] {
    Array("\(method) ".utf8) + target + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
}

/// The path to forward, the path to judge and the destination of a target that passes.
private func read(_ message: [UInt8]) -> (forward: String, decision: String, endpoint: Endpoint?)? {
    message.withUnsafeBytes { message in
        var parser = HTTP1RequestParser()
        guard case .complete = parser.parse(message) else { return nil }
        let path = parser.head.path
        return (
            path.forwardText(in: message), path.decisionText(in: message),
            try? parser.head.target.endpoint(in: message)
        )
    }
}

/// A canonical path stays as it is, and holds nothing that a server would resolve.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    _ = read(head("CONNECT", input.bytes))
    guard let once = read(head("GET", input.bytes)) else { return 0 }
    guard let twice = read(head("GET", once.forward.utf8)) else { fatalError("a canonical path is refused") }
    expect(twice.forward == once.forward && twice.decision == once.decision, "a canonical path stays as it is")
    for path in [once.forward, once.decision] {
        let segments = path.utf8.split(separator: 0x2f, omittingEmptySubsequences: false)
        for segment in segments.dropFirst() {
            let name = segment.prefix { $0 != 0x3b }
            expect(!name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8), "no dot segment is left")
        }
        expect(segments.dropFirst().dropLast().allSatisfy { !$0.isEmpty }, "no empty segment is left")
    }
    return 0
}
