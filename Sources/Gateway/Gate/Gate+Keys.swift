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

    private static func reports(_ keys: [AuthorityKey]) -> [KeyReport] {
        keys.map { key in
            KeyReport(
                kind: key.kind.rawValue, id: key.id, stage: key.stage.rawValue, isTainted: key.isTainted,
                expiresAt: Timestamp.text(seconds: key.notAfter))
        }
    }
}
