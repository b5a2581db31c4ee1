// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Synchronization

/// A sign-in that another listener of the gate began. It holds secrets.
public struct ForeignSignIn: Sendable {
    /// Where the person's browser is to go.
    public let location: String
    let request: AuthorizationRequest
}

extension ForeignSignIn: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Sign-ins at the same providers for pages of the gate that stand elsewhere. The sessions are of the same book, so that
/// what ends one ends the other.
extension PeopleService {
    /// Begins a sign-in.
    ///
    /// - Parameter redirect: Where the provider sends the browser back to; it has to know of that place.
    /// - Returns: `nil` when there is no such provider.
    /// - Throws: `ProviderError`.
    public func begin(at name: String, redirect: String) async throws(ProviderError) -> ForeignSignIn? {
        guard let client = provider(named: name) else { return nil }
        let metadata = try await client.metadata()
        var generator = SystemRandomNumberGenerator()
        let request = AuthorizationRequest(client.provider, redirectURI: redirect, using: &generator)
        return ForeignSignIn(location: request.url(metadata), request: request)
    }

    /// Ends a sign-in with the provider's answer.
    ///
    /// - Parameter query: The query with which the browser came back.
    /// - Returns: The secret of a session; `nil` when there are too many.
    /// - Throws: `ProviderError` or `AuthorizationError`.
    public func finish(_ signIn: ForeignSignIn, query: String, place: String) async throws -> String? {
        guard let client = provider(named: signIn.request.provider.name) else { return nil }
        let credentials: ProviderSignIn
        do {
            let metadata = try await client.metadata()
            let code = try AuthorizationResponse.code(
                in: Array(query.utf8), for: signIn.request, namesIssuer: metadata.namesIssuer)
            credentials = try await client.redeem(code, of: signIn.request)
        } catch {
            tell(.refused(provider: client.provider.name, address: place, why: "\(error)"))
            throw error
        }
        let now = now()
        var generator = SystemRandomNumberGenerator()
        let secret = state.withLock { state -> PeopleSecret? in
            let id = state.sessions.add(credentials, at: client.provider.name, now: now)
            return state.sessions.open(.commandLine, on: id, now: now, using: &generator)
        }
        if secret != nil { tell(.signedIn(credentials.claims.person, provider: client.provider.name, address: place)) }
        return secret?.secret
    }

    /// Ends a session.
    public func end(session: String) {
        guard let secret = PeopleSecret(.commandLine, session) else { return }
        let person = state.withLock { state -> PersonIdentifier? in
            guard let found = state.sessions.use(secret, now: now()) else { return nil }
            state.sessions.close(found.session.digest)
            return found.signIn.credentials.claims.person
        }
        if let person { tell(.signedOut(person)) }
    }
}
