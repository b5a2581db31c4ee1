// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where a secret is found. The secret itself never stands in the configuration.
public enum SecretReference: Sendable, Hashable, CustomStringConvertible {
    /// `env:NAME`: an environment variable.
    case environment(String)
    /// `file:/path`: a file that only its owner can read.
    case file(String)
    /// `credential:name`: a systemd credential, a file in `$CREDENTIALS_DIRECTORY`.
    case credential(String)

    /// Reads a reference; `nil` for anything else, which may be the secret itself and must not be repeated.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count <= 4_096, let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let rest = String(text[bytes.index(after: colon)...])
        switch String(text[..<colon]) {
        case "env":
            guard Self.isName(rest, extra: "_") else { return nil }
            self = .environment(rest)
        case "file":
            guard Self.isPath(rest) else { return nil }
            self = .file(rest)
        case "credential":
            guard Self.isName(rest, extra: "_.-"), rest != ".", rest != ".." else { return nil }
            self = .credential(rest)
        default: return nil
        }
    }

    /// The reference as it is written.
    public var description: String {
        switch self {
        case .environment(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        case .credential(let name): "credential:\(name)"
        }
    }

    /// Whether the text is an absolute path without control characters.
    static func isPath(_ text: String) -> Bool {
        text.utf8.first == UInt8(ascii: "/") && text.utf8.count <= 4_096
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    private static func isName(_ text: String, extra: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 255 else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: extra.utf8.contains(byte)
            }
        }
    }
}
