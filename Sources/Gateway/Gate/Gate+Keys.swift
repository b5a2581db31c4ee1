// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Authority
internal import Identity
internal import IdentityPlane
internal import Logging
internal import Protocols
internal import Telemetry

extension Gate {
    /// What others verify the gate's identities with.
    func trustBundle() async throws -> TrustBundleReport {
        let bundle: TrustBundle?
        do {
            bundle = try identity?.source.current().ownBundle
        } catch {
            throw AdminError(.unavailable, "\(error)", remedy: "see the log of the issuer")
        }
        guard let bundle else {
            _ = try authority()
            throw AdminError(.unavailable, "the trust bundle is not there yet", remedy: "try again")
        }
        return TrustBundleReport(
            trustDomain: bundle.trustDomain.name,
            pem: String(decoding: PEMText.certificates(bundle.x509.authorities), as: UTF8.self),
            document: String(decoding: bundle.document.bytes, as: UTF8.self))
    }

    /// The keys that sign identities.
    func keys() async throws -> [KeyReport] { Self.reports(try authority().keys) }

    /// Moves a key on and records who asked.
    func changeKey(_ change: KeyChange, by caller: Operator) async throws -> [KeyReport] {
        let authority = try authority()
        guard let kind = KeyKind(rawValue: change.kind) else {
            throw AdminError(.malformed, "“\(change.kind)” is no kind of keys", remedy: "write x509 or jwt")
        }
        let id = change.id
        guard (id == nil) == (change.action == .prepare) else {
            throw AdminError(
                .malformed, id == nil ? "which key? Its id is missing" : "a key that is prepared has no id yet",
                remedy: "yett key list")
        }
        let name = try await Self.asking { () async throws(AuthorityError) -> String in
            switch change.action {
            case .prepare: return try await authority.prepare(kind).id
            case .activate: try await authority.activate(kind, id ?? "")
            case .taint: try await authority.taint(kind, id ?? "")
            case .revoke: try await authority.revoke(kind, id ?? "")
            }
            return id ?? ""
        }
        var event = event(change.action == .revoke ? .revocation : .adminAction, by: caller)
        event.operation = "key \(change.action.rawValue)"
        event.detail = "\(kind.rawValue) key \(name)"
        record(event)
        logger.notice(
            "an operator moved a key",
            metadata: [
                LogField.operatorUser: .stringConvertible(caller.uid),
                LogField.trigger: .string(change.action.rawValue),
            ])
        return Self.reports(authority.keys)
    }

    /// Revokes tool tokens and records who asked.
    func revoke(_ request: RevocationRequest, by caller: Operator) async throws -> RevocationReport {
        guard let tokens = tokens?.service else {
            throw AdminError(
                .conflict, "this gate issues no tool tokens",
                remedy: "add identity.endpoints to the configuration, then restart the gate")
        }
        let entry = try revocation(request)
        if entry.kind == .key, !tokens.withdraw(key: entry.value) {
            throw AdminError(.unknown, "no key of tool tokens is named \(entry.value)")
        }
        do {
            try tokens.revoke(entry)
        } catch {
            throw AdminError(
                .failed, "the revocation holds until the next start, but it could not be written down",
                remedy: "mend the disk, then revoke again")
        }
        var event = event(.revocation, by: caller)
        event.operation = entry.kind.rawValue
        event.cause = request.why
        event.detail = entry.value
        record(event)
        return RevocationReport(
            claim: entry.kind.rawValue, value: entry.value,
            until: Timestamp.text(seconds: now + ToolTokenClaims.maximumLifetime))
    }

    private func revocation(_ request: RevocationRequest) throws(AdminError) -> RevocationTable.Entry {
        let parts = [request.token, request.task, request.person, request.agent, request.key].compactMap { $0 }
        guard parts.count == 1, let part = parts.first, !part.isEmpty, part.utf8.count <= 2048 else {
            throw AdminError(
                .malformed, "one of token, task, person, agent and key is expected", remedy: "yett token revoke --help")
        }
        if request.token != nil { return RevocationTable.Entry(.tokenID, part) }
        if request.task != nil { return RevocationTable.Entry(.transaction, part) }
        if request.key != nil { return RevocationTable.Entry(.key, part) }
        if request.agent != nil { return RevocationTable.Entry(.actor, try identifier(of: part).description) }
        let words = part.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard words.count == 2, let issuer = words.first, let subject = words.last else {
            throw AdminError(.malformed, "a person is ISSUER#SUBJECT, as in https://idp.example.org#248289761001")
        }
        return RevocationTable.Entry(
            .subject, PersonSubject.text(issuer: String(issuer), subject: String(subject)))
    }

    private static func reports(_ keys: [AuthorityKey]) -> [KeyReport] {
        keys.map { key in
            KeyReport(
                kind: key.kind.rawValue, id: key.id, stage: key.stage.rawValue, isTainted: key.isTainted,
                expiresAt: Timestamp.text(seconds: key.notAfter))
        }
    }
}
