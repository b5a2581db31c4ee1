// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The local variables that are visible at one place, innermost scope last.
struct LocalScopes {
    /// How a variable came into a scope.
    enum Occurrence {
        case argument, seen, assigned, declared
    }

    /// A variable of a scope.
    struct Local {
        /// The name that nothing else bears.
        var name: Text
        /// How it came.
        var occurrence: Occurrence
        /// How often it was met.
        var count: Int
        /// Where it was declared.
        var location: Location
    }

    private var scopes: [[Text: Local]] = [[:]]

    /// The variables of the innermost scope.
    var innermost: [Text: Local] {
        scopes.last ?? [:]
    }

    /// Opens a scope.
    mutating func push() {
        scopes.append([:])
    }

    /// Closes the innermost scope.
    mutating func pop() {
        if scopes.count > 1 { scopes.removeLast() }
    }

    /// The variable that a name means here, counted as met.
    mutating func meet(_ name: Text) -> Local? {
        for index in scopes.indices.reversed() {
            guard let found = scopes[index][name] else { continue }
            scopes[index][name]?.count &+= 1
            return found
        }
        return nil
    }

    /// The variable that a name means here.
    func find(_ name: Text) -> Local? {
        for scope in scopes.reversed() {
            if let found = scope[name] { return found }
        }
        return nil
    }

    /// The variable of the innermost scope with a name.
    func innermostLocal(_ name: Text) -> Local? {
        scopes.last?[name]
    }

    /// Brings a variable into the innermost scope.
    mutating func insert(_ source: Text, _ name: Text, _ occurrence: Occurrence, at location: Location) {
        guard !scopes.isEmpty else { return }
        scopes[scopes.count - 1][source] = Local(name: name, occurrence: occurrence, count: 1, location: location)
    }
}
