// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import Protocols

/// The header list of a request, made from the head that the gate wrote for a service.
struct UpstreamRequestFields {
    let headers: HPACKHeaders
    /// Whether the method is HEAD.
    let isForHead: Bool

    /// The head is read once more by the rules for clients', so that a line that broke them is found here at the latest.
    ///
    /// - Parameters:
    ///   - head: What the gate wrote, to the empty line.
    ///   - acceptsTrailers: Whether the client said that it takes fields behind a body.
    /// - Returns: `nil` when it cannot be said in HTTP/2.
    init?(_ head: ByteBuffer, scheme: String, acceptsTrailers: Bool) {
        // Larger than what clients may send, for what was added to it.
        var parser = HTTP1RequestParser(
            limits: HTTP1Limits(
                requestLineBytes: 64 << 10, headBytes: 1 << 20, headerCount: 4096, fieldLineBytes: 64 << 10,
                methodBytes: 256))
        guard case .complete(head.readableBytes) = head.withUnsafeReadableBytes({ parser.parse($0) }) else {
            return nil
        }
        let parsed = parser.head
        let headers = head.withUnsafeReadableBytes { bytes -> HPACKHeaders? in
            var headers = HPACKHeaders()
            headers.reserveCapacity(parsed.fields.all.count &+ 5)
            headers.add(name: ":method", value: parsed.methodRange.text(in: bytes))
            headers.add(name: ":scheme", value: scheme)
            guard let host = parsed.fields.host else { return nil }
            headers.add(name: ":authority", value: host.text(in: bytes))
            headers.add(name: ":path", value: parsed.targetRange.text(in: bytes), indexing: .nonIndexable)
            for field in parsed.fields.all where Self.passes(field.knownName) {
                guard let value = String(validating: field.value.slice(of: bytes), as: UTF8.self) else { return nil }
                let name = field.name.text(in: bytes).lowercased()
                headers.add(name: name, value: value, indexing: Self.indexing(of: name))
            }
            if acceptsTrailers { headers.add(name: "te", value: "trailers") }
            return headers
        }
        guard let headers else { return nil }
        self.headers = headers
        isForHead = parsed.method == .head
    }

    /// What the gate itself set stays; what belongs to HTTP/1 goes.
    private static func passes(_ name: HTTP1FieldName) -> Bool {
        switch name {
        case .host, .transferEncoding, .connection, .proxyConnection, .keepAlive, .te, .upgrade, .http2Settings: false
        default: true
        }
    }

    /// Only what repeats and is no secret goes into the table that both sides keep.
    private static func indexing(of name: String) -> HPACKIndexing {
        switch name {
        case "accept", "accept-encoding", "accept-language", "content-type", "grpc-accept-encoding", "grpc-encoding",
            "user-agent", "via":
            .indexable
        case "content-length", "grpc-timeout": .nonIndexable
        default: .neverIndexed
        }
    }
}
