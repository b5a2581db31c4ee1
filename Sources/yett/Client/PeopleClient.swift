// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AsyncHTTPClient
import FoundationEssentials
import Identity
import NIOCore
import NIOHTTP1
import NIOSSL
import PKI

/// Speaks with the people's listener of a gate.
struct PeopleClient {
    /// An answer for programs.
    struct Answer {
        var status: Int
        var body: ByteBuffer

        func read<Message: Decodable>(_: Message.Type) throws -> Message {
            do {
                return try AdminJSON.decoder.decode(Message.self, from: Data(body.readableBytesView))
            } catch {
                throw CommandFailure(
                    "the answer is not understood by yett \(Version.text)", remedy: "see whether the URL is a gate's")
            }
        }
    }

    /// An OAuth error.
    struct Refusal: Codable {
        var error: String
        var errorDescription: String?
    }

    private let url: String
    private let client: HTTPClient
    private static let largestAnswer = 64 * 1024

    /// Calls `body` with a client, which is shut down afterwards.
    ///
    /// - Parameters:
    ///   - url: Scheme, host and port. A session goes in the clear to loopback addresses only.
    ///   - authorities: A PEM file; `nil` for the system's authorities.
    static func with<Value>(
        _ url: String, authorities: String?, _ body: (PeopleClient) async throws -> Value
    ) async throws -> Value {
        guard let place = ProviderURL(url, allowsLoopback: true), place.target.utf8.elementsEqual("/".utf8) else {
            throw CommandFailure(
                "“\(Terminal.safe(url))” is not https, host and port; a session does not travel in the clear",
                remedy: "yett login --url https://HOST:PORT", code: .usage)
        }
        let tls: TLSConfiguration
        do {
            tls = try TLSContextFactory.client(
                authorities: try authorities.map { try InputFile.read($0, limit: 1 << 20) })
        } catch is TLSMaterialError {
            throw CommandFailure("\(authorities ?? "--ca") holds no PEM certificates", code: .usage)
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.redirectConfiguration = .disallow
        configuration.proxy = nil
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let value = try await body(PeopleClient(url: place.origin, client: client))
            try await client.shutdown()
            return value
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// Posts a form, or reads when there is none.
    func ask(_ path: String, form: [(name: String, value: String)]? = nil, session: String? = nil) async throws
        -> Answer
    {
        var request = HTTPClientRequest(url: url + path)
        if let form {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: FormText.mediaType)
            request.body = .bytes(ByteBuffer(string: FormText.encode(form)))
        }
        if let session { request.headers.add(name: "Authorization", value: "Bearer \(session)") }
        do {
            let response = try await client.execute(request, timeout: .seconds(30))
            let body = try await response.body.collect(upTo: Self.largestAnswer)
            return Answer(status: Int(response.status.code), body: body)
        } catch {
            throw CommandFailure(
                "the gate at \(Terminal.safe(url)) cannot be asked: \(Terminal.safe("\(error)"))",
                remedy:
                    "name it: yett login --url URL, and --ca FILE where its certificate is of an authority of your own")
        }
    }

    /// What an answer that is none says.
    static func failure(_ answer: Answer, remedy: String? = nil) -> CommandFailure {
        guard let refusal = try? answer.read(Refusal.self) else {
            return CommandFailure("the gate answered with status \(answer.status)", remedy: remedy)
        }
        let detail = refusal.errorDescription.map { ": \($0)" } ?? ""
        return CommandFailure(Terminal.safe("the gate refuses: \(refusal.error)\(detail)"), remedy: remedy)
    }
}
