// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a token's header says (RFC 7515, section 4).
struct TokenHeader {
    /// The members, as a policy sees them.
    let object: Value
    /// The algorithm; undefined if there is none.
    private(set) var algorithm = Value.undefined
    /// The name of the key; undefined if there is none.
    private(set) var keyIdentifier = Value.undefined
    /// The kind of payload; undefined if there is none.
    private(set) var contentType = Value.undefined
    /// Whether it demands an extension that is not understood here.
    private(set) var isBeyondUnderstanding = false

    /// Reads the members.
    init(_ object: Value) throws(BuiltinFailure) {
        self.object = object
        var critical = Value.undefined
        for (key, value) in object.unorderedMembers {
            if key.isText("alg") {
                algorithm = try Self.string(value, "alg")
            } else if key.isText("kid") {
                keyIdentifier = try Self.string(value, "kid")
            } else if key.isText("typ") {
                _ = try Self.string(value, "typ")
            } else if key.isText("cty") {
                contentType = try Self.string(value, "cty")
            } else if key.isText("crit") {
                critical = value
            }
        }
        if critical.isDefined { try judge(critical) }
    }

    private static func string(_ value: Value, _ name: String) throws(BuiltinFailure) -> Value {
        if !value.isString { throw .value("\(name): must be a string") }
        return value
    }

    private mutating func judge(_ critical: Value) throws(BuiltinFailure) {
        guard critical.tag == .array else { throw .value("crit: must be a list") }
        var isEmpty = true
        for name in critical.elements where name.isString {
            isEmpty = false
            let isKnown =
                name.isText("alg") || name.isText("kid") || name.isText("typ") || name.isText("cty")
                || name.isText("crit")
            if !isKnown, object.member(name).isDefined { isBeyondUnderstanding = true }
        }
        if isEmpty { throw .value("crit: must be a nonempty list") }
    }

    /// Whether the payload is a token itself.
    var isNested: Bool {
        let type = contentType.utf8
        return type.count == 3 && type.lazy.map { $0 & 0xDF }.elementsEqual("JWT".utf8)
    }
}
