// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// Finds out what a process on this machine is. It looks into files and may wait for them: never call it on an event
/// loop.
public enum Attestor {
    /// Looks at a caller.
    ///
    /// - Parameters:
    ///   - caller: The process at the other end of a connection.
    ///   - wanted: The kinds of selectors that entries ask for; a program is digested only when one does.
    ///   - launch: The launch that one of these processes began, if there is one. A launched agent is known by its launch
    ///     alone: it runs as somebody who may be entitled to more.
    /// - Throws: ``AttestationError`` for a caller of which nothing is to be believed.
    public static func attest(
        _ caller: LocalCaller, wanting wanted: Set<Selector.Kind>,
        launch: @escaping @Sendable ([Int32]) -> LaunchedAgent? = { _ in nil }
    ) throws(AttestationError) -> AttestedCaller {
        if let launched = try attest(caller, launch: launch) { return launched }
        var selectors: Set<Selector> = [Selector(.uid, "\(caller.uid)"), Selector(.gid, "\(caller.gid)")]
        if wanted.contains(.user), let name = AccountNames.user(caller.uid) { selectors.insert(Selector(.user, name)) }
        if wanted.contains(.group), let name = AccountNames.group(caller.gid) {
            selectors.insert(Selector(.group, name))
        }
        // Without a descriptor of the process only what the connection itself says is known for certain.
        guard let facts = try caller.facts(wanting: wanted) else {
            return AttestedCaller(selectors: selectors) { caller.isAlive }
        }
        selectors.formUnion(self.selectors(of: facts, caller, wanted))
        guard try caller.facts(wanting: wanted) == facts else { throw .changing }
        return AttestedCaller(selectors: selectors) { (try? caller.facts(wanting: wanted)) == facts }
    }

    /// Looks at a caller that is expected to be a launched agent.
    ///
    /// - Returns: `nil` for a caller that belongs to no launch.
    public static func attest(
        _ caller: LocalCaller, launch: @escaping @Sendable ([Int32]) -> LaunchedAgent?
    ) throws(AttestationError) -> AttestedCaller? {
        let lineage = caller.containedLineage()
        guard !lineage.isEmpty, let agent = launch(lineage), let facts = try caller.facts(wanting: []) else {
            return nil
        }
        guard launch(caller.containedLineage()) == agent else { throw .changing }
        return AttestedCaller.launched(agent: agent.agent, launch: agent.launch) {
            (try? caller.facts(wanting: [])) == facts && launch(caller.containedLineage()) == agent
        }
    }

    private static func selectors(
        of facts: ProcessFacts, _ caller: LocalCaller, _ wanted: Set<Selector.Kind>
    ) -> Set<Selector> {
        var selectors: Set<Selector> = []
        for gid in facts.supplementaryGroups {
            selectors.insert(Selector(.supplementaryGID, "\(gid)"))
            if wanted.contains(.supplementaryGroup), let name = AccountNames.group(gid) {
                selectors.insert(Selector(.supplementaryGroup, name))
            }
        }
        if let program = facts.program {
            if let path = program.path { selectors.insert(Selector(.path, path)) }
            if wanted.contains(.sha256), let digest = caller.programDigest(program) {
                selectors.insert(Selector(.sha256, digest))
            }
        }
        if let unit = facts.controlGroup?.unit { selectors.insert(Selector(.systemd, unit)) }
        if let container = facts.controlGroup?.container { selectors.insert(Selector(.container, container)) }
        return selectors
    }
}
