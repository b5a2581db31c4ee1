// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Credentials
import Crypto
import NIOCore
import Protocols
import Transport

/// Signs each request with keys of an AWS account.
public struct SigningCredential: Sendable, Confidential {
    /// What the signature says about a body that comes piece by piece.
    public enum Payload: Sendable, Hashable {
        /// Its hash: the body is read as a whole first.
        case hashed
        /// Nothing, so that it passes as it comes; S3 alone takes that.
        case unsigned
    }

    /// What is said about bodies.
    package let payload: Payload
    private let signer: SigV4Signer

    /// Signs with these keys.
    public init(_ signer: SigV4Signer, payload: Payload = .hashed) {
        self.signer = signer
        self.payload = payload
    }

    /// A head with its signature. Both are without the empty line at the end.
    ///
    /// - Parameters:
    ///   - body: The whole body; `nil` when it comes later and is not signed.
    ///   - seconds: The time, since 1970.
    /// - Throws: `SigV4Error` when a service could understand the request in two ways, and for what else cannot be signed.
    func sign(
        _ head: ByteBuffer, body: ByteBuffer?, at seconds: Int64
    ) throws(SigV4Error) -> ByteBuffer {
        let size = head.readableBytes
        guard let head = WrittenHead(head) else { throw .field }
        let words = head.requestLine.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3 else { throw .path }
        let target = words[1]
        let mark = target.firstIndex(of: UInt8(ascii: "?"))
        let path = Self.text(target[..<(mark ?? target.endIndex)])
        let query = mark.map { Self.text(target[($0 &+ 1)...]) }
        let kept = head.fields.filter { field in
            body == nil || !Self.framing.contains { field.name.elementsEqual($0.utf8) }
        }
        guard let date = SigV4Date(unixSeconds: seconds) else { throw .field }
        let request = SigV4Request(
            method: Self.text(words[0]), path: path, query: query ?? "",
            fields: kept.filter { Self.isSigned($0.name) }.map {
                SigV4Request.Field(name: Self.text($0.name[...]), value: Self.text($0.value))
            },
            payload: body.map { .sha256(Array(SHA256.hash(data: Array($0.readableBytesView)))) } ?? .unsigned)
        let added = try signer.sign(request, at: date)
        var output = ByteBufferAllocator().buffer(capacity: size &+ 768)
        output.writeString("\(request.method) \(try signer.forwardedPath(path))")
        if let query { output.writeString("?\(query)") }
        output.writeString(" HTTP/1.1\r\n")
        for field in kept {
            output.writeBytes(field.line)
            output.writeStaticString("\r\n")
        }
        for field in added { output.writeString("\(field.name): \(field.value)\r\n") }
        if let body, body.readableBytes > 0 || Self.hasBody(words[0]) {
            output.writeString("Content-Length: \(body.readableBytes)\r\n")
        }
        return output
    }

    /// The fields that sign a request whose bytes somebody else sends, as they are.
    ///
    /// - Parameters:
    ///   - authority: The host that the service is told.
    ///   - seconds: The time, since 1970.
    /// - Throws: `SigV4Error`, as ``sign(_:body:at:)`` does, and where the path would be sent in another spelling.
    func fields(
        for message: CarriedMessage, to authority: [UInt8], at seconds: Int64
    ) throws(SigV4Error) -> [SigV4Request.Field] {
        guard let date = SigV4Date(unixSeconds: seconds) else { throw .field }
        guard try signer.forwardedPath(message.path).utf8.elementsEqual(message.path.utf8) else { throw .ambiguousPath }
        let signed = message.fields.filter { Self.isSigned(Array($0.name.utf8)) }
        return try signer.sign(
            SigV4Request(
                method: message.method, path: message.path, query: message.query ?? "",
                fields: [SigV4Request.Field(name: "host", value: Self.text(authority[...]))]
                    + signed.map { SigV4Request.Field(name: $0.name, value: $0.value) },
                payload: payload == .unsigned ? .unsigned : .sha256(Array(SHA256.hash(data: message.body)))), at: date)
    }

    /// What says how long a body is, or that it is waited for.
    private static let framing = ["content-length", "transfer-encoding", "expect"]

    /// AWS wants `Host` and every field of its own signed.
    private static func isSigned(_ name: [UInt8]) -> Bool {
        name.elementsEqual("host".utf8) || name.elementsEqual("content-type".utf8) || name.starts(with: "x-amz-".utf8)
    }

    private static func hasBody(_ method: ArraySlice<UInt8>) -> Bool {
        ["POST", "PUT", "PATCH"].contains { method.elementsEqual($0.utf8) }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
