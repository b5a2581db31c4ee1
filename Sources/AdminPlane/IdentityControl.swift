// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the admin plane needs of the gate where it issues identities. Every verb that changes something records who asked.
///
/// All verbs throw ``AdminError``.
public protocol IdentityControl: Sendable {
    /// Who gets which identity.
    func entries() async throws -> [EntryReport]
    /// Adds an entry.
    func addEntry(_ request: EntryRequest, by caller: Operator) async throws -> EntryReport
    /// Removes an entry that was added.
    func removeEntry(_ id: String, by caller: Operator) async throws
    /// Makes a token for which a workload on another machine gets its first certificate.
    func makeJoinToken(_ request: JoinTokenRequest, by caller: Operator) async throws -> JoinTokenReport
    /// The certificates and keys that others verify identities with.
    func trustBundle() async throws -> TrustBundleReport
    /// The keys that sign identities.
    func keys() async throws -> [KeyReport]
    /// Moves a key on, and tells of all keys.
    func changeKey(_ change: KeyChange, by caller: Operator) async throws -> [KeyReport]
    /// Revokes what an agent or a person had, a task, a token, or what a key signed; cuts what is open on it.
    func revoke(_ request: RevocationRequest, by caller: Operator) async throws -> RevocationReport
    /// What is revoked, the newest first.
    func revocations() async throws -> [RevocationReport]
}
