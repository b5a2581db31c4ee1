// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Authority
internal import Decision
internal import Identity
internal import IdentityPlane
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import X509
internal import YettConfiguration

/// Writes down which identities are given to whom, before they are.
struct IssuanceRecorder: Sendable {
    let log: AuditLog
    let clock: Clock

    /// Records an identity that a process of this machine asks for.
    func record(_ issuance: Issuance) throws {
        var event = AuditEvent(kind: .identityIssue, time: clock.wall())
        event.plane = Plane.identity.rawValue
        event.agent = issuance.id.description
        event.operation = issuance.document.rawValue
        event.source = "pid:\(issuance.pid) uid:\(issuance.uid)"
        var parts = ["until \(Timestamp.text(seconds: issuance.expires))"]
        if let entry = issuance.entry { parts.append("entry \(entry)") }
        if !issuance.audience.isEmpty { parts.append("for \(issuance.audience.joined(separator: ", "))") }
        event.detail = parts.joined(separator: ", ")
        try log.record(event)
    }

    /// Records a certificate that a workload of another machine asks for.
    func record(remote id: SPIFFEID, _ operation: String, verdict: AuditVerdict = .allow, detail: String) throws {
        var event = AuditEvent(kind: .identityIssue, time: clock.wall())
        event.plane = Plane.identity.rawValue
        event.agent = id.description
        event.operation = operation
        event.verdict = verdict
        event.detail = detail
        try log.record(event)
    }
}

/// Issues certificates to workloads on other machines from the authority in the gate.
struct GateRemoteIssuer: RemoteIssuer {
    let authority: Authority
    let authorizer: Authorizer
    let recorder: IssuanceRecorder
    /// Who services are, besides agents.
    let services: @Sendable () -> [SPIFFEID]

    func join(token: String, key: Certificate.PublicKey) async throws(JoinError) -> RemoteIdentity {
        let issued: IssuedChain
        do throws(AuthorityError) {
            issued = try await authority.redeem(joinToken: token, publicKey: key)
        } catch {
            throw JoinError(error)
        }
        return try finish(issued, "x509-svid join")
    }

    func renew(_ client: ExchangeClient, key: Certificate.PublicKey) async throws(JoinError) -> RemoteIdentity {
        let id = client.id
        let snapshot = authorizer.snapshot
        guard id.trustDomain == snapshot.trustDomain else {
            throw .refused("only identities of \(snapshot.trustDomain.name) are renewed here")
        }
        guard snapshot.agents.identify(certificate: id) != nil || services().contains(id) else {
            throw .refused(
                "\(id) is no agent with x509: true and no service's spiffe_id in the configuration any more")
        }
        if let why = authorizer.quarantineReason(id) { throw .refused("\(id) is quarantined: \(why)") }
        // A stolen certificate must not become a new one.
        let shown = VerifiedIdentity(proved: id, by: .x509SVID, basis: client.basis)
        if let refusal = snapshot.revocations.refusal(of: shown) {
            throw .refused("\(refusal.reason.title) Join anew with a token.")
        }
        let issued: IssuedChain
        do throws(AuthorityError) {
            issued = try await authority.renew(id, publicKey: key)
        } catch {
            throw JoinError(error)
        }
        return try finish(issued, "x509-svid renew")
    }

    private func finish(_ issued: IssuedChain, _ operation: String) throws(JoinError) -> RemoteIdentity {
        let end = issued.chain.first.map { Timestamp.text(seconds: $0.notAfter) } ?? "-"
        do {
            try recorder.record(remote: issued.id, operation, detail: "until \(end)")
        } catch {
            throw .unavailable("the identity cannot be recorded, so it is not handed out")
        }
        return RemoteIdentity(
            id: issued.id, chain: issued.chain, authorities: authority.state.bundle.x509.authorities)
    }
}

extension JoinError {
    fileprivate init(_ error: AuthorityError) {
        switch error {
        case .denied(let why), .refused(let why), .unknown(let why): self = .refused(why)
        case .unavailable(let why): self = .unavailable(why)
        case .state, .storage, .sealed: self = .unavailable("the authority failed; its operator finds why in the log")
        }
    }
}
