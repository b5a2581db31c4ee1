// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protocols
internal import SwiftProtobuf

extension Google_Protobuf_Struct {
    /// The claims of a token.
    ///
    /// - Parameter all: Whether claims are told that only the token's own trust domain can explain.
    init(claimsOf verified: VerifiedJWTSVID, all: Bool) {
        self.init()
        if all {
            for member in verified.claims.members { fields[member.name] = Google_Protobuf_Value(member.value) }
        }
        fields["sub"] = Google_Protobuf_Value(.string(verified.id.description))
        fields["exp"] = Google_Protobuf_Value(.integer(verified.expiry))
        // A list, also where the token has a single text.
        fields["aud"] = Google_Protobuf_Value(.array(verified.audience.map { .string($0) }))
    }
}

extension Google_Protobuf_Value {
    /// A value of JSON. The depth was limited when it was parsed.
    fileprivate init(_ value: JSONValue) {
        self.init()
        switch value {
        case .null: nullValue = .nullValue
        case .bool(let value): boolValue = value
        case .number(let number): numberValue = number.double
        case .string(let text): stringValue = text
        case .array(let elements):
            var list = Google_Protobuf_ListValue()
            list.values = elements.map { Google_Protobuf_Value($0) }
            listValue = list
        case .object(let object):
            var members = Google_Protobuf_Struct()
            for member in object.members { members.fields[member.name] = Google_Protobuf_Value(member.value) }
            structValue = members
        }
    }
}
