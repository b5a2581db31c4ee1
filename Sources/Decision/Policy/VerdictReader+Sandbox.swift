// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// The member `sandbox` of a decision: what the policy demands of runs of generated code.
extension VerdictReader {
    /// Reads the demands; `nil` for a form that means nothing, since a demand that is not understood is not met.
    static func terms(_ value: Value) -> SandboxTerms? {
        var terms = SandboxTerms()
        if value.isUndefined { return terms }
        guard value.tag == .object else { return nil }
        for member in value.members {
            switch name(member.key, among: ["limits", "require"]) {
            case "require": guard read(required: member.value, into: &terms) else { return nil }
            case "limits": guard read(limits: member.value, into: &terms) else { return nil }
            default: return nil
            }
        }
        return terms
    }

    private static func read(required value: Value, into terms: inout SandboxTerms) -> Bool {
        guard value.tag == .object else { return false }
        for member in value.members {
            if let wall = name(member.key, among: SandboxTerms.walls) {
                guard member.value.isBoolean else { return false }
                if member.value.isTrue { terms.needs.insert(wall) }
                continue
            }
            switch name(member.key, among: ["accel", "strength"]) {
            case "strength":
                terms.strength = name(member.value, among: SandboxTerms.strengths)
                guard terms.strength != nil else { return false }
            case "accel":
                terms.acceleration = name(member.value, among: SandboxTerms.accelerations)
                guard terms.acceleration != nil else { return false }
            default: return false
            }
        }
        return true
    }

    private static func read(limits value: Value, into terms: inout SandboxTerms) -> Bool {
        guard value.tag == .object else { return false }
        for member in value.members {
            guard let name = name(member.key, among: SandboxTerms.limitNames),
                let limit = member.value.exactInteger, limit > 0
            else { return false }
            terms.limits[name] = limit
        }
        return true
    }

    private static func name(_ value: Value, among words: [String]) -> String? {
        guard value.isString else { return nil }
        return SandboxTerms.word(value.string, among: words)
    }
}
