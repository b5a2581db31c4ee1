// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Authority
internal import Credentials
internal import Identity
internal import Logging
internal import Outbound
internal import Resolver
internal import ServicePlane
internal import Storage
internal import Synchronization
internal import YettConfiguration

/// Where the tokens of services come from. What a reload does not touch stays, with the tokens that it has.
final class CredentialSources: Sendable {
    /// What makes two sources the same.
    private struct Identity: Hashable {
        let service: String
        let access: ServiceAccess
        let secrets: String
        let isSearched: Bool
    }

    private struct State {
        var sources: [Identity: TokenSource] = [:]
        var refreshTokens: [String: RefreshTokens] = [:]
    }

    private let names: any NameResolver
    private let listeners: @Sendable () -> [(IPAddress, UInt16)]
    private let vault: CredentialVault
    private let own: OwnTokens?
    private let now: @Sendable () -> Int64
    private let logger: Logger
    private let state = Mutex(State())

    /// Makes sources.
    ///
    /// - Parameters:
    ///   - own: What the gate signs itself; `nil` without token endpoints.
    ///   - listeners: Where the gate itself listens at present.
    ///   - now: Unix seconds.
    init(
        names: any NameResolver, vault: CredentialVault, own: OwnTokens?, logger: Logger,
        listeners: @escaping @Sendable () -> [(IPAddress, UInt16)], now: @escaping @Sendable () -> Int64
    ) {
        self.names = names
        self.vault = vault
        self.own = own
        self.logger = logger
        self.listeners = listeners
        self.now = now
    }

    /// The source for a registration at an authorization server.
    func source(
        for service: ServiceConfiguration, _ server: TokenServerMaterial, refreshToken: String?
    ) throws -> TokenSource {
        try kept(service, server, refreshToken) {
            let server = try authorizationServer(server, of: service)
            let isSearched = service.scansResponses
            guard let refreshToken else {
                return TokenSource(binding: .service, now: now) { _ in
                    await server.ready(isSearched: isSearched) { () throws(AuthorizationServer.Failure) in
                        try await server.token(.clientCredentials)
                    }
                }
            }
            let tokens = refreshTokens(refreshToken, of: service, server)
            return TokenSource(binding: .service, now: now) { _ in
                await server.ready(isSearched: isSearched) { () throws(AuthorizationServer.Failure) in
                    try await tokens.token(from: server)
                }
            }
        }
    }

    /// The source for an exchange of the gate's word about a caller.
    ///
    /// - Returns: `nil` when the gate signs nothing.
    func exchange(for service: ServiceConfiguration, _ server: TokenServerMaterial) throws -> TokenSource? {
        guard let own else { return nil }
        return try kept(service, server, nil) {
            let audience = server.registration.tokenURL.description
            let server = try authorizationServer(server, of: service)
            let isSearched = service.scansResponses
            let name = service.name
            return TokenSource(binding: .caller, now: now) { request in
                let word: String
                do throws(CredentialFailure) {
                    word = String(
                        decoding: try own.assertion(to: audience, service: name, request, namesDecision: false),
                        as: UTF8.self)
                } catch {
                    return .failure(error)
                }
                return await server.ready(isSearched: isSearched) { () throws(AuthorizationServer.Failure) in
                    try await server.token(.tokenExchange(OAuthSubject(token: word, type: .jwt)))
                }
            }
        }
    }

    /// Forgets sources of services that are not served any more.
    func keep(only services: Set<String>) {
        state.withLock { state in
            state.sources = state.sources.filter { services.contains($0.key.service) }
        }
    }

    private func kept(
        _ service: ServiceConfiguration, _ server: TokenServerMaterial, _ refreshToken: String?,
        _ make: () throws -> TokenSource
    ) throws -> TokenSource {
        guard let access = service.credential else { return try make() }
        let secrets = [server.secret, refreshToken.map { Array($0.utf8) } ?? [], server.authority ?? []]
        let identity = Identity(
            service: service.name, access: access,
            secrets: secrets.map { SecretDigest.hexadecimal($0) }.joined(), isSearched: service.scansResponses)
        if let source = state.withLock({ $0.sources[identity] }) { return source }
        let source = try make()
        state.withLock { state in
            // Of one service the latest two: a reload that is refused does not cost the tokens in use.
            let others = state.sources.keys.filter { $0.service.utf8.elementsEqual(service.name.utf8) }
            if others.count > 1, let first = others.first { state.sources[first] = nil }
            state.sources[identity] = source
        }
        return source
    }

    /// One for each registration, so that an old source and a new one never show the same token at once.
    private func refreshTokens(
        _ token: String, of service: ServiceConfiguration, _ server: AuthorizationServer
    ) -> RefreshTokens {
        let name = "\(service.name) at \(server.url) as \(server.client.id)"
        return state.withLock { state in
            let key = name + " " + SecretDigest.hexadecimal(Array(token.utf8))
            if let known = state.refreshTokens[key] { return known }
            let tokens = RefreshTokens(token, name: name, vault: vault, logger: logger)
            state.refreshTokens[key] = tokens
            return tokens
        }
    }

    private func authorizationServer(
        _ material: TokenServerMaterial, of service: ServiceConfiguration
    ) throws -> AuthorizationServer {
        AuthorizationServer(
            service: service.name, url: material.url, client: material.client, scopes: material.registration.scopes,
            audiences: material.registration.audience.map { [$0] } ?? [],
            connection: try GuardedClient(
                material.registration.tokenURL.endpoint, isPrivateAllowed: material.registration.isPrivateAllowed,
                trust: material.trust, names: names, listeners: listeners),
            logger: logger)
    }
}

/// What a registration at an authorization server refers to, read and checked.
struct TokenServerMaterial {
    let registration: TokenRegistration
    let url: OutboundURL
    let client: OAuthClient
    let trust: OutboundTrust
    let secret: [UInt8]
    let authority: [UInt8]?
}
