// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AsyncHTTPClient
import Crypto
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOSSL
import PKI
import SwiftASN1
import X509

/// A certificate with its key and the authorities of its trust domain, as PEM.
struct JoinedIdentity {
    let id: String
    let certificate: String
    let key: String
    let bundle: String
    /// When the certificate ends.
    let end: String
}

/// Asks a gate on another machine for a certificate.
struct JoinClient {
    /// The URL of its endpoints.
    let gate: String
    /// PEM of the certificates that its own must end in.
    let trusted: [UInt8]

    private struct Answer: Decodable {
        let spiffeID: String
        let svid: String
        let bundle: String

        enum CodingKeys: String, CodingKey {
            case spiffeID = "spiffe_id"
            case svid
            case bundle
        }
    }

    private struct Refusal: Decodable {
        let detail: String
    }

    /// The first certificate.
    func join(token: String) async throws -> JoinedIdentity {
        try await ask("/join", ["token": token], identity: nil)
    }

    /// Another certificate for the one that is there.
    func renew(_ present: (certificate: [UInt8], key: [UInt8])) async throws -> JoinedIdentity {
        try await ask("/renew", [:], identity: present)
    }

    private func ask(
        _ path: String, _ fields: [String: String], identity: (certificate: [UInt8], key: [UInt8])?
    ) async throws -> JoinedIdentity {
        guard gate.hasPrefix("https://") else {
            throw CommandFailure("“\(Terminal.safe(gate))” is no https URL", remedy: "yett join --help", code: .usage)
        }
        let key = P256.Signing.PrivateKey()
        var fields = fields
        fields["csr"] = try Self.request(key)
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        do throws(TLSMaterialError) {
            configuration.tlsConfiguration = try TLSContextFactory.client(authorities: trusted, identity: identity)
        } catch {
            throw CommandFailure("\(error)", code: .usage)
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let outcome: (status: HTTPResponseStatus, body: ByteBuffer)
        do {
            var request = HTTPClientRequest(url: (gate.hasSuffix("/") ? String(gate.dropLast()) : gate) + path)
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(fields)))
            let response = try await client.execute(request, timeout: .seconds(30))
            outcome = (response.status, try await response.body.collect(upTo: 1 << 20))
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            throw Self.failure(error, gate)
        }
        return try Self.read(outcome.status, Data(outcome.body.readableBytesView), key)
    }

    private static func failure(_ error: any Error, _ gate: String) -> CommandFailure {
        let text = "\(error)"
        guard error is NIOSSLError || error is NIOSSLExtraError || text.contains("handshake") else {
            return CommandFailure("the gate at \(Terminal.safe(gate)) cannot be asked: \(Terminal.safe(text))")
        }
        return CommandFailure(
            "the gate at \(Terminal.safe(gate)) is not the one of the trust bundle, or refuses this certificate: "
                + Terminal.safe(text),
            remedy:
                "the URL's host must stand in the gate's identity.dns_names; see that the bundle is current: yett key bundle"
        )
    }

    private static func read(
        _ status: HTTPResponseStatus, _ body: Data, _ key: P256.Signing.PrivateKey
    ) throws -> JoinedIdentity {
        guard status == .ok else {
            let detail = (try? JSONDecoder().decode(Refusal.self, from: body))?.detail
            throw CommandFailure(
                "the gate refused: \(detail.map(Terminal.safe) ?? "status \(status.code)")",
                remedy: "for another join token, type on the gate's machine: yett token join ID")
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: body),
            let first = try? PEMDocument.parseMultiple(pemString: answer.svid).first,
            let leaf = try? Certificate(pemDocument: first), leaf.publicKey == Certificate.PublicKey(key.publicKey)
        else { throw CommandFailure("the gate's answer is no certificate for this key") }
        return JoinedIdentity(
            id: answer.spiffeID, certificate: answer.svid, key: key.pemRepresentation + "\n", bundle: answer.bundle,
            end: "\(leaf.notValidAfter.formatted(.iso8601))")
    }

    /// A request that says nothing but which key.
    private static func request(_ key: P256.Signing.PrivateKey) throws -> String {
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), privateKey: Certificate.PrivateKey(key),
            attributes: CertificateSigningRequest.Attributes(), signatureAlgorithm: .ecdsaWithSHA256)
        return try request.serializeAsPEM().pemString
    }
}
