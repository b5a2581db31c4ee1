// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which driver runs a request. Pure: the same probes and the same demand give the same answer.
public enum SandboxChoice {
    /// The first probe in the operator's order whose isolation meets the demand and which runs such programs.
    ///
    /// - Returns: The index in `probes` and the isolation that the run must have.
    /// - Throws: `unsatisfied` with, for each driver, why not and what would change it. Never a weaker driver.
    public static func choose(
        for kind: SandboxProgramKind, demanding requirement: SandboxRequirement, among probes: [SandboxProbe]
    ) throws(SandboxError) -> (index: Int, isolation: SandboxIsolation) {
        var reasons: [String] = []
        for (index, probe) in probes.enumerated() {
            switch probe.verdict {
            case .unusable(let reason, let remedy):
                reasons.append("\(probe.driver): \(reason)\(remedy.isEmpty ? "" : " (\(remedy))")")
            case .usable(let isolation, let kinds):
                var lacks = requirement.lacks(isolation)
                if !kinds.contains(kind) { lacks.append("it does not run \(kind.rawValue)") }
                if lacks.isEmpty { return (index, isolation) }
                reasons.append("\(probe.driver): \(lacks.joined(separator: ", "))")
            }
        }
        let why = reasons.isEmpty ? "no driver is switched on" : reasons.joined(separator: "; ")
        throw .refused(.unsatisfied, "no sandbox here meets the demand: \(why)")
    }
}
