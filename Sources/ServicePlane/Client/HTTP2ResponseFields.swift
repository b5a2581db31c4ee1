// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import Protocols

/// Makes the header list of an HTTP/2 response from a head of HTTP/1, by the rules of ``HTTP1ResponseWriter``: names in
/// lower case, fields of one hop and `Yett-*` of the upstream gone, the length written anew.
enum HTTP2ResponseFields {
    /// The header list of a response.
    ///
    /// - Parameters:
    ///   - message: The bytes that were parsed into `head`.
    ///   - framing: How the upstream frames the body; `none` for informational responses.
    ///   - isForHead: Whether the request's method is HEAD.
    static func make(
        _ head: HTTP1ResponseHead, in message: ByteBuffer, framing: HTTP1Framing, isForHead: Bool, isOwn: Bool
    ) -> HPACKHeaders {
        var headers = HPACKHeaders()
        headers.reserveCapacity(head.fields.all.count &+ 3)
        headers.add(name: ":status", value: status(head.status))
        message.withUnsafeReadableBytes { bytes in
            for field in head.fields.all where passes(field.knownName, isOwn: isOwn) {
                if head.fields.isNominated(field, in: bytes) { continue }
                let name = lowercase(field.name.slice(of: bytes))
                headers.add(
                    name: name, value: String(decoding: field.value.slice(of: bytes), as: UTF8.self),
                    indexing: indexing(of: name))
            }
        }
        if let length = length(head, framing: framing, isForHead: isForHead) {
            headers.add(name: "content-length", value: String(length), indexing: .nonIndexable)
        }
        headers.add(name: "via", value: head.version == .http10 ? "1.0 yett" : "1.1 yett")
        return headers
    }

    private static func passes(_ name: HTTP1FieldName, isOwn: Bool) -> Bool {
        if name == .gateway { return isOwn }
        return !name.isPerHop && name != .expect
    }

    private static func length(_ head: HTTP1ResponseHead, framing: HTTP1Framing, isForHead: Bool) -> UInt64? {
        switch framing {
        case .contentLength(let length): return length
        case .chunked, .untilClose: return nil
        case .none:
            if head.isInformational || head.status == 204 { return nil }
            return isForHead || head.status == 304 ? head.fields.contentLength : 0
        }
    }

    private static func status(_ status: UInt16) -> String {
        switch status {
        case 200: "200"
        case 304: "304"
        case 404: "404"
        default: String(status)
        }
    }

    /// A name that is a token, in lower case.
    private static func lowercase(_ name: UnsafeRawBufferPointer) -> String {
        String(unsafeUninitializedCapacity: name.count) { buffer in
            for index in 0..<name.count {
                let byte = name[index]
                buffer[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
            }
            return name.count
        }
    }

    /// Values that change with every response only push others out of the table; those of cookies are secrets.
    private static func indexing(of name: String) -> HPACKIndexing {
        switch name.utf8.count {
        case 3 where name == "age": .nonIndexable
        case 4 where name == "date" || name == "etag": .nonIndexable
        case 7 where name == "expires": .nonIndexable
        case 8 where name == "location": .nonIndexable
        case 10 where name == "set-cookie": .neverIndexed
        case 12 where name == "x-request-id": .nonIndexable
        case 13 where name == "last-modified" || name == "content-range": .nonIndexable
        default: .indexable
        }
    }
}
