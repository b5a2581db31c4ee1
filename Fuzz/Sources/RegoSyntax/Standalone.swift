// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the syntax of Rego needs of the rest of its module, so that it is built alone with the sanitizers.
struct BuiltinTable {
    static let standard = BuiltinTable()

    subscript(name: Text) -> Text? {
        name == "count" ? name : nil
    }
}

/// Sources that are not compiled: variables have the names that stand in them.
struct Compilation {
    func displayName(_ variable: Text) -> String? { nil }
}

/// Metadata without a reader of YAML: each line is a member.
enum YAMLDocument {
    struct Failure: Error {
        var message: String
        var line: Int?
    }

    static func read(_ text: [UInt8]) throws(Failure) -> [SyntaxValue.Member] {
        var members: [SyntaxValue.Member] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
                throw Failure(message: "not a member", line: 1)
            }
            let value = SyntaxValue.string(Text(bytes: Array(line[(colon + 1)...].drop { $0 == 0x20 })))
            members.append(SyntaxValue.Member(key: Text(bytes: Array(line[..<colon])), value: value))
        }
        return members
    }
}
