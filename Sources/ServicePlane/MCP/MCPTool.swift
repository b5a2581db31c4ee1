// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Crypto
import Decision
import Protocols

/// A tool's definition with what was made of it.
struct MCPTool: Sendable {
    /// The definition.
    let definition: MCPToolDefinition
    /// SHA-256 of the canonical definition, as `sha256:` and hexadecimal digits.
    let digest: String
    /// The bytes of the canonical definition.
    let bytes: Int
    /// The form of its arguments; `nil` when that cannot be read.
    let schema: ArgumentSchema?
    /// The form of its structured content, where it states one that can be read.
    let output: ArgumentSchema?

    /// What the definition says of the tool, for when an operator approved it.
    let own: ToolAnnotations?

    /// The most bytes of a definition that nobody approved; a model would read little else.
    static let maximumBytes = 128 << 10

    /// Reads a definition.
    init(_ definition: MCPToolDefinition) {
        let canonical = definition.canonicalBytes
        self.definition = definition
        digest = Self.digest(canonical)
        bytes = canonical.count
        schema = definition.value["inputSchema"]?.object.flatMap { try? ArgumentSchema($0) }
        own = Self.annotations(in: definition)
        output = definition.value["outputSchema"]?.object.flatMap { try? ArgumentSchema($0) }
    }

    /// The digest of canonical bytes.
    static func digest(_ canonical: [UInt8]) -> String {
        "sha256:" + Hexadecimal.encode(Array(SHA256.hash(data: canonical)))
    }

    /// What speaks against the definition by itself.
    var hold: MCPHold? {
        guard let schema else { return .unusable }
        if bytes > Self.maximumBytes { return .tooLarge }
        if !definition.suspiciousParameters.isEmpty { return .suspicious }
        if MCPSuspicion.isPresent(in: definition) { return .instruction }
        return schema.unjudged.isEmpty ? nil : .unjudged
    }
}
