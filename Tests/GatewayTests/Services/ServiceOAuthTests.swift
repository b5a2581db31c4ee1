// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Glibc
import Identity
import Protocols
import Synchronization
import Testing

/// Services whose tokens a running gate obtains from an authorization server on loopback.
@Suite struct ServiceOAuthTests {
    /// An authorization server that answers as a test says.
    private final class TokenServer: Sendable {
        let server: SecureServer
        let authority: String

        /// - Parameter answer: Makes an answer from the number of the request and its text.
        init(_ answer: @escaping @Sendable (Int, String) -> SecureServer.Answer) async throws {
            let authority = try TestAuthority()
            let count = Counter()
            server = try await SecureServer(try authority.issue(dnsNames: ["login.test"])) { request in
                answer(count.next(), request)
            }
            self.authority = try authority.pem
        }

        var requests: [String] { server.requests }

        /// What a form said in one request.
        func form(_ index: Int) -> [String: String] {
            guard requests.indices.contains(index), let body = requests[index].components(separatedBy: "\r\n\r\n").last
            else { return [:] }
            let pairs = body.split(separator: "&").map { part -> (String, String) in
                let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                    $0.replacing("+", with: " ").removingPercentEncoding ?? ""
                }
                return (halves[0], halves.count > 1 ? halves[1] : "")
            }
            return Dictionary(pairs) { $1 }
        }

        func prepare(_ directory: String) throws {
            try ServiceGate.prepare(directory)
            try ServiceGate.write(authority, as: "ca.pem", in: directory)
            try ServiceGate.write("client-secret-81c0", as: "client", in: directory)
            try ServiceGate.write("refresh-0-a71e", as: "refresh", in: directory)
        }
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                defer { count += 1 }
                return count
            }
        }
    }

    /// Requests as a service saw them, one after the other.
    private final class Seen: Sendable {
        private let requests = Mutex<[HTTPText]>([])

        var authorizations: [String] { requests.withLock { $0 }.flatMap { $0.values("authorization") } }

        func server(_ answer: @escaping @Sendable (HTTPText) -> String = { _ in UpstreamServer.hello })
            -> UpstreamServer
        {
            UpstreamServer.http { [self] request in
                requests.withLock { $0.append(request) }
                return answer(request)
            }
        }
    }

    private static func text(
        to port: UInt16, _ login: UInt16, _ keys: String = "client_secret: \"file:$DIRECTORY/client\"",
        kind: String = "oauth", scheme: String = "", sections: String = ""
    ) -> String {
        let url = "https://login.test:\(login)/token"
        let more = "ca: $DIRECTORY/ca.pem, allow_private: true, \(keys)\(scheme)"
        return ServiceGate.text(
            to: port, service: ", credential: {\(kind): {token_url: \"\(url)\", client_id: yett, \(more)}}",
            sections: sections
        ).replacing(
            "hosts: {tickets.test: [127.0.0.1]}", with: "hosts: {tickets.test: [127.0.0.1], login.test: [127.0.0.1]}")
    }

    private static func token(_ text: String, _ more: String = "", lifetime: Int = 3600) -> SecureServer.Answer {
        .ok(
            #"{"access_token":"\#(text)","token_type":"Bearer","expires_in":\#(lifetime)\#(more)}"#,
            fields: "content-type: application/json\r\n")
    }

    private static let refresh = "refresh_token: \"file:$DIRECTORY/refresh\""

    @Test func `The gate is a client with its own secret, and one token is for all requests`() async throws {
        let login = try await TokenServer { _, _ in Self.token("access-token-55d1e0", #","scope":"read""#) }
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        let keys = "client_secret: \"file:$DIRECTORY/client\", scope: \"read write\", audience: \"https://api.test\""
        try await RunningGate.run(
            Self.text(to: upstream.port, login.server.port, keys), prepare: login.prepare
        ) { gate throws in
            let sockets = try (0..<20).map { _ in try RawSocket.connect(port: gate.port) }
            for socket in sockets {
                try socket.write(
                    "GET /s/tickets/tickets HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(ServiceGate.token)\r\n\r\n")
            }
            for socket in sockets { #expect(try HTTPText.readResponse(from: socket).status == 200) }
            #expect(login.requests.count == 1)
            #expect(seen.authorizations == Array(repeating: "Bearer access-token-55d1e0", count: 20))
            let request = try #require(login.requests.first)
            #expect(request.hasPrefix("POST /token HTTP/1.1\r\nhost: login.test:\(login.server.port)\r\n"))
            let basic = Data("yett:client-secret-81c0".utf8).base64EncodedString()
            #expect(request.contains("\r\nauthorization: Basic \(basic)\r\n"))
            #expect(
                login.form(0)
                    == ["grant_type": "client_credentials", "scope": "read write", "audience": "https://api.test"])
            let records = try gate.records().map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
            #expect(!records.contains("access-token") && !records.contains("client-secret"))

            // What a reload does not touch keeps its token.
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            #expect(login.requests.count == 1)
            try ServiceGate.write("another-secret-22ff", as: "client", in: gate.directory)
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            #expect(login.requests.count == 2)
        }
        await login.server.stop()
    }

    @Test func `A token that the service refuses is replaced, and what it repeats is covered`() async throws {
        let login = try await TokenServer { number, _ in Self.token("access-token-\(number)-9c0d1f") }
        let seen = Seen()
        let upstream = seen.server { request in
            let text = request["authorization"] ?? ""
            return text.contains("-0-")
                ? "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
        }
        defer { upstream.stop() }
        try await RunningGate.run(
            Self.text(to: upstream.port, login.server.port), prepare: login.prepare
        ) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 401)
            let answer = try gate.ask("GET", service: "/s/tickets/tickets")
            #expect(answer.status == 200)
            #expect(answer.text == "Bearer " + String(repeating: "*", count: 21))
            #expect(login.requests.count == 2)
        }
        await login.server.stop()
    }

    @Test func `Refresh tokens that replace one another are kept over a restart, sealed`() async throws {
        let login = try await TokenServer { number, request in
            request.contains("refresh_token=refresh-\(number)-a71e")
                ? Self.token("access-\(number)-4bd2e7", #","refresh_token":"refresh-\#(number + 1)-a71e""#, lifetime: 1)
                : .init(
                    "HTTP/1.1 400 Bad\r\ncontent-type: application/json\r\ncontent-length: 25\r\n\r\n"
                        + #"{"error":"invalid_grant"}"#)
        }
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        let kept = "/tmp/yett-oauth-" + String(UInt64.random(in: .min ... .max), radix: 36)
        defer { try? FileManager.default.removeItem(atPath: kept) }
        let text = Self.text(to: upstream.port, login.server.port, Self.refresh)
        for run in 0..<2 {
            try await RunningGate.run(
                text,
                prepare: { directory in
                    try login.prepare(directory)
                    if run > 0 { try FileManager.default.copyItem(atPath: kept, toPath: directory + "/audit") }
                }
            ) { gate throws in
                for _ in 0..<2 {
                    #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
                    // A life of one second is used for that second.
                    usleep(1_200_000)
                }
                for name in ["state.db", "state.db-wal"] {
                    let bytes = (try? Data(contentsOf: URL(filePath: gate.directory + "/audit/" + name))) ?? Data()
                    #expect(bytes.range(of: Data("a71e".utf8)) == nil)
                }
                let mode = try FileManager.default.attributesOfItem(atPath: gate.directory + "/audit/seal.key")
                #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600)
                if run == 0 { try FileManager.default.copyItem(atPath: gate.directory + "/audit", toPath: kept) }
            }
        }
        #expect(seen.authorizations == (0..<4).map { "Bearer access-\($0)-4bd2e7" })
        #expect(login.form(3)["refresh_token"] == "refresh-3-a71e")
        #expect(login.form(3)["client_id"] == "yett")
        await login.server.stop()
    }

    @Test func `Another refresh token in the configuration counts more than those that replaced the first`()
        async throws
    {
        let login = try await TokenServer { number, _ in
            Self.token("access-\(number)-4bd2e7", #","refresh_token":"successor-\#(number)-77b0""#)
        }
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        let text = Self.text(to: upstream.port, login.server.port, Self.refresh)
        try await RunningGate.run(text, prepare: login.prepare) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            try ServiceGate.write("refresh-by-hand-c311", as: "refresh", in: gate.directory)
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            #expect(login.form(0)["refresh_token"] == "refresh-0-a71e")
            #expect(login.form(1)["refresh_token"] == "refresh-by-hand-c311")
        }
        await login.server.stop()
    }

    @Test(
        "A server that gives no token is told about, and nothing reaches the service",
        arguments: [
            (
                "HTTP/1.1 401 No\r\ncontent-type: application/json\r\ncontent-length: 26\r\n\r\n{\"error\":\"invalid_client\"}",
                "oauth_refused"
            ),
            ("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n", "out of order"),
            ("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5\r\n\r\n<htm>", "oauth_content_type"),
            ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{]", "oauth_not_json"),
            ("HTTP/1.1 302 No\r\nlocation: https://login.test/\r\ncontent-length: 0\r\n\r\n", "cannot be reached"),
            (
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999999\r\n\r\n",
                "cannot be reached"
            ),
            ("SSH-2.0-x\r\n\r\n", "cannot be reached"),
            ("", "cannot be reached"),
            (
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 57\r\n\r\n"
                    + #"{"access_token":"a\r\nX-Evil: secret-1","token_type":"bearer"}"#, "credential_unavailable"
            ),
        ])
    func failures(answer: String, expected: String) async throws {
        let login = try await TokenServer { _, _ in SecureServer.Answer(answer) }
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(
            Self.text(to: upstream.port, login.server.port), prepare: login.prepare
        ) { gate throws in
            for _ in 0..<3 {
                let refused = try gate.ask("GET", service: "/s/tickets/tickets")
                #expect(refused.status == 503)
                #expect(refused["yett-reason"] == "credential_unavailable")
                #expect(refused.text.contains(expected), "\(refused.text)")
                #expect(!refused.text.contains("client-secret") && !refused.text.contains("secret-1"))
                #expect(!refused.text.contains("127.0.0.1"))
            }
            // The failure stands for a moment: a server in trouble is not asked with each request.
            #expect(login.requests.count <= 2)
            #expect(upstream.connectionCount == 0)
        }
        await login.server.stop()
    }

    @Test func `A server at a private address needs a word of its own, and none of the gate's listeners is one`()
        async throws
    {
        let login = try await TokenServer { _, _ in Self.token("access-token-55d1e0") }
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = Self.text(to: upstream.port, login.server.port).replacing("allow_private: true, ", with: "")
        try await RunningGate.run(text, prepare: login.prepare) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 503)
            #expect(login.requests.isEmpty)
            try gate.rewrite(Self.text(to: upstream.port, gate.port))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 503)
            try gate.rewrite(Self.text(to: upstream.port, login.server.port))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
        }
        await login.server.stop()
    }

    private static let identity = ServiceGate.identity(("/agent/bot", "agent"))

    @Test func `A token is exchanged for each caller, and is no other caller's`() async throws {
        let login = try await TokenServer { number, _ in
            Self.token(
                "exchanged-\(number)-90aa31",
                #","issued_token_type":"urn:ietf:params:oauth:token-type:access_token""#)
        }
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        let second = """
              other:
                attest: [{token: {value: "file:$DIRECTORY/other"}}]
                grants: [{name: tickets, service: tickets, methods: [GET], paths: [/tickets]}]
            """
        let text = Self.text(
            to: upstream.port, login.server.port, kind: "exchange", sections: Self.identity
        ).replacing("services:\n", with: second + "\nservices:\n")
        try await RunningGate.run(
            text,
            prepare: {
                try login.prepare($0)
                try ServiceGate.write("other-token-77aa12", as: "other", in: $0)
            }
        ) { running throws in
            let gate = IdentityGate(gate: running)
            _ = try gate.fetch()
            let keys = VerificationKeys(try JSONWebKeySet(parsing: Array(try gate.ask("/token/keys").text.utf8)))
            for token in [ServiceGate.token, "other-token-77aa12", ServiceGate.token, "other-token-77aa12"] {
                let fields = "Authorization: Bearer \(token)\r\n"
                #expect(try running.ask("GET", service: "/s/tickets/tickets", fields: fields).status == 200)
            }
            #expect(seen.authorizations == [0, 1, 0, 1].map { "Bearer exchanged-\($0)-90aa31" })
            for (index, agent) in ["bot", "other"].enumerated() {
                let form = login.form(index)
                #expect(form["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange")
                #expect(form["subject_token_type"] == "urn:ietf:params:oauth:token-type:jwt")
                let jws = try CompactJWS(parsing: Array((form["subject_token"] ?? "").utf8))
                let claims = try JSONValue(parsing: try keys.verify(jws).payload)
                #expect(claims["sub"]?.string == "spiffe://gate.test/agent/\(agent)")
                #expect(claims["aud"]?.string == "https://login.test:\(login.server.port)/token")
            }
        }
        await login.server.stop()
    }
}
