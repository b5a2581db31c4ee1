// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a member of a JSON Schema (2020-12, and older names) holds, as far as a walk through a schema must know.
enum SchemaKeyword {
    /// Instance data, in which nothing is a keyword.
    case instance
    /// A reference to a schema.
    case reference
    /// Schemas by names that somebody chose, which are no keywords.
    case namedSchemas
    /// Anything else.
    case other

    init(_ name: String) { self = Self.table[Array(name.utf8)] ?? .other }

    private static let table: [[UInt8]: SchemaKeyword] = {
        var table: [[UInt8]: SchemaKeyword] = [:]
        for name in ["const", "default", "enum", "examples"] { table[Array(name.utf8)] = .instance }
        for name in ["$ref", "$dynamicRef", "$recursiveRef"] { table[Array(name.utf8)] = .reference }
        for name in ["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"] {
            table[Array(name.utf8)] = .namedSchemas
        }
        return table
    }()
}
