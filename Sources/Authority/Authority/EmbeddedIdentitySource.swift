// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Synchronization

/// The gate's own identity from the authority in the same process.
public final class EmbeddedIdentitySource: IdentitySource {
    private struct Present {
        var issued: IssuedX509SVID
        var state: IdentityState
        /// The authority's version that the state was made of.
        var version: UInt64
    }

    /// The authority.
    public let authority: Authority
    private let id: SPIFFEID
    private let dnsNames: [String]
    private let present: Mutex<Present>
    private let broadcast = Broadcast<IdentityState>()

    /// Issues the first identity.
    ///
    /// - Parameters:
    ///   - authority: The authority.
    ///   - dnsNames: The names under which others reach the gate.
    /// - Throws: ``AuthorityError``.
    public init(_ authority: Authority, dnsNames: [String] = []) throws(AuthorityError) {
        guard dnsNames.allSatisfy(DNSName.isValid) else { throw .refused("\(EntryError.dnsName)") }
        self.authority = authority
        self.dnsNames = dnsNames
        do throws(SPIFFEIDError) {
            id = try GateID.id(in: authority.configuration.trustDomain)
        } catch {
            throw .refused("the trust domain is too long for the gate's own ID")
        }
        let state = authority.state
        let issued = try authority.issueOwn(id, dnsNames: dnsNames)
        present = Mutex(
            Present(
                issued: issued, state: IdentityState(svid: issued.svid, bundles: state.bundles, version: 1),
                version: state.version))
    }

    /// What is valid now; renews it first when it is time to.
    public func current() throws(IdentitySourceError) -> IdentityState {
        do throws(AuthorityError) {
            return try refresh()
        } catch {
            // What was issued before stands until it ends.
            let state = present.withLock { $0.state }
            guard state.svid.validity.contains(authority.clock.wall()) else { throw .expired }
            return state
        }
    }

    /// Every state from now on, the present one first.
    public func updates() -> AsyncStream<IdentityState> { broadcast.stream(startingWith: { try? current() }) }

    /// A token of the gate; it has no identity but its own.
    public func jwtSVID(audience: [String], id: SPIFFEID?) async throws(IdentitySourceError) -> JWTSVID {
        guard id ?? self.id == self.id else { throw .denied }
        do throws(AuthorityError) {
            return try authority.issueJWT(
                self.id, audience: audience, lifetime: authority.configuration.jwtLifetime, hint: "")
        } catch {
            switch error {
            case .refused(let why): throw .invalidRequest(why)
            case .unavailable: throw .notReady
            default: throw .failed("\(error)")
            }
        }
    }

    /// Verifies a token of any trust domain that is known.
    public func verify(
        jwtSVID token: [UInt8], audience: String, now: Int64
    ) async throws(IdentitySourceError) -> VerifiedJWTSVID {
        do throws(JWTSVIDError) {
            return try JWTSVID.verify(token, audience: audience, bundles: authority.state.bundles, now: now)
        } catch {
            throw .refused(error)
        }
    }

    /// Takes over what changed, and renews the identity when it is time to.
    @discardableResult
    func refresh() throws(AuthorityError) -> IdentityState {
        let state = authority.state
        let known = present.withLock { $0 }
        let isCurrent = authority.isCurrent(known.issued)
        if isCurrent, known.version == state.version { return known.state }
        let issued = isCurrent ? known.issued : try authority.issueOwn(id, dnsNames: dnsNames)
        let next = present.withLock { present -> (IdentityState, isNew: Bool) in
            // Another caller may have been faster.
            guard present.version == known.version, present.state.version == known.state.version else {
                return (present.state, false)
            }
            let isSame = isCurrent && present.state.bundles == state.bundles
            present.version = state.version
            guard !isSame else { return (present.state, false) }
            present.issued = issued
            present.state = IdentityState(
                svid: issued.svid, bundles: state.bundles, version: present.state.version &+ 1)
            return (present.state, true)
        }
        if next.isNew { broadcast.send(next.0) }
        return next.0
    }

    /// Keeps authority and identity up to date until the task is cancelled; then ends all streams.
    ///
    /// - Parameters:
    ///   - interval: The time between two looks at the clock.
    ///   - report: Told of what failed; it is tried again.
    public func run(every interval: Duration, report: @Sendable (AuthorityError) -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                // At once, so that a key that was withdrawn is not presented for another moment.
                for await _ in authority.updates() { _ = try? refresh() }
            }
            while !Task.isCancelled {
                do throws(AuthorityError) {
                    try await authority.maintain()
                    try refresh()
                } catch {
                    report(error)
                }
                try? await Task.sleep(for: interval)
            }
            group.cancelAll()
        }
        shutDown()
    }

    /// Ends all streams of the source and of the authority.
    public func shutDown() {
        authority.shutDown()
        broadcast.finish()
    }
}

/// The gate itself.
public enum GateID {
    /// Its ID: `spiffe://<trust domain>/yett/gate`.
    public static func id(in trustDomain: TrustDomain) throws(SPIFFEIDError) -> SPIFFEID {
        try SPIFFEID(parsing: "spiffe://\(trustDomain.name)\(RegistrationEntry.reservedPath)gate")
    }
}
