// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the readers of models' interfaces ask of texts.
enum ModelText {
    /// A short text of plain ASCII, such as a type's name; nil for anything else. Only such texts are compared with
    /// `==`, which for others follows Unicode instead of bytes.
    static func word(_ value: JSONValue?) -> String? {
        guard let text = value?.string, !text.isEmpty, text.utf8.count <= 128,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        return text
    }

    /// A text that may be left out; nil in place of `null`.
    static func optional(_ value: JSONValue?) throws(ModelRefusalReason) -> String? {
        guard let value, !value.isNull else { return nil }
        guard let text = value.string else { throw .structure }
        return text
    }

    /// A number of a part, from zero up to a limit.
    static func index(_ value: JSONValue?, below limit: Int) throws(ModelRefusalReason) -> Int {
        guard let number = value?.integer, number >= 0 else { throw .callIndex }
        guard number < Int64(limit) else { throw .tooManyCalls }
        return Int(number)
    }

    /// Bytes of all strings in a value: what an estimate of tokens is made from.
    static func bytes(in value: JSONValue?) -> Int {
        switch value {
        case .string(let text)?: text.utf8.count
        case .array(let elements)?: elements.reduce(0) { $0 &+ bytes(in: $1) }
        case .object(let object)?: object.members.reduce(0) { $0 &+ bytes(in: $1.value) }
        default: 0
        }
    }
}
