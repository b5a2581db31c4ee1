// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Baseline {
    /// What a person has to look at before ratifying this baseline in place of another: a line for each difference,
    /// names escaped. Empty when there is none.
    public func differences(from old: Baseline?) -> [String] {
        var lines: [String] = []
        for profile in roles {
            let name = VisibleText.quoted(profile.role)
            let before = old?[profile.role]
            let what = before == nil ? "+ role \(name)" : "  role \(name)"
            var changes = Self.tools(profile, before)
            changes += Self.domains(profile, before)
            changes += Self.numbers(profile, before)
            if before == nil || !changes.isEmpty {
                lines.append("\(what): \(profile.sessions) sessions on \(profile.days) days")
                lines += changes.map { "  " + $0 }
            }
        }
        for gone in old?.roles ?? [] where self[gone.role] == nil {
            lines.append("- role \(VisibleText.quoted(gone.role))")
        }
        return lines
    }

    private static func tools(_ new: RoleProfile, _ old: RoleProfile?) -> [String] {
        var before: [ToolName: RoleProfile.Tool] = [:]
        for tool in old?.tools ?? [] { before[tool.name] = tool }
        var lines: [String] = []
        for tool in new.tools {
            let effect = tool.isRead ? "reads" : "with effects"
            if let known = before.removeValue(forKey: tool.name) {
                if known.isRead != tool.isRead { lines.append("~ tool \(tool.name.text) now \(effect)") }
            } else {
                lines.append("+ tool \(tool.name.text), \(effect), in \(tool.sessions) sessions")
            }
        }
        return lines + before.keys.sorted().map { "- tool \($0.text)" }
    }

    private static func domains(_ new: RoleProfile, _ old: RoleProfile?) -> [String] {
        var before = Set((old?.domains ?? []).map { ByteName($0.name) })
        var lines: [String] = []
        for domain in new.domains where before.remove(ByteName(domain.name)) == nil {
            lines.append("+ domain \(VisibleText.quoted(domain.name)), in \(domain.sessions) sessions")
        }
        return lines + before.sorted().map { "- domain \(VisibleText.quoted($0.text))" }
    }

    private static func numbers(_ new: RoleProfile, _ old: RoleProfile?) -> [String] {
        [
            line("calls in a session", new.sessionCalls, old?.sessionCalls) { Binary.text(thousandths: $0) },
            line("ln of bytes out in a session", new.sessionBytes, old?.sessionBytes) { Binary.text($0) },
            line("ln of bytes out to a domain", new.destinationBytes, old?.destinationBytes) { Binary.text($0) },
            line("calls in a busy minute", new.minuteCalls, old?.minuteCalls) { Binary.text(thousandths: $0) },
            line("bits of surprise per call", new.surpriseLimit, old?.surpriseLimit) { Binary.text($0) },
        ].compactMap { $0 }
    }

    private static func line(
        _ what: String, _ new: Spread?, _ old: Spread?, _ text: (Int64) -> String
    ) -> String? {
        guard new != old else { return nil }
        func words(_ spread: Spread?) -> String {
            spread.map { "median \(text($0.median)), deviation \(text($0.deviation))" } ?? "unknown"
        }
        return "~ \(what): \(words(old)) -> \(words(new))"
    }

    private static func line(_ what: String, _ new: Int64?, _ old: Int64?, _ text: (Int64) -> String) -> String? {
        guard new != old else { return nil }
        return "~ \(what): at most \(old.map(text) ?? "unknown") -> \(new.map(text) ?? "unknown")"
    }
}
