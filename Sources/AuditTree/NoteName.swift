// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The name of a key in a signed note, by convention a schemaless URL such as `gate.example/audit`.
///
/// Accepted here: 1 to 255 visible ASCII bytes without `+`. The specification allows more of Unicode; a name that
/// only its bytes tell apart from another helps nobody.
public struct NoteName: Hashable, Sendable, CustomStringConvertible {
    /// The most bytes of a name.
    public static let longest = 255

    /// The text of the name.
    public let description: String

    /// Checks a name; nil when it is empty, too long, or holds a space, a control character, `+` or non-ASCII.
    public init?(_ text: some StringProtocol) {
        guard (1...Self.longest).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "+") })
        else { return nil }
        description = String(text)
    }
}
