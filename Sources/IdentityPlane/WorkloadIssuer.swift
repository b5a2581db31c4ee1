// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
public import Transport

/// Knows the processes of this machine, and what each of them is entitled to. The plane serves from it and decides
/// nothing about entitlement itself.
public protocol WorkloadIssuer: Sendable {
    /// A process that was looked at, with whatever the issuer wants to remember of it for as long as one call lasts.
    associatedtype Caller: Sendable

    /// Looks at the process that makes a call. Asked once for each call; it may wait for files.
    func attest(_ process: PeerProcess) async throws(IdentitySourceError) -> Caller

    /// Whether a caller is still what attestation saw. Asked before each message that hands out an identity.
    func isUnchanged(_ caller: Caller) async -> Bool

    /// Everything that a caller is entitled to: its identities with their keys, the default one first, and the bundles
    /// that it may see, that of its own trust domain among them.
    ///
    /// - Parameters:
    ///   - caller: Who asks.
    ///   - version: The ``IdentityState/version`` that the caller has. The method waits until there is another one; it
    ///     answers at once when this is `nil`. It returns soon after its task was cancelled, whatever it returns.
    /// - Throws: ``IdentitySourceError/denied`` when the caller has no identity, or has none any more.
    func identities(
        of caller: Caller, after version: UInt64?
    ) async throws(IdentitySourceError) -> IdentityState

    /// New tokens for a caller.
    ///
    /// - Parameters:
    ///   - caller: Who asks.
    ///   - audience: At least one recipient.
    ///   - id: Which of the caller's identities; all of them when it is `nil`.
    /// - Throws: ``IdentitySourceError/denied`` when the caller has no identity, or not this one.
    func jwtSVIDs(
        of caller: Caller, audience: [String], id: SPIFFEID?
    ) async throws(IdentitySourceError) -> [JWTSVID]
}
