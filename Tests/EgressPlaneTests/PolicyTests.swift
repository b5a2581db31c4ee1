// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import GateSupport
import Rego
import Testing

@Suite("A user's policy at the egress plane") struct PolicyTests {
    private static func options(_ rules: String, _ change: (inout DecisionPolicy.Settings) -> Void = { _ in }) throws
        -> GateOptions
    {
        var options = GateOptions(grants: [try Grant.test("allowed.test")])
        options.workers = 1
        var settings = DecisionPolicy.Settings()
        change(&settings)
        options.policy = try DecisionPolicy(
            compiling: [PolicySource(name: "user.rego", text: rules)], settings: settings)
        return options
    }

    @Test(
        "reads the header fields that are forwarded, and no others",
        arguments: [
            ("X-Kind: secret\r\n", "policy_denied"), ("X-Kind: public\r\n", nil), ("", nil),
            ("Connection: x-kind\r\nX-Kind: secret\r\n", nil),
            ("x-kind: public\r\nx-KIND: secret\r\n", "policy_denied"),
            ("Proxy-Authorization: Bearer secret\r\n", nil),
        ])
    func fields(lines: String, reason: String?) async throws {
        let upstream = UpstreamServer { connection in
            _ = try? HTTPText.readRequest(from: connection)
            try? connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        defer { upstream.stop() }
        var options = try Self.options(
            """
            package yett.authz
            deny contains "secret" if {
                input.operation.name == "request"
                input.http.headers[_][_] in {"secret", "Bearer secret"}
            }
            """)
        options.lead(to: upstream)
        try await withGate(options) { gate in
            let socket = try gate.connect()
            try socket.write("GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\n\(lines)\r\n")
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer["yett-reason"] == reason)
            #expect(answer.status == (reason == nil ? 200 : 403))
        }
    }

    @Test("in Envoy's form decides by method, path and token")
    func envoy() async throws {
        let upstream = UpstreamServer { connection in
            _ = try? HTTPText.readRequest(from: connection)
            try? connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        defer { upstream.stop() }
        var options = try Self.options(
            """
            package envoy.authz
            import input.attributes.request.http as http_request
            default allow := false
            allow if {
                http_request.method == "GET"
                glob.match("/people/*", ["/"], http_request.path)
                [_, token] := split(http_request.headers.authorization, " ")
                token == "alice"
                input.parsed_path == ["people", "7"]
            }
            """
        ) { settings in
            settings.entryPoint = ["envoy", "authz", "allow"]
            settings.input = .envoy
        }
        options.lead(to: upstream)
        try await withGate(options) { gate async throws in
            func status(_ method: String, _ path: String, _ token: String) throws -> Int {
                let socket = try gate.connect()
                try socket.write(
                    "\(method) http://allowed.test\(path) HTTP/1.1\r\nHost: allowed.test\r\nAuthorization: Bearer \(token)\r\n\r\n"
                )
                return try HTTPText.readResponse(from: socket).status
            }
            #expect(try status("GET", "/people/7", "alice") == 200)
            #expect(try status("GET", "/people/7", "bob") == 403)
            #expect(try status("POST", "/people/7", "alice") == 403)
            #expect(try status("GET", "/people/7/pay", "alice") == 403)
        }
    }
}
