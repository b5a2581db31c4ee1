// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Authority
public import Identity
internal import NIOPosix
public import Transport

/// Serves the processes of this machine from the authority in the gate itself.
public struct EmbeddedIssuer: WorkloadIssuer {
    private let authority: Authority
    private let clock: AuthorityClock
    private let launch: @Sendable ([Int32]) -> LaunchedAgent?
    private let servesLaunchesOnly: Bool
    private let record: @Sendable (Issuance) throws -> Void

    /// Serves from an authority.
    ///
    /// - Parameters:
    ///   - clock: The authority's own.
    ///   - launch: The launch that one of these processes began, if there is one.
    ///   - servesLaunchesOnly: Whether whoever belongs to no launch is refused. A launch that has just ended must not make
    ///     its program one of the user's own.
    ///   - record: Writes down what is about to be handed out; nothing is when it throws.
    public init(
        _ authority: Authority, clock: AuthorityClock = .system,
        launch: @escaping @Sendable ([Int32]) -> LaunchedAgent? = { _ in nil },
        servesLaunchesOnly: Bool = false, record: @escaping @Sendable (Issuance) throws -> Void = { _ in }
    ) {
        self.authority = authority
        self.clock = clock
        self.launch = launch
        self.servesLaunchesOnly = servesLaunchesOnly
        self.record = record
    }

    /// Attests by the descriptor that the kernel made of the connection's peer.
    public func attest(_ process: PeerProcess) async throws(IdentitySourceError) -> EmbeddedCaller {
        let (wanted, launch, isLaunched) = (authority.wantedSelectors, launch, servesLaunchesOnly)
        let attested: EmbeddedCaller?
        do {
            attested = try await NIOThreadPool.singleton.runIfActive {
                let caller = try LocalCaller(
                    pid: process.pid, uid: process.uid, gid: process.gid, pidfd: process.copyDescriptor())
                let seen =
                    isLaunched
                    ? try Attestor.attest(caller, launch: launch)
                    : try Attestor.attest(caller, wanting: wanted, launch: launch)
                return seen.map { EmbeddedCaller($0, pid: process.pid, uid: process.uid) }
            }
        } catch {
            throw .failed("\(error)")
        }
        guard let attested else { throw .denied }
        return attested
    }

    /// Looks at the process again.
    public func isUnchanged(_ caller: EmbeddedCaller) async -> Bool {
        await (try? NIOThreadPool.singleton.runIfActive { caller.attestation.isUnchanged() }) ?? false
    }

    /// Issues what the caller's entries say, and waits until they, the bundles or the time ask for something new.
    public func identities(
        of caller: EmbeddedCaller, after version: UInt64?
    ) async throws(IdentitySourceError) -> IdentityState {
        while !Task.isCancelled {
            let known = authority.state.version
            let wait: Duration
            do throws(AuthorityError) {
                let (state, renewal) = try caller.refresh(authority, clock.wall()) { issued throws(AuthorityError) in
                    for issued in issued {
                        try write(.x509, issued.svid.id, issued.entry, issued.svid.validity.upperBound, caller)
                    }
                }
                if state.version != version { return state }
                wait = .seconds(max(renewal &- clock.wall(), 1))
            } catch {
                // What was sent before stands until it ends.
                guard case .unavailable = error, version != nil, caller.isServed(at: clock.wall()) else {
                    throw IdentitySourceError(error)
                }
                wait = .seconds(1)
            }
            await waitForChange(of: known, atMost: wait)
        }
        throw .notReady
    }

    /// Issues tokens.
    public func jwtSVIDs(
        of caller: EmbeddedCaller, audience: [String], id: SPIFFEID?
    ) async throws(IdentitySourceError) -> [JWTSVID] {
        do throws(AuthorityError) {
            let tokens = try authority.jwtSVIDs(for: caller.attestation, audience: audience, id: id)
            for token in tokens { try write(.jwt, token.id, nil, token.expiry, caller, audience: audience) }
            return tokens
        } catch {
            throw IdentitySourceError(error)
        }
    }

    private func write(
        _ document: Issuance.Document, _ id: SPIFFEID, _ entry: RegistrationEntry?, _ expires: Int64,
        _ caller: EmbeddedCaller, audience: [String] = []
    ) throws(AuthorityError) {
        do {
            try record(
                Issuance(
                    document: document, id: id, entry: entry?.id, expires: expires, pid: caller.pid, uid: caller.uid,
                    audience: audience))
        } catch {
            throw .unavailable("the identity cannot be recorded, so it is not handed out")
        }
    }

    private func waitForChange(of known: UInt64, atMost longest: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await state in authority.updates() where state.version != known { return }
            }
            group.addTask { try? await Task.sleep(for: longest) }
            await group.next()
            group.cancelAll()
        }
    }
}

extension IdentitySourceError {
    fileprivate init(_ error: AuthorityError) {
        switch error {
        case .refused(let why): self = .invalidRequest(why)
        case .denied: self = .denied
        case .unavailable: self = .notReady
        case .state, .storage, .sealed, .unknown: self = .failed("\(error)")
        }
    }
}
