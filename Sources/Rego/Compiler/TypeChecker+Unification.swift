// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension TypeChecker {
    // MARK: References

    /// Checks the references in a term, outside of comprehensions.
    mutating func references(in term: Term) {
        switch term.kind {
        case .null, .boolean, .number, .string, .template, .call: break
        case .arrayComprehension, .setComprehension, .objectComprehension: break
        case .variable(let name):
            if Name.isRoot(name) { reference([term]) }
        case .reference(let parts):
            reference(parts)
            for part in parts.dropFirst() { references(in: part) }
        case .array(let elements), .set(let elements):
            for element in elements { references(in: element) }
        case .object(let items):
            for item in items {
                references(in: item.key)
                references(in: item.value)
            }
        }
    }

    private mutating func reference(_ parts: [Term]) {
        if case .function? = type(ofReference: parts) {
            report(
                "function \(compilation.printer.reference(parts)) used as reference, not called",
                at: parts.first?.location ?? .none)
            return
        }
        guard let head = parts.first?.variableName else { return }
        if head == Name.data, !environment.isEmpty, !isReplaced(parts) {
            below(parts)
        } else if Name.isRoot(head) {
            _ = select(from: .any, parts, from: 1)
        } else if let type = type(ofVariable: head) {
            if !select(from: type, parts, from: 1) { refuse(parts) }
        } else {
            set(head, .any)
            _ = select(from: .any, parts, from: 1)
        }
    }

    private mutating func below(_ parts: [Term]) {
        var node = 0
        for (index, part) in parts.enumerated().dropFirst() {
            if index <= 2, part.variableName == nil {
                guard case .string = part.kind else {
                    refuse(parts)
                    return
                }
            }
            if let name = part.variableName {
                guard let keys = environment.keys(of: node) else { break }
                if let known = type(ofVariable: name) {
                    if !keys.overlaps(known) {
                        refuse(parts)
                        return
                    }
                } else {
                    set(name, keys)
                }
            }
            guard let key = part.constantValue, let next = environment.child(key, of: node) else {
                _ = select(from: .any, parts, from: 1)
                return
            }
            if let type = environment.type(at: next) {
                if !select(from: type, parts, from: index + 1) { refuse(parts) }
                return
            }
            node = next
        }
    }

    /// Follows a reference into a type, and gives variables the types of keys; whether it can lead anywhere.
    private mutating func select(from type: RegoType, _ parts: [Term], from start: Int) -> Bool {
        var type = type
        for part in parts.dropFirst(start) {
            guard let keys = type.keys else { return false }
            var next = type.values
            switch part.kind {
            case .variable(let name):
                if let known = self.type(ofVariable: name) {
                    if !known.overlaps(keys) { return false }
                } else {
                    set(name, keys)
                }
            case .array, .object, .set:
                if !unify(part, keys, widens: false) { return false }
            default:
                if let key = part.scalar { next = type.part(key) }
            }
            guard let next else { return false }
            type = next
        }
        return true
    }

    private mutating func refuse(_ parts: [Term]) {
        report("undefined ref: \(compilation.printer.reference(parts))", at: parts.first?.location ?? .none)
    }

    // MARK: Calls

    /// Checks a call's arguments, and gives variables among them types.
    mutating func call(_ function: Term, _ arguments: [Term], at location: Location, reports: Bool) {
        if function.variableName == Name.equality {
            if arguments.count != 2 {
                report("eq: too many arguments", at: location)
            } else if !unify(arguments[0], arguments[1]), reports {
                report("match error", at: location)
            }
            return
        }
        let name = compilation.printer.text(function)
        guard let (types, result) = signature(of: function) else {
            if case .reference(let parts) = function.kind, let type = type(ofReference: parts), !type.isOpen, reports {
                report("undefined function \(name)", at: location)
            }
            return
        }
        var wanted = types
        if let result { wanted.append(result) }
        if arguments.count > wanted.count {
            if reports { report("\(name): too many arguments", at: location) }
            return
        }
        for (argument, type) in zip(arguments, wanted) {
            guard unify(argument, type, widens: false) else {
                if reports { report("\(name): invalid argument(s)", at: location) }
                return
            }
        }
        guard checksMembership, reports else { return }
        if let (parts, container) = Self.membership(function, arguments), !isMember(parts, of: container) {
            report("match error", at: location)
        }
    }

    /// What `in` looks for, the key first if there is one, and where.
    private static func membership(_ function: Term, _ arguments: [Term]) -> (parts: [Term], container: Term)? {
        switch function.variableName {
        case "internal.member_2" where arguments.count >= 2: ([arguments[0]], arguments[1])
        case "internal.member_3" where arguments.count >= 3: ([arguments[0], arguments[1]], arguments[2])
        default: nil
        }
    }

    private func isMember(_ parts: [Term], of container: Term) -> Bool {
        guard let whole = type(of: container), let keys = whole.keys, let values = whole.values else { return true }
        if let value = parts.last.flatMap(type(of:)), !value.overlaps(values) { return false }
        guard parts.count == 2, let key = type(of: parts[0]) else { return true }
        return key.overlaps(keys)
    }

    private func signature(of function: Term) -> (arguments: [RegoType], result: RegoType?)? {
        if let name = function.variableName {
            guard let signature = compilation.signature(of: name), signature.variadic == nil else { return nil }
            return (signature.arguments, signature.result)
        }
        guard case .reference(let parts) = function.kind,
            case .function(let arguments, let result)? = type(ofReference: parts)
        else { return nil }
        return (arguments, result)
    }

    /// Checks that functions given to `with` fit the functions that they replace.
    mutating func modifiers(_ expression: Expression) {
        for modifier in expression.modifiers {
            guard let target = functionType(modifier.target), let value = functionType(modifier.value) else { continue }
            if !target.overlaps(value) {
                report("\(compilation.printer.text(modifier.target)): arity mismatch", at: modifier.location)
            }
        }
    }

    private func functionType(_ term: Term) -> RegoType? {
        if let name = term.variableName, Name.isRoot(name) || Name.isLocal(name) { return nil }
        if case .reference(let parts) = term.kind, parts.first?.variableName != Name.data { return nil }
        guard let (arguments, result) = signature(of: term) else { return nil }
        return .function(arguments: arguments, result: result ?? .any)
    }

    // MARK: Unification

    private mutating func unify(_ left: Term, _ right: Term) -> Bool {
        switch (type(of: left), type(of: right)) {
        case (nil, let type?): return unify(left, type, widens: false)
        case (let type?, nil): return unify(right, type, widens: false)
        case (let one?, let other?): return one.overlaps(other)
        case (nil, nil): break
        }
        switch (left.kind, right.kind) {
        case (.array(let one), .array(let other)):
            guard one.count == other.count else { return false }
            return zip(one, other).allSatisfy { unify($0, $1) }
        case (.object(let one), .object(let other)):
            guard one.count == other.count else { return false }
            for item in one {
                guard let match = other.first(where: { $0.key.isSameKey(as: item.key) }) else { return false }
                if !unify(item.value, match.value) { return false }
            }
            return true
        case (.variable, .variable), (.array, .variable), (.object, .variable):
            return unify(left, .any, widens: false) && unify(right, type(of: left) ?? .any, widens: false)
        case (.variable, .array), (.variable, .object):
            return unify(right, .any, widens: false) && unify(left, type(of: right) ?? .any, widens: false)
        default: return false
        }
    }

    /// Fits a term to a type, and gives its variables types.
    mutating func unify(_ term: Term, _ type: RegoType, widens: Bool) -> Bool {
        switch term.kind {
        case .variable(let name) where !Name.isRoot(name):
            let known = self.type(ofVariable: name)
            if widens, known == nil || open.contains(name) {
                set(name, .either(known, type) ?? type)
                return true
            }
            if let known { return known.overlaps(type) }
            set(name, type)
            return true
        case .array(let elements):
            return alternatives(term, type) { checker, type in
                guard case .array(let types, let rest) = type else { return false }
                if elements.count != types.count, rest == nil { return false }
                for (index, element) in elements.enumerated() {
                    guard let type = type.element(index), checker.unify(element, type, widens: widens) else {
                        return false
                    }
                }
                return true
            }
        case .object(let items):
            return alternatives(term, type) { checker, type in
                guard case .object(let members, let rest) = type else { return false }
                if items.count != members.count, rest == nil { return false }
                for item in items {
                    if let key = item.key.constantValue {
                        guard let part = type.part(key), checker.unify(item.value, part, widens: widens) else {
                            return false
                        }
                    } else {
                        _ = checker.unify(item.value, .any, widens: widens)
                    }
                }
                return true
            }
        case .set(let elements):
            return alternatives(term, type) { checker, type in
                guard case .set(let inner) = type else { return false }
                return elements.allSatisfy { checker.unify($0, inner, widens: widens) }
            }
        default: return self.type(of: term)?.overlaps(type) ?? false
        }
    }

    private mutating func alternatives(
        _ term: Term, _ type: RegoType, _ one: (inout TypeChecker, RegoType) -> Bool
    ) -> Bool {
        switch type {
        case .any:
            widen(term)
            return true
        case .union(let members):
            let outer = open
            term.forEachVariable(.skipClosures) { if self.type(ofVariable: $0) == nil { open.insert($0) } }
            var found = false
            for member in members where unify(term, member, widens: true) { found = true }
            open = outer
            return found
        default: return one(&self, type)
        }
    }

    private mutating func widen(_ term: Term) {
        term.forEachVariable(.skipClosures) { name in set(name, .any) }
    }
}
