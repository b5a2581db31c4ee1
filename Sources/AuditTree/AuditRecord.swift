// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A record as it stands in the log: a flat JSON object, read strictly and without interpretation.
///
/// Readers take any member, so that records of later versions stay readable.
public struct AuditRecord: Sendable, Equatable {
    /// The value of a member.
    public enum Value: Sendable, Equatable {
        /// A string.
        case text(String)
        /// An integer.
        case number(Int64)
        /// A list of strings.
        case list([String])
    }

    /// The members in the order of the record.
    public let members: [(name: String, value: Value)]

    /// The bytes of the record.
    public let bytes: [UInt8]

    /// Reads a record; nil when it is not a flat object in canonical order and spelling.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= AuditEvent.largestRecord else { return nil }
        var parser = RecordParser(bytes)
        guard let members = parser.parse() else { return nil }
        self.members = members
        self.bytes = bytes
    }

    /// The value of a member.
    public subscript(_ name: String) -> Value? {
        members.first { $0.name == name }?.value
    }

    /// A text member.
    public func text(_ name: String) -> String? {
        if case .text(let value)? = self[name] { value } else { nil }
    }

    /// A number member.
    public func number(_ name: String) -> Int64? {
        if case .number(let value)? = self[name] { value } else { nil }
    }

    /// A list member; empty when absent.
    public func list(_ name: String) -> [String] {
        if case .list(let value)? = self[name] { value } else { [] }
    }

    /// Two records are the same when their bytes are.
    public static func == (left: AuditRecord, right: AuditRecord) -> Bool {
        left.bytes == right.bytes
    }
}
