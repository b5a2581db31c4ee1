// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Credentials
internal import Logging

/// The refresh token of one registration: one use at a time, and the token that replaces it is kept before the access token
/// is used.
actor RefreshTokens {
    private let vault: CredentialVault
    private let name: String
    /// What the configuration refers to.
    private let first: String
    private let logger: Logger
    /// The latest token; `nil` until it was looked for.
    private var current: String?
    /// Whether the latest token is not on the device yet.
    private var isUnkept = false
    /// Whether somebody uses it at this moment, and who comes next.
    private var isInUse = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    /// A refresh token, and where the ones are kept that replace it.
    ///
    /// - Parameter name: What it is for; the same for each run.
    init(_ token: String, name: String, vault: CredentialVault, logger: Logger) {
        first = token
        self.name = name
        self.vault = vault
        self.logger = logger
    }

    /// Asks for an access token with the latest refresh token, behind everybody who asked before.
    func token(from server: AuthorizationServer) async throws(AuthorizationServer.Failure) -> OAuthToken {
        await enter()
        defer { leave() }
        if current == nil {
            do throws(CredentialVaultError) {
                current = try vault.token(of: name, replacing: first) ?? first
            } catch {
                throw .vault("\(error)")
            }
        }
        let shown = current ?? first
        let token = try await server.token(.refreshToken(shown))
        if let fresh = token.refreshToken, !fresh.utf8.elementsEqual(shown.utf8) {
            current = fresh
            isUnkept = true
        }
        keep()
        return token
    }

    private func enter() async {
        guard isInUse else {
            isInUse = true
            return
        }
        await withCheckedContinuation { queue.append($0) }
    }

    private func leave() {
        guard !queue.isEmpty else {
            isInUse = false
            return
        }
        queue.removeFirst().resume()
    }

    /// The old token may be worth nothing by now, so one that cannot be kept is used on, and kept as soon as it can be.
    private func keep() {
        guard isUnkept, let current else { return }
        do throws(CredentialVaultError) {
            try vault.keep(current, of: name, replacing: first)
            isUnkept = false
        } catch {
            logger.error(
                "a refresh token cannot be kept; it is lost when the gate stops before it can be",
                metadata: ["service": .string(name), "error": .string("\(error)")])
        }
    }
}
