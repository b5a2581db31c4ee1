// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Crypto
internal import Identity
internal import IdentityPlane
internal import NIOCore
internal import Outbound
internal import Resolver
internal import YettConfiguration

/// One transmitter whose events count: who it is, its keys, how its tokens come.
final class SignalReceiver: Sendable {
    /// `name`.
    let name: String
    /// The registration.
    let transmitter: SecurityEventTransmitter
    /// Where it pushes; `nil` when it is asked.
    let path: String?
    /// How it is asked; `nil` when it pushes.
    let poll: SignalPollConfiguration?
    private let keys: IssuerKeys
    private let credential: [UInt8]
    private let digest: SHA256.Digest
    private let endpoint: (url: OutboundURL, client: GuardedClient)?

    /// For asking, with everything.
    private static let patience = TimeAmount.seconds(20)

    /// Prepares to take the tokens of a transmitter.
    ///
    /// - Throws: What is wrong with a URL or the authorities.
    init(
        _ configuration: SignalReceiverConfiguration, _ material: GateSignals.Material.Receiver,
        names: any NameResolver, listeners: @escaping @Sendable () -> [(IPAddress, UInt16)]
    ) throws {
        name = configuration.name
        transmitter = configuration.transmitter
        credential = material.credential
        digest = SHA256.hash(data: material.credential)
        switch configuration.keys {
        case .file: keys = IssuerKeys(material.keys ?? VerificationKeys([]))
        case .url(let url):
            keys = IssuerKeys(
                url,
                try GuardedFetcher(
                    url, authority: material.authority, isPrivateAllowed: configuration.isPrivateAllowed, names: names,
                    listeners: listeners))
        }
        switch configuration.delivery {
        case .push(let path, _):
            self.path = path
            poll = nil
            endpoint = nil
        case .poll(let poll):
            path = nil
            self.poll = poll
            let url = try OutboundURL(parsing: poll.url)
            let client = try GuardedClient(
                url.endpoint, isPrivateAllowed: configuration.isPrivateAllowed,
                trust: try .web(authorities: material.authority), names: names,
                limits: OutboundLimits(total: Self.patience, bodyBytes: SignalPollAnswer.longest), listeners: listeners)
            endpoint = (url, client)
        }
    }

    /// Whether this is the credential with which the transmitter pushes.
    func isCredential(_ text: String) -> Bool {
        // Digests are compared in a time that says nothing of where they differ.
        SHA256.hash(data: Array(text.utf8)) == digest
    }

    /// Why a token does not count.
    enum Refusal: Error {
        /// It never will.
        case final(SecurityEventError)
        /// The transmitter's keys cannot be asked for at present.
        case later(String)
    }

    /// Verifies a token.
    ///
    /// - Parameter isRevoked: Whether a key is void, by its name.
    func verify(
        _ token: [UInt8], now: Int64, isRevoked: (String) -> Bool
    ) async throws(Refusal) -> SecurityEventToken {
        let (jws, keyID): (CompactJWS, String)
        do throws(SecurityEventError) {
            (jws, keyID) = try SecurityEventToken.parse(token)
        } catch {
            throw .final(error)
        }
        guard !isRevoked(keyID) else { throw .final(SecurityEventError(.invalidKey, "the key was revoked")) }
        switch await key(keyID, now: now) {
        case .known(let key):
            do throws(SecurityEventError) {
                return try SecurityEventToken.verify(jws, of: transmitter, key: key, now: now)
            } catch {
                throw .final(error)
            }
        case .unknown: throw .final(SecurityEventError(.invalidKey, JWSError.unknownKey.description))
        case .unavailable(let why): throw .later(why)
        case .later: throw .later("its keys come later")
        }
    }

    private func key(_ keyID: String, now: Int64) async -> IssuerKeys.Answer {
        await withCheckedContinuation { continuation in
            let answer = keys.key(keyID, now: now) { continuation.resume(returning: $0) }
            if case .later = answer { return }
            continuation.resume(returning: answer)
        }
    }

    /// Asks for tokens.
    ///
    /// - Throws: `OutboundError`.
    func ask(_ poll: SignalPoll) async throws(OutboundError) -> OutboundResponse {
        guard let endpoint else { throw .request("this transmitter pushes") }
        var request = OutboundRequest(endpoint.url, .post(poll.body, type: "application/json"))
        request.fields.append(("authorization", "Bearer " + String(decoding: credential, as: UTF8.self)))
        return try await endpoint.client.send(request)
    }
}
