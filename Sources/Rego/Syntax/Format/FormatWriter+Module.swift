// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Modules, imports and the order of rules.
extension FormatWriter {
    private enum Item {
        case `import`(Import)
        case rule(Rule)

        var location: Location {
            switch self {
            case .import(let clause): clause.location
            case .rule(let rule): rule.location
            }
        }
    }

    mutating func write(_ module: Module) {
        comments = module.comments[...]
        _ = insertComments(upTo: module.packageLocation.row)
        startLine()
        write("package ")
        writePackagePath(of: module)
        writeBlankLine()
        var items = needed(module.imports).map(Item.import) + module.rules.map(Item.rule)
        items.sort { ($0.location.row, $0.location.column) < ($1.location.row, $1.location.column) }
        var rest = items[...]
        while !rest.isEmpty {
            var imports: [Import] = []
            while case .import(let clause)? = rest.first {
                imports.append(clause)
                rest.removeFirst()
            }
            write(imports)
            var rules: [Rule] = []
            while case .rule(let rule)? = rest.first {
                rules.append(rule)
                rest.removeFirst()
            }
            write(rules)
        }
        writeRemainingComments()
    }

    private mutating func writePackagePath(of module: Module) {
        for (index, part) in module.package.dropFirst().enumerated() {
            if index == 0 {
                output += part.bytes
                continue
            }
            let isQuoted = isKeyword(part) && isQuoted(part, behind: module.packageLocation)
            writeKey(part, isQuoted: isQuoted)
        }
    }

    /// Whether a word stands in quotes in the line of a clause.
    private func isQuoted(_ word: Text, behind location: Location) -> Bool {
        let quote = UInt8(ascii: "\"")
        let wanted = [quote] + word.bytes + [quote]
        let line = source[max(0, min(Int(location.offset), source.count))...].prefix { $0 != UInt8(ascii: "\n") }
        return line.indices.contains { line[$0...].starts(with: wanted) }
    }

    // MARK: Imports

    /// The imports without those that `rego.v1` or `rego.v2` contains.
    private func needed(_ imports: [Import]) -> [Import] {
        if imports.contains(where: { $0.pathTexts == ["rego", "v2"] }) {
            return imports.filter { $0.pathTexts.first != "future" && $0.pathTexts != ["rego", "v1"] }
        }
        guard imports.contains(where: { $0.pathTexts == ["rego", "v1"] }) else { return imports }
        let optional: Set<Text> = ["not", "and", "or"]
        return imports.filter { clause in
            let parts = clause.pathTexts
            guard parts.first == "future" else { return true }
            return parts.count == 3 && parts.last.map(optional.contains) ?? false
        }
    }

    private mutating func write(_ imports: [Import]) {
        var trailing: [Int32: Comment] = [:]
        let rows = Set(imports.map(\.location.row))
        var others: [Comment] = []
        for comment in comments {
            if rows.contains(comment.location.row) {
                trailing[comment.location.row] = comment
            } else {
                others.append(comment)
            }
        }
        comments = others[...]
        for group in groups(of: imports) {
            guard let first = group.first else { continue }
            _ = insertComments(upTo: first.location.row)
            for clause in group.sorted(by: Import.precedes) {
                startLine()
                write(clause)
                if let comment = trailing.removeValue(forKey: clause.location.row) { pendingComment = comment }
                endLine()
            }
            writeBlankLine()
        }
    }

    /// The imports that stand in consecutive lines.
    private func groups(of imports: [Import]) -> [[Import]] {
        var groups: [[Import]] = []
        for clause in imports {
            if let last = groups.last?.last, clause.location.row - last.location.row <= 1 {
                groups[groups.count - 1].append(clause)
            } else {
                groups.append([clause])
            }
        }
        return groups
    }

    private mutating func write(_ clause: Import) {
        write("import ")
        for (index, part) in clause.path.referenceParts.enumerated() {
            switch part.kind {
            case .variable(let name): output += name.bytes
            case .string(let key) where index > 0:
                writeKey(key, isQuoted: text(at: part.location).first == UInt8(ascii: "\""))
            default: break
            }
        }
        if let alias = clause.alias {
            write(" as ")
            output += alias.bytes
        }
    }

    /// Whether a text is a word of the language in the module.
    private func isKeyword(_ text: Text) -> Bool {
        Keywords.contains(text) || (text == "and" && features.contains(.and))
            || (text == "or" && features.contains(.or))
    }

    /// The part of a reference that is a string.
    mutating func writeKey(_ key: Text, isQuoted: Bool) {
        if key.isIdentifier, !(isQuoted && isKeyword(key)) {
            write(".")
            output += key.bytes
        } else {
            write("[")
            output += SyntaxPrinter.quoted(key)
            write("]")
        }
    }

    // MARK: Rules

    private mutating func write(_ rules: [Rule]) {
        for (index, rule) in rules.enumerated() {
            _ = insertComments(upTo: rule.location.row)
            _ = write(rule)
            if index + 1 < rules.count, isOneLiner(rule) {
                let next = rules[index + 1]
                if isOneLiner(next), next.location.row == rule.location.row + 1 { continue }
            }
            writeBlankLine()
        }
    }

    /// Whether a rule may stand together with the next one.
    private func isOneLiner(_ rule: Rule) -> Bool {
        guard rule.body.count <= 1, !rule.isDefault, rule.elseBranches.isEmpty else { return false }
        return rule.body.first.map { !$0.isSetTerm } ?? true
    }
}

extension Import {
    /// The names of the path.
    fileprivate var pathTexts: [Text] {
        path.referenceParts.compactMap { part in
            switch part.kind {
            case .variable(let name), .string(let name): name
            default: nil
            }
        }
    }

    /// The order of imports in a group: by path, then by alias.
    fileprivate static func precedes(_ left: Import, _ right: Import) -> Bool {
        let (leftParts, rightParts) = (left.pathTexts, right.pathTexts)
        if leftParts != rightParts { return leftParts.lexicographicallyPrecedes(rightParts) }
        return (left.alias ?? "") < (right.alias ?? "")
    }
}

extension Expression {
    /// Whether it is a set and nothing else, which braces around it would change.
    var isSetTerm: Bool {
        guard !isNegated, case .term(let term) = kind, case .set = term.kind else { return false }
        return true
    }
}
