// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// The names of members' tools, prompts and resources at an endpoint that joins several servers.
///
/// A member's name has no two underscores in a row and none at its end, so that the first two in a row end it: no two
/// members' names can come to the same one.
enum JoinedNames {
    /// Stands between the member and its own name.
    static let separator = "__"
    /// Stands before the member in URIs.
    static let scheme = "yett://"

    /// A name as clients see it.
    static func name(_ name: String, of member: String) -> String { member + separator + name }

    /// The member and its own name; `nil` for a name without the separator.
    static func split(_ name: String) -> (member: String, name: String)? {
        let bytes = Array(name.utf8)
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: separator.utf8) }), start > 0 else {
            return nil
        }
        let rest = bytes[(start &+ separator.utf8.count)...]
        guard !rest.isEmpty else { return nil }
        return (String(decoding: bytes[..<start], as: UTF8.self), String(decoding: rest, as: UTF8.self))
    }

    /// A URI, or a template of one, as clients see it.
    static func uri(_ uri: String, of member: String) -> String { scheme + member + "/" + uri }

    /// The member and its own URI.
    static func split(uri: String) -> (member: String, uri: String)? {
        guard uri.utf8.starts(with: scheme.utf8) else { return nil }
        let rest = Array(uri.utf8.dropFirst(scheme.utf8.count))
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")), slash > 0, slash &+ 1 < rest.count else { return nil }
        return (
            String(decoding: rest[..<slash], as: UTF8.self), String(decoding: rest[(slash &+ 1)...], as: UTF8.self)
        )
    }

    /// The identifier of a member's request to the client.
    static func id(_ id: JSONRPCID, of member: String) -> JSONRPCID { .string(name(id.value.text, of: member)) }

    /// The member and the identifier as it gave it.
    static func split(_ id: JSONRPCID) -> (member: String, id: JSONRPCID)? {
        guard case .string(let text) = id, let (member, rest) = split(text), let value = try? JSONValue(parsing: rest),
            let own = JSONRPCID(value)
        else { return nil }
        return (member, own)
    }
}
