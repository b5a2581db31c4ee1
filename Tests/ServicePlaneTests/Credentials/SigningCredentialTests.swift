// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Credentials
import Crypto
import Decision
import Foundation
import GateSupport
import ServicePlane
import Synchronization
import Testing

@Suite("Requests that the gate signs") struct SigningCredentialTests {
    private static let secret = Array("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".utf8)

    private static func signer(_ service: String) throws -> SigV4Signer {
        try #require(
            SigV4Signer(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: secret, sessionToken: "session-token-1f0c",
                region: "eu-west-1", service: service))
    }

    private final class Seen: Sendable {
        private let requests = Mutex<[HTTPText]>([])
        var all: [HTTPText] { requests.withLock { $0 } }

        func server() -> UpstreamServer {
            UpstreamServer.http { [self] request in
                requests.withLock { $0.append(request) }
                return UpstreamServer.hello
            }
        }
    }

    private static func options(
        _ upstream: UpstreamServer, _ service: String = "bedrock", _ payload: SigningCredential.Payload = .hashed
    ) throws -> GateOptions {
        try ServiceGate.options(upstream) { description in
            description.credential = .signed(SigningCredential(try signer(service), payload: payload))
            description.secrets = try SecretPatterns([secret])
        }
    }

    private static func hash(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }

    /// Whether the signature of a request is the one that its own words give.
    private static func isSigned(_ request: HTTPText, _ service: String, path: String, query: String = "") throws
        -> Bool
    {
        let method = String(request.startLine.split(separator: " ")[0])
        let signed = ["host", "content-type", "x-amz-target"].compactMap { name in
            request[name].map { SigV4Request.Field(name: name, value: $0) }
        }
        let stamp = try #require(request["x-amz-date"])
        let format = DateFormatter()
        format.timeZone = TimeZone(identifier: "UTC")
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
        let seconds = Int64(try #require(format.date(from: stamp)).timeIntervalSince1970)
        let isUnsigned = request["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD"
        let payload = SigV4Request.Payload.sha256(Array(SHA256.hash(data: Data(request.body))))
        let fields = try signer(service).sign(
            SigV4Request(
                method: method, path: path, query: query, fields: signed, payload: isUnsigned ? .unsigned : payload),
            at: try #require(SigV4Date(unixSeconds: seconds)))
        return fields.allSatisfy { request.values($0.name) == [$0.value] }
    }

    @Test("a body is signed as it goes out, whatever framing it came in")
    func bodies() async throws {
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        let fields =
            "Authorization: AWS4-HMAC-SHA256 mine\r\nX-Amz-Date: 20150830T123600Z\r\nx_amz_date: mine\r\n"
            + "X-Amz-Security-Token: mine\r\nX-Amz-Content-Sha256: mine\r\nX-Amz-Target: Books.Get\r\n"
        try await withGate(try Self.options(upstream)) { gate in
            let plain = try gate.ask("/s/tickets/v1/a%20b?y=2&x=1", fields: fields)
            let posted = try gate.ask(
                "/s/tickets/v1", method: "POST", fields: fields + "Content-Type: text/plain\r\n", body: "hello")
            #expect(plain.status == 200)
            #expect(posted.status == 200)
            let socket = try gate.connectToServices()
            try socket.write(
                "POST /s/tickets/v1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
            #expect(try HTTPText.readResponse(from: socket).status == 100)
            try socket.write("3\r\nabc\r\n")
            try socket.write("3\r\ndef\r\n0\r\n\r\n")
            #expect(try HTTPText.readResponse(from: socket).status == 200)
            let requests = seen.all
            try #require(requests.count == 3)
            #expect(requests[0].startLine == "GET /v1/a%20b?y=2&x=1 HTTP/1.1")
            #expect(try Self.isSigned(requests[0], "bedrock", path: "/v1/a%20b", query: "y=2&x=1"))
            #expect(requests[1].text == "hello")
            #expect(requests[1]["x-amz-content-sha256"] == Self.hash("hello"))
            #expect(try Self.isSigned(requests[1], "bedrock", path: "/v1"))
            #expect(requests[2].text == "abcdef")
            #expect(requests[2]["content-length"] == "6")
            #expect(requests[2]["transfer-encoding"] == nil && requests[2]["expect"] == nil)
            #expect(try Self.isSigned(requests[2], "bedrock", path: "/v1"))
            #expect(!upstream.text.contains("mine"))
            #expect(requests[1].values("x-amz-security-token") == ["session-token-1f0c"])
            #expect(!upstream.text.contains("wJalr"))
        }
    }

    @Test("a body that is too long to be read as a whole reaches nobody")
    func long() async throws {
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        var options = try Self.options(upstream)
        options.serviceSettings.requestBody = 1024
        try await withGate(options) { gate in
            let answer = try gate.ask("/s/tickets/v1", method: "POST", body: String(repeating: "x", count: 2000))
            #expect(answer.status == 413)
            #expect(upstream.connectionCount == 0)
        }
    }

    @Test("a request that a service could read in two ways is not signed", arguments: ["/v1/a%2fb", "/v1?a+b=1"])
    func ambiguous(path: String) async throws {
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        try await withGate(try Self.options(upstream)) { gate in
            let answer = try gate.ask("/s/tickets" + path)
            #expect(answer.status == 400)
            #expect(answer["yett-reason"] == "protocol_violation")
            #expect(upstream.connectionCount == 0)
        }
    }

    @Test("bodies for S3 may pass as they come, unsigned, and paths are spelled as they are signed")
    func objects() async throws {
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        var options = try Self.options(upstream, "s3", .unsigned)
        options.serviceSettings.requestBody = 1024
        try await withGate(options) { gate in
            let answer = try gate.ask(
                "/s/tickets/v1/a!b", method: "PUT", body: String(repeating: "x", count: 5000))
            #expect(answer.status == 200)
            let request = try #require(seen.all.first)
            #expect(request.startLine == "PUT /v1/a%21b HTTP/1.1")
            #expect(request.body.count == 5000)
            #expect(request["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD")
            #expect(try Self.isSigned(request, "s3", path: "/v1/a%21b"))
        }
    }
}
