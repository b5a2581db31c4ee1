// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    /// Reads `policy.rollout`.
    ///
    /// - Parameter bundles: The names of `policy.bundles`.
    func readRollout(_ value: Value, _ bundles: [String]) -> PolicyRollout? {
        guard var section = value.mapping("rollout") else { return nil }
        let share = section.required("share").flatMap { readShare($0) }
        let files = section.value("files")?.list("files and directories") { readPolicyFile($0) }
        let replacements = section.value("bundles").map { readReplacements($0, bundles) }
        section.finish()
        if files == nil, replacements == nil {
            value.error("a rollout says what is other than now: files, bundles or both")
        }
        guard let share else { return nil }
        var rollout = PolicyRollout(perMillion: share)
        rollout.files = files
        rollout.bundles = replacements ?? []
        return rollout
    }

    private func readReplacements(_ value: Value, _ bundles: [String]) -> [PolicyRollout.Replacement] {
        guard var section = value.mapping("bundles") else { return [] }
        var replacements: [PolicyRollout.Replacement] = []
        var used: [String] = []
        for entry in section.all() {
            guard let candidate = entry.value.text("the name of a bundle") else { continue }
            guard knows(entry.name, bundles, at: entry.place), knows(candidate, bundles, at: entry.value.place) else {
                continue
            }
            guard !([entry.name] + used).contains(where: { $0.utf8.elementsEqual(candidate.utf8) }) else {
                entry.value.error("each bundle takes the place of one other")
                continue
            }
            used += [entry.name, candidate]
            replacements.append(PolicyRollout.Replacement(name: entry.name, candidate: candidate))
        }
        let names = replacements.map(\.name)
        for replacement in replacements
        where names.contains(where: { $0.utf8.elementsEqual(replacement.candidate.utf8) }) {
            value.error("the bundle '\(replacement.candidate)' cannot both be replaced and take another's place")
        }
        return replacements
    }

    private func knows(_ name: String, _ bundles: [String], at place: Place) -> Bool {
        if bundles.contains(where: { $0.utf8.elementsEqual(name.utf8) }) { return true }
        let near = NearestName.of(name, among: bundles)
        context.error(
            place, "there is no bundle '\(name)' in policy.bundles", hint: near.map { "did you mean '\($0)'?" })
        return false
    }

    /// Reads a part of the whole, from 0 to 1, with at most six digits behind the point.
    ///
    /// - Returns: How many of a million it is.
    func readShare(_ value: Value) -> Int? {
        let expected = "a number from 0 to 1 with at most six digits behind the point, such as 0.01"
        guard let text = value.plain(expected) else { return nil }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts.count == 2 ? parts[1] : "0"
        guard parts[0] == "0" || parts[0] == "1", (1...6).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let part = Int(digits)
        else {
            value.error("\(expected) is expected here")
            return nil
        }
        let scale = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1][digits.utf8.count]
        let share = (parts[0] == "1" ? 1_000_000 : 0) + part * scale
        guard share <= 1_000_000 else {
            value.error("\(expected) is expected here")
            return nil
        }
        return share
    }
}
