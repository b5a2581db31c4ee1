// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Authority
internal import Decision
internal import Identity
internal import Logging
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

extension Gate {
    /// Who gets which identity.
    func entries() async throws -> [EntryReport] { try authority().entries.map(EntryReport.init) }

    /// Adds an entry and records who asked.
    func addEntry(_ request: EntryRequest, by caller: Operator) async throws -> EntryReport {
        let authority = try authority()
        let entry = try entry(request, authority)
        try await Self.asking { () async throws(AuthorityError) in try await authority.add(entry) }
        record("entry add", entry, by: caller)
        return EntryReport(entry)
    }

    /// Removes an entry and records who asked.
    func removeEntry(_ id: String, by caller: Operator) async throws {
        let authority = try authority()
        let entry = authority.entries.first { $0.id.utf8.elementsEqual(id.utf8) }
        try await Self.asking { () async throws(AuthorityError) in try await authority.removeEntry(id) }
        if let entry { record("entry remove", entry, by: caller) }
    }

    /// Makes a token for a workload on another machine and records who asked, never the token.
    func makeJoinToken(_ request: JoinTokenRequest, by caller: Operator) async throws -> JoinTokenReport {
        let authority = try authority()
        let id = try spiffeID(request.id)
        let seconds = request.seconds ?? JoinToken.usualLifetime
        let token = try await Self.asking { () async throws(AuthorityError) in
            try await authority.makeJoinToken(for: id, lifetime: seconds)
        }
        let end = Timestamp.text(seconds: token.expires)
        var event = event(.adminAction, by: caller)
        event.operation = "join token"
        event.agent = id.description
        event.detail = "good until \(end)"
        record(event)
        return JoinTokenReport(
            spiffeId: id.description, token: token.secretText(), expiresAt: end,
            gate: state.withLock { $0.configuration.identity.endpoints?.issuer })
    }

    /// Makes the configuration's entries those of the authority. The configuration may change meanwhile; the last one
    /// counts.
    ///
    /// - Returns: Why that failed, if it did.
    func applyEntries() async -> String? {
        guard let authority = identity?.authority else { return nil }
        while true {
            let wanted = state.withLock { $0.configuration.identity.entries }
            do {
                try await authority.setConfigured(wanted)
            } catch {
                logger.error(
                    "the entries of the configuration did not take effect; those before stay",
                    metadata: [LogField.error: .string("\(error)")])
                return "identity.entries: \(error)"
            }
            guard state.withLock({ $0.configuration.identity.entries }) != wanted else { return nil }
        }
    }

    // MARK: Parts

    /// The authority in the gate.
    func authority() throws(AdminError) -> Authority {
        guard let authority = identity?.authority else {
            throw AdminError(
                .conflict, "this gate issues no identities",
                remedy: identity == nil
                    ? "add to the configuration: identity: {source: embedded}, then restart the gate"
                    : "register it with the issuer that identity.workload_api names")
        }
        return authority
    }

    /// A SPIFFE ID, or its path in the gate's trust domain.
    func spiffeID(_ text: String) throws(AdminError) -> SPIFFEID {
        do throws(SPIFFEIDError) {
            let domain = authorizer.snapshot.trustDomain.name
            return try SPIFFEID(parsing: text.utf8.first == UInt8(ascii: "/") ? "spiffe://\(domain)\(text)" : text)
        } catch {
            throw AdminError(
                .malformed, "“\(text)” is neither a SPIFFE ID nor the path of one: \(error)",
                remedy: "write it like /agent/coder")
        }
    }

    /// Says what the authority refused.
    static func asking<Value: Sendable>(
        _ body: () async throws(AuthorityError) -> Value
    ) async throws(AdminError) -> Value {
        do {
            return try await body()
        } catch {
            switch error {
            case .refused(let why), .denied(let why): throw AdminError(.conflict, why)
            case .unknown(let why): throw AdminError(.unknown, why, remedy: "yett entry list, yett key list")
            case .unavailable(let why): throw AdminError(.unavailable, why, remedy: "try again")
            case .state, .storage, .sealed: throw AdminError(.failed, "\(error)", remedy: "see the gate's log")
            }
        }
    }

    private func entry(_ request: EntryRequest, _ authority: Authority) throws(AdminError) -> RegistrationEntry {
        let id = try spiffeID(request.id)
        let end = try request.seconds.map { seconds throws(AdminError) in
            guard (1...Self.longestEntry).contains(seconds) else {
                throw AdminError(.malformed, "an entry lasts from 1 to \(Self.longestEntry) seconds, or for ever")
            }
            return now + seconds
        }
        do {
            return try RegistrationEntry(
                spiffeID: id, parentID: authority.localNodeID,
                selectors: request.selectors.map { try Selector(parsing: $0) }, x509Lifetime: request.x509Lifetime,
                jwtLifetime: request.jwtLifetime, hint: request.hint ?? "", dnsNames: request.dnsNames ?? [],
                federatesWith: (request.federatesWith ?? []).map { try TrustDomain(parsing: $0) }, expires: end,
                origin: .operator)
        } catch {
            throw AdminError(.malformed, "the entry cannot be used: \(error)", remedy: "yett entry add --help")
        }
    }

    /// Ten years, in seconds.
    private static let longestEntry: Int64 = 315_360_000

    private func record(_ operation: String, _ entry: RegistrationEntry, by caller: Operator) {
        var event = event(.adminAction, by: caller)
        event.operation = operation
        event.agent = entry.spiffeID.description
        event.detail = "entry \(entry.id): \(entry.selectors.map(\.description).joined(separator: ", "))"
        record(event)
    }
}

extension EntryReport {
    fileprivate init(_ entry: RegistrationEntry) {
        self.init(
            id: entry.id, spiffeId: entry.spiffeID.description, selectors: entry.selectors.map(\.description),
            origin: entry.origin.rawValue, dnsNames: entry.dnsNames, federatesWith: entry.federatesWith.map(\.name))
        x509Lifetime = entry.x509Lifetime
        jwtLifetime = entry.jwtLifetime
        hint = entry.hint.isEmpty ? nil : entry.hint
        expiresAt = entry.expires.map { Timestamp.text(seconds: $0) }
    }
}
