// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Decision
internal import Identity
internal import LeakDetection
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

extension Gate {
    /// What is planted, by name; never what it says.
    func canaries() async throws -> [CanaryReport] { canaryKeeper.all.map { CanaryReport($0) } }

    /// Makes something to be planted, looks for it from now on, and tells what to plant.
    func addCanary(_ request: CanaryRequest, by caller: Operator) async throws -> CanaryReport {
        let (stored, canary) = try makeCanary(
            named: request.name, kind: request.kind, agent: request.agent, origin: caller.name)
        recordCanary("canary add", stored, by: caller)
        var report = CanaryReport(stored)
        report.fields = canary.fields.map { CanaryReport.Field(name: $0.name, value: $0.value) }
        return report
    }

    /// Does not look for something any more.
    func removeCanary(_ name: String, by caller: Operator) async throws {
        let removed = try reloading.withLock { (_) throws(AdminError) in
            guard let canary = canaryKeeper.all.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
                throw AdminError(.unknown, "no canary is named “\(name)”", remedy: "yett canary list")
            }
            try Self.keeping { () throws(StateDatabaseError) in try canaryKeeper.forget(name) }
            try look()
            return canary
        }
        recordCanary("canary remove", removed, by: caller)
    }

    /// Makes a canary and looks for it.
    func makeCanary(
        named name: String, kind word: String, agent: String?, origin: String
    ) throws(AdminError) -> (stored: StoredCanary, canary: Canary) {
        guard let kind = CanaryKind.allCases.first(where: { $0.rawValue.utf8.elementsEqual(word.utf8) }) else {
            let kinds = CanaryKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw AdminError(.malformed, "“\(word)” is no kind of canary", remedy: "one of \(kinds)")
        }
        guard Self.isCanaryName(name) else {
            throw AdminError(
                .malformed, "the name of a canary has 1 to 128 letters, digits, dots, hyphens and underscores")
        }
        let agent = try agent.map { agent throws(AdminError) in try identifier(of: agent).description }
        var generator = SystemRandomNumberGenerator()
        let canary = kind.make(using: &generator)
        let stored = StoredCanary(
            name: name, kind: kind.rawValue, agent: agent, text: canary.text,
            marks: canary.marks.joined(separator: "\n"), since: clock.wall(), origin: origin)
        try reloading.withLock { (_) throws(AdminError) in
            guard let leaks = state.withLock({ $0.configuration.leaks }) else {
                throw AdminError(
                    .conflict, "nothing is looked for, so a canary would not be seen",
                    remedy: "write into the configuration: 'leaks: {}', and: yett reload")
            }
            let isTaken = (leaks.secrets + leaks.canaries).contains { $0.name.utf8.elementsEqual(name.utf8) }
            guard !isTaken, !canaryKeeper.contains(name) else {
                throw AdminError(.conflict, "something else is named “\(name)”", remedy: "yett canary list")
            }
            guard canaryKeeper.all.count < CanaryKeeper.most else {
                throw AdminError(
                    .conflict, "there are \(CanaryKeeper.most) canaries", remedy: "yett canary remove NAME")
            }
            try Self.keeping { () throws(StateDatabaseError) in try canaryKeeper.keep(stored) }
            try look()
        }
        return (stored, canary)
    }

    /// What is planted with the launches of an agent: the same in each, made for the first one.
    func plant(with agent: String) throws(AdminError) -> (variables: [String: String], files: [String: String]) {
        var variables: [String: String] = [:]
        var files: [String: String] = [:]
        let configuration = state.withLock { $0.configuration }
        guard let configured = configuration.agents.first(where: { $0.name.utf8.elementsEqual(agent.utf8) }),
            configuration.leaks != nil
        else { return (variables, files) }
        for word in Set(configured.canaries + configured.canaryFiles).sorted() {
            guard let kind = CanaryKind(rawValue: word) else { continue }
            let text = try planted(kind, with: agent)
            if configured.canaryFiles.contains(word) {
                let file = kind.file(of: text)
                files[file.path] = file.content
            }
            guard configured.canaries.contains(word) else { continue }
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: "=", maxSplits: 1)
                if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            }
        }
        return (variables, files)
    }

    private func planted(_ kind: CanaryKind, with agent: String) throws(AdminError) -> String {
        let name = "launch-\(kind.rawValue)-\(agent)"
        if let kept = canaryKeeper.all.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) { return kept.text }
        do throws(AdminError) {
            return try makeCanary(named: name, kind: kind.rawValue, agent: agent, origin: "launch").stored.text
        } catch {
            // Another launch may have been first.
            guard let kept = canaryKeeper.all.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
                throw error
            }
            return kept.text
        }
    }

    /// Looks for what is planted now, besides what the configuration names.
    private func look() throws(AdminError) {
        let configuration = state.withLock { $0.configuration }
        do throws(GatewayError) {
            let matcher = try LeakMaterials.matcher(of: configuration, canaries: canaryKeeper.secrets)
            leaks.replace(with: matcher, isEnforced: configuration.leaks?.mode == .enforce)
        } catch {
            throw AdminError(
                .failed, "it is kept, but looked for only after a reload that succeeds: \(error)",
                remedy: "mend the secrets that 'leaks' names, and: yett reload")
        }
    }

    private func recordCanary(_ operation: String, _ canary: StoredCanary, by caller: Operator) {
        var event = event(.adminAction, by: caller)
        event.operation = operation
        event.agent = canary.agent
        event.detail = "\(canary.name), which looks like \(canary.kind)"
        record(event)
    }

    private static func keeping(_ body: () throws(StateDatabaseError) -> Void) throws(AdminError) {
        do throws(StateDatabaseError) {
            try body()
        } catch {
            throw AdminError(.failed, "\(error)", remedy: "mend the disk, then try again")
        }
    }

    private static func isCanaryName(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}

extension CanaryReport {
    fileprivate init(_ canary: StoredCanary) {
        self.init(
            name: canary.name, kind: canary.kind, since: Timestamp.text(microseconds: canary.since), by: canary.origin)
        agent = canary.agent
    }
}
