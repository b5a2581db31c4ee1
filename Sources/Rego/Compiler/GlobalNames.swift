// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The names that a module's imports and rules give to documents.
final class GlobalNames {
    private var paths: [Text: [Text]] = [:]
    private var used: Set<Text> = []
    private var inputPaths: [Text: [Term]] = [:]

    /// Collects the names of a package: its rules (of all modules), then the imports of one module.
    init(package: [Text], rules: some Sequence<Text>, imports: [Import]) {
        for rule in rules { paths[rule] = package + [rule] }
        for entry in imports {
            guard let name = entry.name, let parts = entry.pathTerms, let root = parts.first?.variableName else {
                continue
            }
            if root == Name.future || root == Name.rego { continue }
            paths[name] = nil
            inputPaths[name] = parts
        }
    }

    /// What a name stands for; nil when it is a variable.
    func meaning(of name: Text, at location: Location) -> [Term]? {
        if let parts = inputPaths[name] {
            used.insert(name)
            return parts.map { $0.at(location) }
        }
        guard let path = paths[name] else { return nil }
        used.insert(name)
        return path.enumerated().map {
            $0.offset == 0 ? .variable($0.element, at: location) : .string($0.element, at: location)
        }
    }

    /// Whether an import was of use.
    func isUsed(_ name: Text) -> Bool {
        used.contains(name)
    }
}

extension Import {
    /// The parts of the path.
    var pathTerms: [Term]? {
        switch path.kind {
        case .reference(let parts): parts
        case .variable: [path]
        default: nil
        }
    }

    /// The name under which the module knows it.
    var name: Text? {
        if let alias { return alias }
        guard let last = pathTerms?.last else { return nil }
        switch last.kind {
        case .variable(let name), .string(let name): return name
        default: return nil
        }
    }

    /// The import as it stands in the source.
    var text: String {
        let printer = TermPrinter { $0.string }
        return "import " + printer.text(path) + (alias.map { " as " + $0.string } ?? "")
    }
}
