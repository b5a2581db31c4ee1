// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a server answered.
public struct OutboundResponse: Sendable, Hashable {
    /// The status, 200 to 599.
    public let status: UInt16
    /// The fields in their order, names in lower case.
    public let fields: [Field]
    /// The body, not longer than the limit.
    public let body: [UInt8]
    /// Where it was found.
    public let url: OutboundURL

    /// One field.
    public struct Field: Sendable, Hashable {
        /// The name in lower case.
        public let name: String
        /// The value.
        public let value: String
    }

    /// The value of a field that occurs once; nil for none and for several.
    public func only(_ name: String) -> String? {
        let values = fields.filter { $0.name.utf8.elementsEqual(name.utf8) }
        return values.count == 1 ? values.first?.value : nil
    }
}
