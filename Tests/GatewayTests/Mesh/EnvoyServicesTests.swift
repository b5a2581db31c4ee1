// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Credentials
import Crypto
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Protocols
import Testing

@testable import IdentityPlane

/// What a real Envoy lets pass to services of several protocols, in both variants of external authorization.
@Suite(.timeLimit(.minutes(3))) struct EnvoyServicesTests {
    private static let document = """
        openapi: 3.0.3
        servers: [{url: "https://api.gate.test"}]
        paths:
          /items/{id}:
            parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
            get: {operationId: getItem}
            delete: {operationId: deleteItem}
        """

    private static let secret = "customer-record-4f9a1c77e2"
    private static let awsKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    private static let apiKey = "api-key-of-the-files-0123456789"

    private static func text(_ extra: String = "") -> String {
        """
        agents:
          coder:
            attest: [{x509: true}]
            grants:
              - {name: files, service: files, methods: [GET, POST], paths: [/open/]}
              - {name: models, service: models, tools: {small: {}}}
              - {name: api, service: api, operations: [getItem]}
              - {name: helper, service: helper, tools: {summarize: {}}}
              - {name: books, service: books, methods: [GET, POST]}
        services:
          files:
            host: files.gate.test
            port: 443
            protocol: http
            tls: web
            credential: {header: X-Api-Key, secret: "file:$DIRECTORY/api.key"}
          models: {host: models.gate.test, port: 443, protocol: llm, tls: web}
          api: {host: api.gate.test, port: 443, protocol: http, tls: web, openapi: "$DIRECTORY/api.yaml"}
          helper: {host: helper.gate.test, port: 443, protocol: a2a, tls: web}
          books:
            host: books.gate.test
            port: 443
            tls: web
            credential:
              aws: {access_key_id: AKIDEXAMPLE, secret_access_key: "file:$DIRECTORY/aws", region: eu-west-1, service: execute-api}
        identity:
          source: embedded
          directory: $DIRECTORY/identity
          socket: $DIRECTORY/workload.sock
          entries:
            - {id: /agent/coder, selectors: ["unix:uid:\(geteuid())"], hint: agent}
            - {id: /envoy/front, selectors: ["unix:uid:\(geteuid())"], hint: front}
        mesh:
          address: "127.0.0.1:0"
          envoys: ["spiffe://gate.test/envoy/front"]
          socket: $DIRECTORY/mesh.sock
          uids: [\(geteuid())]
        \(extra)
        """
    }

    private static func prepare(_ directory: String) throws {
        try ServiceGate.write(apiKey, as: "api.key", in: directory)
        try ServiceGate.write(secret, as: "customer", in: directory)
        try ServiceGate.write(awsKey, as: "aws", in: directory)
        try ServiceGate.write(document, as: "api.yaml", in: directory)
    }

    /// A gate, and an Envoy that asks it, with certificates for both.
    private struct Setting: Sendable {
        let gate: RunningGate
        let front: EnvoyFront
        let upstream: UpstreamServer

        func ask(_ path: String, _ more: [String] = []) throws -> (code: Int, text: String) {
            let outcome = try Program(
                "curl",
                [
                    "-skSi", "--max-time", "20", "--path-as-is", "-w", "\n%{http_code}", "--cert",
                    "\(front.directory)/agent.pem", "--key", "\(front.directory)/agent.key",
                ] + more + ["https://localhost:\(front.port)\(path)"], keepsErrors: true
            ).outcome()
            guard let line = outcome.text.lastIndex(of: "\n"), let code = Int(outcome.text[line...].dropFirst()) else {
                return (0, outcome.text)
            }
            return (code, String(outcome.text[..<line]))
        }

        func send(_ path: String, _ json: String, _ more: [String] = []) throws -> (code: Int, text: String) {
            try ask(path, ["-H", "content-type: application/json", "-d", json] + more)
        }
    }

    private static func run(
        _ text: String, _ options: EnvoyFront.Options, way: EnvoyFront.Way = .unix, policy: String = "",
        prepare more: @escaping @Sendable (String) throws -> Void = { _ in },
        _ body: @escaping @Sendable (Setting) throws -> Void
    ) async throws {
        let upstream = UpstreamServer.http { _ in UpstreamServer.hello }
        defer { upstream.stop() }
        let directory = "/tmp/yett-envoy-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try #require(mkdir(directory, 0o700) == 0)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let prepare: @Sendable (String) throws -> Void = { directory in
            try Self.prepare(directory)
            try ServiceGate.write(policy, as: "tea.rego", in: directory)
            try more(directory)
        }
        try await RunningGate.run(text, prepare: prepare) { gate throws in
            _ = try IdentityGate(gate: gate).fetch()
            for name in ["agent", "front"].flatMap({ [$0 + ".pem", $0 + ".key"] }) + ["bundle.pem"] {
                try FileManager.default.copyItem(atPath: gate.directory + "/" + name, toPath: directory + "/" + name)
            }
            let port = gate.listeners.first { $0.contains("127.0.0.1:") }?.split(separator: ":").last
            let place = way == .unix ? gate.directory + "/mesh.sock" : String(try #require(port))
            let front = try EnvoyFront(in: directory, way: way, gate: place, upstream: upstream.port, options)
            defer { front.stop() }
            let setting = Setting(gate: gate, front: front, upstream: upstream)
            try #require(try comesTrue { try setting.ask("/open/a").code == 200 }, "\(front.log)")
            try body(setting)
        }
    }

    private static let routes = [
        EnvoyFront.Route(prefix: "/v1/", service: "models"), EnvoyFront.Route(prefix: "/items", service: "api"),
        EnvoyFront.Route(prefix: "/agent", service: "helper"),
        EnvoyFront.Route(prefix: "/watched", service: "files", observes: true),
        EnvoyFront.Route(prefix: "/books", service: "books", host: "books.gate.test"),
        EnvoyFront.Route(prefix: "/none", service: "missing"), EnvoyFront.Route(prefix: "/", service: "files"),
    ]

    @Test func `Models and documents are judged by what they are asked for`() async throws {
        var options = EnvoyFront.Options()
        options.routes = Self.routes
        try await Self.run(Self.text(), options) { setting throws in
            func call(_ model: String, _ more: String = "") -> String {
                #"{"model":"\#(model)","messages":[{"role":"user","content":"hi"}]\#(more)}"#
            }
            let path = "/v1/chat/completions"
            #expect(try setting.send(path, call("small")).code == 200)
            #expect(try setting.gate.record("kind=decision")?.text("operation") == "models/call")
            let other = try setting.send(path, call("large"))
            #expect(other.code == 403 && other.text.contains("tool_not_granted"), "\(other.text)")
            #expect(try setting.send(path, #"{"model":"small","model":"large","messages":[{}]}"#).code == 400)
            #expect(
                try setting.send(path, call("small", #","pad":""# + String(repeating: "x", count: 4000) + "\"")).code
                    >= 400)
            #expect(try setting.send("/v1/unknown", "{}").code >= 400)

            #expect(try setting.ask("/items/7").code == 200)
            #expect(try setting.gate.record("kind=decision")?.text("tool") == "getItem")
            #expect(try setting.ask("/items/7", ["-X", "DELETE"]).text.contains("tool_not_granted"))
            #expect(try setting.ask("/items/seven").text.contains("argument_refused"))
            #expect(try setting.ask("/items/7/more").text.contains("operation_unknown"))
            #expect(try setting.ask("/none").text.contains("service_unknown"))

            func message(_ skill: String, _ method: String = "SendMessage") -> String {
                #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"message":{"messageId":"1","role":"ROLE_USER","#
                    + #""parts":[{"text":"hi"}],"metadata":{"skill":"\#(skill)"}}}}"#
            }
            let version = ["-H", "A2A-Version: 1.0"]
            let list = try setting.send(
                "/agent", #"{"jsonrpc":"2.0","id":1,"method":"ListTasks","params":{}}"#, version)
            #expect(list.code >= 400, "\(list.text)")
            #expect(try setting.send("/agent", message("other"), version).code >= 400)
        }
    }

    @Test func `What must not get out does not get out, and what is only watched is told`() async throws {
        var options = EnvoyFront.Options()
        options.routes = Self.routes
        let text = Self.text(
            """
              observe: [files]
            leaks:
              mode: enforce
              secrets: [{name: customer-record, value: "file:$DIRECTORY/customer"}]
            """)
        try await Self.run(text, options) { setting throws in
            #expect(try setting.send("/open/a", #"{"note":"fine"}"#).code == 200)
            for tried in [
                try setting.send("/open/a", #"{"note":"\#(Self.secret)"}"#),
                try setting.send("/open/a", #"{"note":"\#(Data(Self.secret.utf8).base64EncodedString())"}"#),
                try setting.ask("/open/\(Self.secret)"), try setting.ask("/open/a", ["-H", "x-note: \(Self.secret)"]),
                try setting.send("/open/a", #"{"pad":""# + String(repeating: "x", count: 4000) + "\"}"),
                try setting.send("/open/a", "{}", ["-H", "content-encoding: br"]),
            ] {
                #expect(
                    tried.code == 403 && tried.text.lowercased().contains("yett-reason: leak_found"), "\(tried.text)")
            }
            let records = try setting.gate.records("kind=decision&limit=1000")
            #expect(!records.contains { ($0.text("path") ?? "").contains(Self.secret) })

            let watched = try setting.ask("/watched/a")
            #expect(watched.code == 200)
            let record = try #require(try setting.gate.record("kind=decision"))
            #expect(record.text("verdict") == "allow" && record.list("obligations") == ["observed"])
            #expect(record.list("reasons") == ["path_not_granted"])
            // What is only watched gets nothing that the gate keeps.
            #expect(
                !setting.upstream.text.components(separatedBy: "GET /watched").dropFirst().joined().contains(
                    Self.apiKey))
            #expect(try setting.gate.ask("POST", "quarantine", body: #"{"agent":"coder"}"#).status == 200)
            #expect(try setting.ask("/watched/a").code == 403)
        }
    }

    @Test func `A route may watch only where the gate lets it`() async throws {
        var options = EnvoyFront.Options()
        options.routes = Self.routes
        try await Self.run(Self.text(), options) { setting throws in
            #expect(try setting.ask("/watched/a").text.lowercased().contains("yett-reason: path_not_granted"))
        }
    }

    @Test(
        arguments: [(EnvoyFront.Way.unix, true), (.unix, false), (.tcp, false)])
    func `The HTTP variant decides the same, and believes Envoy's word only`(
        way: EnvoyFront.Way, usesHTTP2: Bool
    ) async throws {
        var options = EnvoyFront.Options()
        options.httpService = "files"
        options.usesHTTP2 = usesHTTP2
        let text = Self.text(
            """
            leaks:
              mode: enforce
              secrets: [{name: customer-record, value: "file:$DIRECTORY/customer"}]
            """)
        try await Self.run(text, options, way: way) { setting throws in
            let allowed = try setting.ask(
                "/open/a?b=c", ["-H", "x-api-key: forged", "-H", "yett-decision: forged", "-H", "yett-approval: x"])
            #expect(allowed.code == 200)
            let seen = setting.upstream.text.components(separatedBy: "GET ").last?.lowercased() ?? ""
            #expect(seen.contains("/open/a?b=c") && seen.contains("x-api-key: \(Self.apiKey)"), "\(seen)")
            #expect(seen.contains("yett-decision: d-") && !seen.contains("forged"), "\(seen)")
            #expect(!seen.contains("yett-approval"))
            let denied = try setting.ask("/secret")
            #expect(denied.code == 403 && denied.text.lowercased().contains("yett-reason: path_not_granted"))
            #expect(denied.text.contains("application/problem+json"))
            // A refusal of HEAD has no body, which would be taken for the next answer.
            #expect(try setting.ask("/secret", ["-I"]).code == 403)
            // A client's own word about who it is does not get so far.
            let forged = try setting.ask(
                "/secret", ["-H", "x-forwarded-client-cert: URI=spiffe://gate.test/agent/other"])
            #expect(forged.text.contains("spiffe://gate.test/agent/coder"), "\(forged.text)")
            #expect(try setting.ask("/yett/authorize/other/open/a").code == 403)
            #expect(try setting.ask("/open/../secret").code == 400)
            #expect(try setting.ask("/open/%2e%2e%2fsecret").code == 400)
            // Bodies, whole and in part; a client's own word about that counts for nothing.
            #expect(try setting.send("/open/a", #"{"note":"fine"}"#).code == 200)
            #expect(try setting.send("/open/a", "x", ["-H", "transfer-encoding: chunked"]).code == 200)
            #expect(try setting.send("/open/a", #"{"note":"\#(Self.secret)"}"#).text.contains("leak_found"))
            let partial = try setting.send(
                "/open/a", String(repeating: "x", count: 4000), ["-H", "x-envoy-auth-partial-body: false"])
            #expect(partial.code == 403 && partial.text.contains("a part of the body only"), "\(partial.text)")
        }
    }

    @Test func `Ends and bytes that Envoy tells of are in the tree, beside their decisions`() async throws {
        var options = EnvoyFront.Options()
        options.logs = true
        try await Self.run(Self.text(), options) { setting throws in
            let body = String(repeating: "x", count: 1500)
            #expect(try setting.ask("/open/long", ["-d", body]).code == 200)
            let decision = try #require(try setting.gate.record("kind=decision")?.text("decision"))
            #expect(
                try comesTrue {
                    try setting.gate.records("kind=connection_end&limit=100").contains {
                        $0.text("decision") == decision
                    }
                })
            let end = try #require(
                try setting.gate.records("kind=connection_end&limit=100").first { $0.text("decision") == decision })
            #expect(end.text("plane") == "mesh" && end.text("service") == "files")
            #expect(end.text("agent") == "spiffe://gate.test/agent/coder")
            #expect(end.text("method") == "POST" && (end.number("bytes_up") ?? 0) >= 1500)
            #expect((end.number("bytes_down") ?? 0) > 0 && (end.text("detail") ?? "").hasPrefix("status 200"))
        }
    }

    @Test func `Connections that nobody is asked about are in the tree with their bytes`() async throws {
        var options = EnvoyFront.Options()
        options.carriesTCP = true
        try await Self.run(Self.text(), options) { setting throws in
            #expect(
                try comesTrue {
                    try setting.gate.records("kind=connection_end&limit=100").contains { $0.text("plane") == "mesh" }
                })
            let end = try #require(try setting.gate.record("kind=connection_end"))
            #expect(end.text("agent") == "spiffe://gate.test/agent/coder" && end.text("decision") == nil)
            #expect((end.number("bytes_up") ?? 0) > 50 && (end.number("bytes_down") ?? 0) > 20)
            #expect((end.number("duration_us") ?? 0) > 0 && end.text("service") == nil)
            #expect(try setting.gate.records("kind=decision&limit=100").isEmpty)
        }
    }

    @Test func `Requests are signed that Envoy sends, with their bodies`() async throws {
        var options = EnvoyFront.Options()
        options.routes = Self.routes
        try await Self.run(Self.text(), options) { setting throws in
            for (body, type) in [(#"{"title":"Kim"}"#, "application/json"), ("", nil)] {
                let forged = ["authorization: AWS4-HMAC-SHA256 mine", "x-amz-security-token: mine", "x-amz-date: mine"]
                var more = (forged + ["x-amz-target: Books.Put"]).flatMap { ["-H", $0] }
                if let type { more += ["-H", "content-type: \(type)", "-d", body] }
                #expect(try setting.ask("/books/new%20ones?b=2&a=1", more).code == 200)
                let seen = setting.upstream.text.components(separatedBy: type == nil ? "GET /books" : "POST /books")
                    .last
                let fields = try Self.fields(of: try #require(seen))
                #expect(fields["host"] == "books.gate.test" && fields["x-amz-security-token"] == nil)
                let stamp = try #require(fields["x-amz-date"])
                let now = Int64(Date().timeIntervalSince1970)
                let date = try #require(
                    (now - 120...now).lazy.compactMap { SigV4Date(unixSeconds: $0) }.first { $0.text == stamp })
                let signer = try #require(
                    SigV4Signer(
                        accessKeyID: "AKIDEXAMPLE", secretAccessKey: Array(Self.awsKey.utf8), region: "eu-west-1",
                        service: "execute-api"))
                let expected = try signer.sign(
                    SigV4Request(
                        method: type == nil ? "GET" : "POST", path: "/books/new%20ones", query: "b=2&a=1",
                        fields: ["host", "content-type", "x-amz-target"].compactMap { name in
                            fields[name].map { SigV4Request.Field(name: name, value: $0) }
                        }, payload: .sha256(Array(SHA256.hash(data: Data(body.utf8))))), at: date)
                #expect(expected.count == 3)
                for field in expected { #expect(fields[field.name] == field.value) }
            }
            let count = setting.upstream.text.components(separatedBy: " /books").count
            // A body that is shown in part has another hash.
            let partial = try setting.send("/books/new", String(repeating: "x", count: 4000))
            #expect(partial.code == 400 && partial.text.contains("raise max_request_bytes"), "\(partial.text)")
            // A query that the service could read in two ways.
            let query = try setting.ask("/books/new?a=b+c")
            #expect(query.code == 503 && query.text.contains("sigv4_ambiguous_query"), "\(query.text)")
            #expect(setting.upstream.text.components(separatedBy: " /books").count == count)
        }
    }

    /// The fields of a request, names in lower case.
    private static func fields(of request: String) throws -> [String: String] {
        let head = request.components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n").dropFirst()
        return Dictionary(
            head.compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return parts.count == 2 ? (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces)) : nil
            }
        ) { "\($0),\($1)" }
    }

    @Test func `A token is obtained while Envoy waits, and once for all requests`() async throws {
        let authority = try TestAuthority()
        let token = #"{"access_token":"access-token-55d1e0","token_type":"Bearer","expires_in":3600}"#
        let login = try await SecureServer(try authority.issue(dnsNames: ["login.test"])) { request in
            request.contains("client_id=") || request.contains("uthorization: Basic")
                ? .ok(token, fields: "content-type: application/json\r\n") : .ok("{}")
        }
        let pem = try authority.pem
        let url = "https://login.test:\(login.port)/token"
        let text =
            Self.text().replacing(
                "credential: {header: X-Api-Key, secret: \"file:$DIRECTORY/api.key\"}",
                with: "credential: {oauth: {token_url: \"\(url)\", client_id: yett, ca: $DIRECTORY/ca.pem, "
                    + "allow_private: true, client_secret: \"file:$DIRECTORY/client\"}}"
            ) + "\negress: {resolver: {hosts: {login.test: [127.0.0.1]}}}\n"
        try await Self.run(text, EnvoyFront.Options()) { directory in
            try ServiceGate.write(pem, as: "ca.pem", in: directory)
            try ServiceGate.write("client-secret-81c0", as: "client", in: directory)
        } _: { setting throws in
            for _ in 0..<3 { #expect(try setting.ask("/open/a", ["-H", "authorization: Bearer mine"]).code == 200) }
            let seen = setting.upstream.text.lowercased()
            #expect(seen.contains("authorization: bearer access-token-55d1e0") && !seen.contains("bearer mine"))
            #expect(login.requests.count == 1)
        }
        await login.stop()
    }

    @Test func `An authorization server that gives no token has the request refused`() async throws {
        let authority = try TestAuthority()
        let login = try await SecureServer(try authority.issue(dnsNames: ["login.test"])) { _ in .ok("{}") }
        let pem = try authority.pem
        let url = "https://login.test:\(login.port)/token"
        let text =
            Self.text().replacing(
                "  models: {host: models.gate.test, port: 443, protocol: llm, tls: web}",
                with: "  models: {host: models.gate.test, port: 443, protocol: llm, tls: web, credential: {oauth: "
                    + "{token_url: \"\(url)\", client_id: yett, ca: $DIRECTORY/ca.pem, allow_private: true, "
                    + "client_secret: \"file:$DIRECTORY/client\"}}}"
            ) + "\negress: {resolver: {hosts: {login.test: [127.0.0.1]}}}\n"
        var options = EnvoyFront.Options()
        options.routes = Self.routes
        try await Self.run(text, options) { directory in
            try ServiceGate.write(pem, as: "ca.pem", in: directory)
            try ServiceGate.write("client-secret-81c0", as: "client", in: directory)
        } _: { setting throws in
            let call = #"{"model":"small","messages":[{"role":"user","content":"hi"}]}"#
            let refused = try setting.send("/v1/chat/completions", call)
            #expect(refused.code == 503 && refused.text.contains("credential_unavailable"), "\(refused.text)")
        }
        await login.stop()
    }

    @Test func `After a revocation a newer certificate counts, where Envoy passes it on`() async throws {
        var options = EnvoyFront.Options()
        options.passesCertificate = true
        try await Self.run(Self.text(), options) { setting throws in
            #expect(try setting.gate.ask("POST", "revocations", body: #"{"agent":"coder"}"#).status == 201)
            #expect(try setting.ask("/open/a").text.contains("agent_revoked"))
            // The same agent, with what it was given since.
            #expect(
                try comesTrue {
                    _ = try IdentityGate(gate: setting.gate).fetch()
                    for name in ["agent.pem", "agent.key"] {
                        try Data(contentsOf: URL(filePath: setting.gate.directory + "/" + name)).write(
                            to: URL(filePath: setting.front.directory + "/" + name))
                    }
                    return try setting.ask("/open/a").code == 200
                })
        }
    }

    @Test func `A policy for OPA's plugin sees the body and changes what the service gets`() async throws {
        var options = EnvoyFront.Options()
        let policy = """
            package envoy.authz
            import rego.v1
            import input.attributes.request.http as request
            default allow := {"allowed": false, "http_status": 418, "body": "no tea", "headers": {"x-why": "no"}}
            allow := {"allowed": true} if input.parsed_path == ["open", "a"]
            allow := {
                "allowed": true, "headers": {"x-user": input.parsed_body.user},
                "response_headers_to_add": {"x-seen": "yes"}, "request_headers_to_remove": ["x-secret"],
            } if {
                input.parsed_path == ["tea"]
                request.headers.authorization == "Bearer t"
                not input.truncated_body
            }
            """
        options.routes = [EnvoyFront.Route(prefix: "/", service: "files")]
        let text = Self.text("policy: {files: [\"$DIRECTORY/tea.rego\"], entry_point: envoy/authz/allow}")
        try await Self.run(text, options, policy: policy) { setting throws in
            let allowed = try setting.send(
                "/tea", #"{"user":"ada"}"#, ["-H", "authorization: Bearer t", "-H", "x-secret: s"])
            #expect(allowed.code == 200 && allowed.text.contains("x-seen: yes"), "\(allowed.text)")
            let seen = setting.upstream.text.components(separatedBy: "POST /tea").last?.lowercased() ?? ""
            #expect(seen.contains("x-user: ada") && !seen.contains("x-secret"), "\(seen)")
            let denied = try setting.send("/tea", #"{"user":"ada"}"#)
            #expect(denied.code == 418 && denied.text.contains("no tea") && denied.text.contains("x-why: no"))
        }
    }
}
