// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

extension ArgumentConstraint {
    /// Why the arguments are refused, or `nil` when they satisfy the constraint.
    ///
    /// The text names the place and what is asked for there; it does not repeat the value.
    public func refusal(of arguments: JSONValue) -> String? {
        refusal(of: arguments, at: "arguments")
    }

    private func refusal(of value: JSONValue, at place: String) -> String? {
        guard types.contains(where: value.isType) else {
            return "\(place) must be of type \(types.map(\.rawValue).sorted().joined(separator: " or "))"
        }
        if let allowed, !allowed.contains(where: { $0.isSame(as: value) }) {
            return allowed.count == 1
                ? "\(place) must be the value that the grant names"
                : "\(place) must be one of the \(allowed.count) values that the grant names"
        }
        if let text = value.string { return refusal(ofText: text, at: place) }
        if let number = value.decimal { return refusal(ofNumber: number, at: place) }
        if let elements = value.array { return refusal(ofItems: elements, at: place) }
        if let members = value.members { return refusal(ofMembers: members, at: place) }
        return nil
    }

    private func refusal(ofText text: String, at place: String) -> String? {
        if let length, let refusal = length.refusal(of: text.unicodeScalars.count, at: place, unit: "characters") {
            return refusal
        }
        if let pattern, !pattern.matches(text) { return "\(place) must match \(pattern)" }
        return nil
    }

    private func refusal(ofNumber number: ExactDecimal, at place: String) -> String? {
        if let minimum, number < minimum.value || minimum.isExclusive && !(minimum.value < number) {
            return "\(place) must be \(minimum.isExclusive ? "greater than" : "at least") \(minimum.text)"
        }
        if let maximum, maximum.value < number || maximum.isExclusive && !(number < maximum.value) {
            return "\(place) must be \(maximum.isExclusive ? "less than" : "at most") \(maximum.text)"
        }
        return nil
    }

    private func refusal(ofItems elements: [JSONValue], at place: String) -> String? {
        if let itemCount, let refusal = itemCount.refusal(of: elements.count, at: place, unit: "items") {
            return refusal
        }
        guard let item = items.first else { return nil }
        for (position, element) in elements.enumerated() {
            if let refusal = item.refusal(of: element, at: "\(place)[\(position)]") { return refusal }
        }
        return nil
    }

    private func refusal(ofMembers members: [(name: String, value: JSONValue)], at place: String) -> String? {
        for name in required where !members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
            return "\(place) must have \(name)"
        }
        for member in members {
            let constraint = properties.first { $0.name.utf8.elementsEqual(member.name.utf8) }?.constraint
            if let constraint {
                let refusal = constraint.refusal(of: member.value, at: "\(place).\(member.name)")
                if let refusal { return refusal }
            } else if !allowsAdditionalProperties {
                let names = properties.map(\.name).joined(separator: ", ")
                return "\(place) must have no members but \(names.isEmpty ? "none at all" : names)"
            }
        }
        return nil
    }
}

extension ArgumentConstraint.Limits {
    /// Why a count is refused.
    fileprivate func refusal(of count: Int, at place: String, unit: String) -> String? {
        if count < minimum { return "\(place) must have at least \(minimum) \(unit)" }
        if count > maximum { return "\(place) must have at most \(maximum) \(unit)" }
        return nil
    }
}
