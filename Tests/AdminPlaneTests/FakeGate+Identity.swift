// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane

extension FakeGate {
    private static let entry = EntryReport(
        id: "e1", spiffeId: "spiffe://gate.test/agent/a", selectors: ["unix:uid:1"], origin: "operator", dnsNames: [],
        federatesWith: [])
    private static let key = KeyReport(kind: "x509", id: "k1", stage: "active", isTainted: false, expiresAt: "e")

    func entries() async throws -> [EntryReport] { [Self.entry] }

    func addEntry(_ request: EntryRequest, by caller: Operator) async throws -> EntryReport {
        note("entry \(request.id) \(request.selectors.joined(separator: " ")) by \(caller.uid)")
        return Self.entry
    }

    func removeEntry(_ id: String, by caller: Operator) async throws { note("remove \(id)") }

    func makeJoinToken(_ request: JoinTokenRequest, by caller: Operator) async throws -> JoinTokenReport {
        note("join \(request.id) \(request.seconds ?? 0)")
        return JoinTokenReport(spiffeId: request.id, token: "yett-join-secret", expiresAt: "e", gate: nil)
    }

    func trustBundle() async throws -> TrustBundleReport {
        TrustBundleReport(trustDomain: "gate.test", pem: "p", document: "{}")
    }

    func keys() async throws -> [KeyReport] { [Self.key] }

    func changeKey(_ change: KeyChange, by caller: Operator) async throws -> [KeyReport] {
        note("key \(change.action.rawValue) \(change.kind) \(change.id ?? "-")")
        return [Self.key]
    }

    func revoke(_ request: RevocationRequest, by caller: Operator) async throws -> RevocationReport {
        note("revoke \(request.task ?? "-") \(request.why ?? "-")")
        return RevocationReport(kind: "task", value: request.task ?? "", issuedUntil: "u", by: "uid:\(caller.uid)")
    }

    func revocations() async throws -> [RevocationReport] {
        [RevocationReport(kind: "key", value: "k1", issuedUntil: "u", by: "uid:0")]
    }
}
