// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// The definition of a tool that an operator approved at one of the gates.
public struct SharedPin: Sendable, Hashable {
    /// The service whose server gave it.
    public let service: String
    /// The tool's name.
    public let tool: String
    /// What the definition is recognised by. Another definition needs another approval.
    public let digest: String
    /// Who approved it.
    public let origin: String
    /// Why.
    public let why: String?

    private static let longestDigest = 256

    /// Describes an approval.
    public init(service: String, tool: String, digest: String, origin: String, why: String?) {
        self.service = service
        self.tool = tool
        self.digest = digest
        self.origin = origin
        self.why = why
    }

    /// Where it is kept.
    public var key: ClusterKey { ClusterKey(.pin, service, tool) }

    /// The value.
    public var value: [UInt8] {
        EntryDocument.text([
            ("digest", .string(digest)), ("origin", .string(origin)), ("why", why.map { .string($0) }),
        ])
    }

    /// Reads an entry.
    public init(_ key: ClusterKey, _ value: [UInt8]) throws(EntryFault) {
        guard key.kind == .pin, key.names.count == 2, let service = key.names.first, let tool = key.names.last else {
            throw .malformed("it names no tool")
        }
        let document = try EntryDocument(value, members: ["digest", "origin", "why"])
        self.service = service
        self.tool = tool
        digest = try document.required("digest") { json in
            json.string.flatMap { (1...Self.longestDigest).contains($0.utf8.count) ? $0 : nil }
        }
        origin = try document.required("origin") { $0.string }
        why = try document.optional("why") { $0.string }
    }
}
