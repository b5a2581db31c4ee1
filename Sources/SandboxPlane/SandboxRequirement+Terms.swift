// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
internal import Protocols
public import Sandbox

extension SandboxRequirement {
    /// What terms demand; `nil` when a word of them is not known here.
    public init?(_ terms: SandboxTerms) {
        self.init()
        if let word = terms.strength {
            guard let strength = SandboxStrength.allCases.first(where: { $0.rawValue.utf8.elementsEqual(word.utf8) })
            else { return nil }
            self.strength = strength
        }
        if let word = terms.acceleration {
            acceleration = SandboxAcceleration.allCases.first { $0.rawValue.utf8.elementsEqual(word.utf8) }
            guard acceleration != nil else { return nil }
        }
        for need in terms.needs {
            switch need {
            case "jailed": needsJail = true
            case "seccomp": needsFilter = true
            case "cgroup": needsGroups = true
            case "own_user": needsOwnUser = true
            default: return nil
            }
        }
    }

    /// The demand as policies see it.
    var json: JSONValue {
        [
            "accel": acceleration.map { .string($0.rawValue) } ?? .null, "cgroup": .bool(needsGroups),
            "jailed": .bool(needsJail), "own_user": .bool(needsOwnUser), "seccomp": .bool(needsFilter),
            "strength": .string(strength.rawValue),
        ]
    }
}

extension SandboxRequest {
    /// Meets terms besides what is demanded already.
    mutating func narrow(to terms: [SandboxTerms]) throws(SandboxError) {
        for term in terms {
            guard let demand = SandboxRequirement(term) else {
                throw .refused(.unsatisfied, "grants or policy demand what this gate does not know")
            }
            guard let both = requirement.and(demand) else {
                throw .refused(
                    .unsatisfied,
                    "different accelerations are demanded at once: \(requirement.acceleration?.rawValue ?? "") and \(demand.acceleration?.rawValue ?? "")"
                )
            }
            requirement = both
            var wishes = SandboxLimitWishes()
            for (name, most) in term.limits {
                guard SandboxLimitWishes.knows(name) else {
                    throw .refused(.unsatisfied, "grants or policy limit what this gate does not know")
                }
                wishes[name] = most
            }
            do throws(SandboxError) {
                limits = try limits.narrowed(to: wishes)
            } catch {
                throw .refused(.unsatisfied, "grants or policy leave too little: \(error.description)")
            }
        }
    }
}
