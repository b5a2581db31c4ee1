// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How a text was read when something was found in it, one step of the way.
public enum LeakView: String, Sendable, Hashable, CaseIterable {
    /// Percent-encoding undone.
    case percent
    /// Escapes of JSON, or of a shell, undone.
    case json
    /// Character references of HTML undone.
    case markup
    /// Look-alikes of ASCII characters replaced, invisible characters left out.
    case folded
    /// Base64 of either alphabet.
    case base64
    /// Base32.
    case base32
    /// Hexadecimal digits, with or without something between the pairs.
    case hex
    /// The gzip format.
    case gzip
    /// UTF-16 of either byte order.
    case utf16
    /// Written backwards.
    case reversed
    /// Labels, arguments or messages put together.
    case joined
}
