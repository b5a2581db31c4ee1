// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols
import Testing

@Suite("A policy for OPA's plugin for Envoy") struct EnvoyPolicyTests {
    /// Who may do what, by the user name that the request brings, as such policies are commonly written.
    private static let roles = """
        package envoy.authz

        import input.attributes.request.http as http_request
        import rego.v1

        default allow := false

        allow if {
            some role in roles[user]
            some permission in permissions[role]
            permission.method == http_request.method
            permission.path == http_request.path
        }

        user := name if {
            [_, encoded] := split(http_request.headers.authorization, " ")
            [name, _] := split(base64url.decode(encoded), ":")
        }

        roles := {"ada": ["guest"], "bea": ["admin"]}

        permissions := {
            "guest": [{"method": "GET", "path": "/products"}],
            "admin": [{"method": "GET", "path": "/products"}, {"method": "POST", "path": "/products"}],
        }
        """

    private static func facts(
        _ method: String = "GET", _ path: String = "/products", query: String? = nil,
        fields: [(String, String)] = [], body: String = "", isPartial: Bool = false
    ) throws -> Facts {
        var facts = try GrantFixture.request(method, "web.test", 80, path)
        facts.plane = .mesh
        facts.http?.query = query
        facts.carried = CarriedFacts(
            id: "7", host: "shop.test", scheme: "https", version: "HTTP/2", size: Int64(body.utf8.count),
            fields: fields.map { .init(name: $0.0, value: $0.1) }, body: Array(body.utf8), isPacked: false,
            isPartial: isPartial, extensions: [(name: "tier", value: "gold")],
            destination: .tcp(try #require(IPAddress("10.0.0.2")), port: 8443), certificate: "pem")
        return facts
    }

    private static func decide(_ text: String, _ facts: Facts) throws -> Verdict {
        try PolicyFixture.decide(text, facts) {
            $0.entryPoint = ["envoy", "authz", "allow"]
            $0.input = .envoy
            $0.phases = .phases(of: [.egress, .mesh])
        }
    }

    @Test(
        "decides by a user name in Authorization",
        arguments: [
            ("GET", "YWRhOng=", Verdict.Effect.allow), ("POST", "YWRhOng=", .deny), ("POST", "YmVhOng=", .allow),
            ("GET", "bm9ib2R5Ong=", .deny),
        ])
    func users(method: String, token: String, effect: Verdict.Effect) throws {
        let facts = try Self.facts(method, fields: [("authorization", "Basic \(token)")])
        #expect(try Self.decide(Self.roles, facts).effect == effect)
    }

    @Test("knows what Envoy says of the request, and the body where all of it is there")
    func members() throws {
        let policy = """
            package envoy.authz
            import rego.v1
            default allow := false
            allow if {
                input.attributes.contextExtensions.tier == "gold"
                input.attributes.request.http.host == "shop.test"
                input.attributes.request.http.size == "15"
                input.attributes.source.certificate == "pem"
                input.attributes.destination.address.socketAddress.portValue == 8443
                input.parsed_path == ["a", "b"]
                input.parsed_query.x == ["1", "2"]
                input.parsed_body.name == "ball"
            }
            """
        let type = ("content-type", "application/json; charset=utf-8")
        func effect(_ body: String, isPartial: Bool = false) throws -> Verdict.Effect {
            try Self.decide(
                policy,
                try Self.facts("POST", "/a/b", query: "x=1&x=2", fields: [type], body: body, isPartial: isPartial)
            ).effect
        }
        #expect(try effect(#"{"name":"ball"}"#) == .allow)
        #expect(try effect(#"{"name":"bill"}"#) == .deny)
        #expect(try effect(#"{"name":"ball"}"#, isPartial: true) == .deny)
    }

    @Test("sees whether a body is cut off")
    func truncated() throws {
        let policy = """
            package envoy.authz
            import rego.v1
            default allow := false
            allow if { input.truncated_body; input.parsed_body == null }
            """
        let type = ("content-type", "application/json")
        #expect(
            try Self.decide(policy, try Self.facts(fields: [type], body: #"{"a""#, isPartial: true)).effect == .allow)
        #expect(
            try Self.decide(policy, try Self.facts(fields: [type, ("content-length", "99")], body: #"{"a""#)).effect
                == .allow)
        let broken = try Self.decide(policy, try Self.facts(fields: [type], body: #"{"a""#))
        #expect(broken.effect == .deny && broken.reason == .protocolViolation)
    }

    @Test("reads forms")
    func forms() throws {
        let policy = """
            package envoy.authz
            import rego.v1
            default allow := false
            allow if input.parsed_body == {"a": ["b c"], "d": ["e", ""]}
            """
        let facts = try Self.facts(
            fields: [("content-type", "application/x-www-form-urlencoded")], body: "a=b+c&d=e&d=")
        #expect(try Self.decide(policy, facts).effect == .allow)
    }

    private static let object = """
        package envoy.authz
        import rego.v1
        allow := {
            "allowed": input.attributes.request.http.method == "GET",
            "headers": {"x-user": "ada", "yett-decision": "forged", "host": "elsewhere.test"},
            "response_headers_to_add": {"x-seen": "yes"},
            "request_headers_to_remove": ["x-secret", "bad name"],
            "query_parameters_to_remove": ["debug"],
            "query_parameters_to_set": {"tenant": ["a"]},
            "dynamic_metadata": {"team": "blue", "level": 3},
            "body": "not here", "http_status": 418,
        }
        """

    @Test("may demand changes of what Envoy carries, but not of what is the gate's")
    func changes() throws {
        let verdict = try Self.decide(Self.object, try Self.facts())
        #expect(verdict.effect == .allow)
        let changes = try #require(verdict.changes)
        #expect(changes.requestFields.map(\.name) == ["x-user"])
        #expect(changes.responseFields.map(\.value) == ["yes"])
        #expect(changes.removedFields == ["x-secret"])
        #expect(changes.removedQuery == ["debug"] && changes.query.map(\.name) == ["tenant"])
        #expect(changes.metadata?["team"] == .string("blue"))
        let denied = try Self.decide(Self.object, try Self.facts("PUT"))
        #expect(denied.effect == .deny && denied.answer?.status == 418 && denied.answer?.body == "not here")
        #expect(denied.answer?.metadata?["level"] != nil)
    }

    @Test("is refused on other planes what only Envoy can do")
    func elsewhere() throws {
        var facts = try Self.facts()
        facts.plane = .egress
        #expect(try Self.decide(Self.object, facts).reason == .policyObligation)
    }
}
