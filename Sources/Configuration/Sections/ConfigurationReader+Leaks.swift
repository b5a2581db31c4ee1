// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    private static var modes: KeyValuePairs<String, LeaksConfiguration.Mode> {
        ["observe": .observe, "enforce": .enforce]
    }

    /// Reads `leaks`.
    func readLeaks(_ value: Value) -> LeaksConfiguration? {
        var leaks = LeaksConfiguration()
        guard var section = value.mapping("leaks") else { return nil }
        if let mode = section.value("mode")?.word(Self.modes) { leaks.mode = mode }
        leaks.secrets = section.value("secrets")?.list("secrets") { readSecret($0, isCanary: false) } ?? []
        leaks.canaries = section.value("canaries")?.list("canaries") { readSecret($0, isCanary: true) } ?? []
        leaks.rules = section.value("rules").flatMap { path($0) }
        if let usesPatterns = section.value("patterns")?.bool() { leaks.usesPatterns = usesPatterns }
        section.finish()
        return leaks
    }

    private func readSecret(_ value: Value, isCanary: Bool) -> LeaksConfiguration.Secret? {
        guard var section = value.mapping(isCanary ? "a canary" : "a secret") else { return nil }
        let name = section.required("name")?.text("a name")
        let reference = section.required("value").flatMap { secret($0) }
        let agent = isCanary ? section.required("agent")?.text("an agent") : nil
        section.finish()
        guard let name, let reference else { return nil }
        return LeaksConfiguration.Secret(name: name, value: reference, agent: agent, place: value.place)
    }
}

extension LeaksConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writer.entry("mode", raw: mode.rawValue)
        for (key, list) in [("secrets", secrets), ("canaries", canaries)] where !list.isEmpty {
            writer.section(key) { writer in
                for secret in list {
                    writer.item { writer in
                        writer.entry("name", secret.name)
                        writer.entry("value", "\(secret.value)")
                        if let agent = secret.agent { writer.entry("agent", agent) }
                    }
                }
            }
        }
        if let rules { writer.entry("rules", rules) }
        writer.entry("patterns", raw: "\(usesPatterns)")
    }
}
