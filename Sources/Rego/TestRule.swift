// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A rule that tests others: its name, or a part of its head, begins with `test_` or `todo_test_`.
public struct TestRule: Sendable, Hashable {
    /// The package without `data`.
    public var package: [Text]
    /// Where the rule's document stands below the package.
    public var path: [Text]
    /// What reports call it.
    public var name: String
    /// Whether it waits to be written.
    public var isSkipped: Bool
    /// Where it stands.
    public var location: Location
}

extension Module {
    /// Whether any rule is a test.
    public var hasTests: Bool { rules.contains { $0.testName != nil } }

    /// Names the tests of a module so that each can be asked for, and makes those with cases tell each case they try.
    ///
    /// - Parameters:
    ///   - reporter: the builtin that is called with an array of what the head of a test holds behind its name.
    ///   - known: how many tests of each name there are so far in all modules.
    public mutating func prepareTests(reporter: Text, known: inout [[Text]: Int]) -> [TestRule] {
        var tests: [TestRule] = []
        for index in rules.indices {
            guard let (depth, isSkipped) = rules[index].testName, !rules[index].isDefault else { continue }
            let head = rules[index].head
            var path = head.reference[...depth].compactMap(\.constantKey)
            let tail = head.reference[(depth + 1)...]
            let packagePath = Array(package.dropFirst())
            if tail.isEmpty && head.key == nil {
                let count = known[packagePath + path, default: 0]
                known[packagePath + path] = count + 1
                if count > 0, let last = path.last {
                    path[path.count - 1] = Text("\(last)#\(count < 10 ? "0" : "")\(count)")
                    rules[index].head.reference[depth] = head.reference[depth].renamed(path[path.count - 1])
                }
            } else {
                rules[index].reportCases(Array(tail) + (head.key.map { [$0] } ?? []), to: reporter)
                if known.updateValue(1, forKey: packagePath + path) != nil { continue }
            }
            tests.append(
                TestRule(
                    package: packagePath, path: path, name: path.map(\.string).joined(separator: "."),
                    isSkipped: isSkipped, location: rules[index].location))
        }
        return tests
    }
}

extension Rule {
    /// The position in the head of the part that makes it a test, and whether it is to be skipped.
    fileprivate var testName: (depth: Int, isSkipped: Bool)? {
        for (depth, part) in head.reference.enumerated() {
            guard let name = part.constantKey else { return nil }
            if name.bytes.starts(with: "test_".utf8) { return (depth, false) }
            if name.bytes.starts(with: "todo_test_".utf8) { return (depth, true) }
            if depth == 0, case .variable = part.kind { continue }
            guard case .string = part.kind else { return nil }
        }
        return nil
    }

    /// Calls a builtin as soon as the variables of some terms have values.
    fileprivate mutating func reportCases(_ terms: [Term], to reporter: Text) {
        var wanted: Set<Text> = []
        for term in terms { wanted.formUnion(term.variables()) }
        var position = 0
        for (index, statement) in body.enumerated() where !wanted.isEmpty {
            statement.forEachVariable([.skipClosures]) { name in
                if wanted.remove(name) != nil { position = index + 1 }
            }
        }
        let parts = reporter.string.split(separator: ".").map { Text($0) }
        guard let first = parts.first else { return }
        let function = Term(
            .reference(
                [Term(.variable(first), at: location)] + parts.dropFirst().map { Term(.string($0), at: location) }),
            at: location)
        let call = Term(.call(function: function, arguments: [Term(.array(terms), at: location)]), at: location)
        body.insert(Expression(.term(call), at: location), at: position)
    }
}

extension Term {
    fileprivate var constantKey: Text? {
        switch kind {
        case .variable(let name), .string(let name): name
        default: nil
        }
    }

    fileprivate func renamed(_ name: Text) -> Term {
        if case .variable = kind { return Term(.variable(name), at: location) }
        return Term(.string(name), at: location)
    }
}
