// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Synchronization

extension Authority {
    /// The most recipients of a token.
    public static let mostRecipients = 32
    /// The longest name of a recipient, in bytes.
    public static let longestRecipient = 1024

    /// Issues tokens for the identities of a caller.
    ///
    /// - Parameters:
    ///   - caller: Who asks, as attestation saw it.
    ///   - audience: The recipients.
    ///   - id: The one identity that is asked for; `nil` for all of the caller's.
    /// - Throws: ``AuthorityError/denied(_:)`` when the caller has no identity, or not that one; nothing is signed then.
    public nonisolated func jwtSVIDs(
        for caller: AttestedCaller, audience: [String], id: SPIFFEID? = nil
    ) throws(AuthorityError) -> [JWTSVID] {
        guard caller.isUnchanged() else { throw .denied("the caller is not what attestation saw any more") }
        let entries = entries(for: caller).filter { entry in id.map { $0 == entry.spiffeID } ?? true }
        guard !entries.isEmpty else { throw .denied("no entry fits the caller") }
        var hints: Set<[UInt8]> = []
        var tokens: [JWTSVID] = []
        for entry in entries {
            let isNew = hints.insert(Array(entry.hint.utf8)).inserted
            tokens.append(
                try issueJWT(
                    entry.spiffeID, audience: audience, lifetime: entry.jwtLifetime ?? configuration.jwtLifetime,
                    hint: isNew ? entry.hint : ""))
        }
        guard caller.isUnchanged() else { throw .denied("the caller is not what attestation saw any more") }
        return tokens
    }

    /// Issues a token.
    nonisolated func issueJWT(
        _ id: SPIFFEID, audience: [String], lifetime: Int64, hint: String
    ) throws(AuthorityError) -> JWTSVID {
        guard (1...Self.mostRecipients).contains(audience.count),
            audience.allSatisfy({ (1...Self.longestRecipient).contains($0.utf8.count) })
        else {
            throw .refused("a token has 1 to \(Self.mostRecipients) recipients of 1 to \(Self.longestRecipient) bytes")
        }
        let now = clock.wall()
        guard let signer = live.withLock({ $0.jwtSigner }), now < signer.notAfter else {
            throw .unavailable("the authority has no key for tokens at present")
        }
        var generator = SystemRandomNumberGenerator()
        let tokenID = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        do throws(SigningError) {
            // Never longer than the key is published.
            return try JWTSVID.issue(
                id, audience: audience, lifetime: min(lifetime, signer.notAfter &- now), tokenID: tokenID, now: now,
                signer: signer.signer, hint: hint)
        } catch {
            throw .unavailable("a token could not be signed: \(error)")
        }
    }
}
