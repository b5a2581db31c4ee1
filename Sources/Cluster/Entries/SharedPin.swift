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
    /// When it was approved, in microseconds since 1970, where gates sign it: of two approvals the later one counts.
    public var time: Int64?

    private static let longestDigest = 256

    /// Describes an approval.
    public init(service: String, tool: String, digest: String, origin: String, why: String?, time: Int64? = nil) {
        self.service = service
        self.tool = tool
        self.digest = digest
        self.origin = origin
        self.why = why
        self.time = time
    }

    /// Where it is kept.
    public var key: ClusterKey { ClusterKey(.pin, service, tool) }

    /// The value.
    public var value: [UInt8] {
        EntryDocument.text([
            ("digest", .string(digest)), ("origin", .string(origin)), ("why", why.map { .string($0) }),
            ("time", time.map { .integer($0) }),
        ])
    }

    /// Reads what a gate signed.
    ///
    /// - Throws: `EntryFault` for an approval that no gate signed, or without a time: it could be put back at any time.
    public init(_ key: ClusterKey, signed claim: EntryClaim) throws(EntryFault) {
        if let fault = claim.fault { throw fault }
        try self.init(key, claim.payload)
        guard time != nil else { throw .malformed("'time' is missing") }
    }

    /// Reads an entry.
    public init(_ key: ClusterKey, _ value: [UInt8]) throws(EntryFault) {
        guard key.kind == .pin, key.names.count == 2, let service = key.names.first, let tool = key.names.last else {
            throw .malformed("it names no tool")
        }
        let document = try EntryDocument(value, members: ["digest", "origin", "why", "time"])
        self.service = service
        self.tool = tool
        digest = try document.required("digest") { json in
            json.string.flatMap { (1...Self.longestDigest).contains($0.utf8.count) ? $0 : nil }
        }
        origin = try document.required("origin") { $0.string }
        why = try document.optional("why") { $0.string }
        time = try document.optional("time") { json in
            json.integer.flatMap { (0...Int64.max / 2).contains($0) ? $0 : nil }
        }
    }
}
