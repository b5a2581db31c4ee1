// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a text is not taken as JSON, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One case, one stable reason code.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The text is longer than the limit.
        case tooLarge = "json_too_large"
        /// Containers are nested deeper than the limit.
        case tooDeep = "json_too_deep"
        /// There are more values than the limit.
        case tooManyValues = "json_too_many_values"
        /// A string is longer than the limit.
        case stringTooLong = "json_string_too_long"
        /// The text ends inside a value.
        case truncated = "json_truncated"
        /// A byte stands where RFC 8259 does not allow it.
        case unexpectedByte = "json_unexpected_byte"
        /// Something follows the value.
        case trailingData = "json_trailing_data"
        /// A string is not UTF-8.
        case invalidUTF8 = "json_invalid_utf8"
        /// A string holds a control character that is not escaped.
        case controlCharacter = "json_control_character"
        /// An escape is none of RFC 8259 section 7.
        case invalidEscape = "json_invalid_escape"
        /// Half a surrogate pair is escaped.
        case loneSurrogate = "json_lone_surrogate"
        /// An object has a name twice.
        case duplicateName = "json_duplicate_name"
        /// A number breaks the grammar of RFC 8259 section 6.
        case invalidNumber = "json_invalid_number"
        /// A number is longer than the limit or larger than a binary64 can be.
        case numberOutOfRange = "json_number_out_of_range"
    }

    /// Why.
    public let reason: Reason

    /// Offset of the byte at which it was found.
    public let offset: Int

    /// The code and the offset.
    public var description: String { "\(reason.rawValue) at byte \(offset)" }
}
