// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Authority
internal import Decision
internal import Identity
internal import IdentityPlane
internal import Storage
internal import Transport
internal import YettConfiguration

/// The token endpoints of a gate with what changes about them while it runs.
struct GateTokenService: Sendable {
    /// The endpoints.
    let service: TokenService
    /// What signs, decides and records.
    let authority: GateTokens
    /// The servers for which tokens are given.
    let servers: TokenTargets
    /// What signs tokens, and what the gate says of services; the public halves are published.
    private let keys: ToolKeyRing

    /// Signs what the gate says of services: bytes to the compact form of a JWS.
    var signer: @Sendable ([UInt8]) -> [UInt8]? {
        let keys = keys
        return { try? keys.signer.sign($0, type: "JOSE") }
    }

    /// Signs claims as a token of a type, with the key that signs at present.
    func sign(_ claims: [UInt8], type: String) -> [UInt8]? { try? keys.signer.sign(claims, type: type) }

    /// Makes the endpoints that the configuration asks for.
    ///
    /// - Parameter isShared: Whether other gates verify what this one signs.
    /// - Returns: `nil` when it asks for none.
    /// - Throws: ``GatewayError`` when revocations of the last run cannot be read; nothing may be served without them.
    init?(
        _ configuration: GateConfiguration, identity: GateIdentity?, authorizer: Authorizer, database: StateDatabase,
        log: AuditLog, clock: Clock, people: PeopleService?, isShared: Bool
    ) throws(GatewayError) {
        guard let endpoints = configuration.identity.endpoints, let identity else { return nil }
        let now = clock.wall() / 1_000_000
        servers = TokenTargets(TokenTarget.all(of: configuration, issuer: endpoints.issuer))
        do {
            keys = try ToolKeyRing(now: now, isShared: isShared)
            let tokens = GateTokens(
                keys: keys, authorizer: authorizer, database: database, log: log,
                servers: servers, identities: identity.source, issuer: endpoints.issuer, clock: clock, people: people)
            authority = tokens
            service = try TokenService(
                issuer: endpoints.issuer, gate: try GateID.id(in: configuration.trustDomain), authority: tokens,
                revocations: try GateTokens.revocations(in: database, now: now))
        } catch {
            throw GatewayError(
                ["identity.endpoints: \(error)"], remedy: "see who owns the files in audit.directory")
        }
    }
}
