// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

/// The regular expressions over host names that say exactly what a host pattern says.
enum SquidPattern {
    /// The names that `^name$`, `\.suffix$` or `(^|\.)suffix$` matches; `nil` for every other expression.
    ///
    /// A dot must be written `\.` or `[.]`: alone it stands for any character.
    static func hosts(_ text: String) -> SquidACL.Hosts? {
        guard text.utf8.last == UInt8(ascii: "$") else { return nil }
        let body = text.dropLast()
        if body.hasPrefix("^") { return name(body.dropFirst()).map { .init(names: [$0]) } }
        for prefix in ["(^|\\.)", "(^|[.])", "(\\.|^)", "([.]|^)"] where body.hasPrefix(prefix) {
            return name(body.dropFirst(prefix.count)).map { .init(names: [$0], suffixes: [$0]) }
        }
        for prefix in ["\\.", "[.]"] where body.hasPrefix(prefix) {
            return name(body.dropFirst(prefix.count)).map { .init(suffixes: [$0]) }
        }
        return nil
    }

    /// A name with its dots escaped, in lower case as Squid compares it.
    private static func name(_ text: Substring) -> String? {
        var result = ""
        var rest = text
        while let character = rest.first {
            if rest.hasPrefix("\\.") {
                rest = rest.dropFirst(2)
                result += "."
            } else if rest.hasPrefix("[.]") {
                rest = rest.dropFirst(3)
                result += "."
            } else {
                guard character.isASCII,
                    character.isLowercase || character.isNumber || character == "-" || character == "_"
                else { return nil }
                rest = rest.dropFirst()
                result.append(character)
            }
        }
        guard let name = try? HostName(parsing: result), name.description.utf8.elementsEqual(result.utf8) else {
            return nil
        }
        return result
    }
}
