// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols
import Rego
import Testing

@Suite("The input document") struct FactsDocumentTests {
    /// Whether the input of a decision is exactly a document.
    private func isInput(
        _ expected: String, of facts: Facts, data: String = "{}", form: DecisionPolicy.InputForm = .facts
    )
        throws -> Bool
    {
        let text = """
            package test
            verdict := {"allow": false, "deny": codes, "allowed": count(codes) > 0}
            codes contains {"code": "same", "message": ""} if input == data.expected
            """
        let base = try PolicyFixture.data(#"{"expected":\#(expected),"yett":\#(data)}"#)
        let policy = try PolicyFixture.policy(text, data: base) { settings in
            settings.entryPoint = ["test", "verdict"]
            settings.input = form
        }
        let verdict = try PolicyFixture.snapshot(policy).decide(facts) { _ in GrantUsage() }
        return form == .envoy ? verdict.effect == .allow : verdict.policyCodes == ["same"]
    }

    @Test("of a tunnel has what the proxy knows and nothing else")
    func tunnel() throws {
        var facts = try GrantFixture.tunnel("web.test")
        facts.source = .tcp(try #require(IPAddress("127.0.0.1")), port: 50122)
        #expect(
            try isInput(
                """
                {"destination":{"host":"web.test","port":443,"scheme":"https"},\
                "identity":{"id":"spiffe://techresolve.local/agent/bot","proof":"token","selectors":[],"strength":1},\
                "operation":{"name":"tunnel"},"plane":"egress","risk":{"score":0,"signals":[]},\
                "source":{"address":"127.0.0.1","port":50122},"time":1790000000}
                """, of: facts))
    }

    @Test("of a tool call has person, task, service and arguments")
    func toolCall() throws {
        var facts = try GrantFixture.toolCall("ticket_search", try JSONValue(parsing: #"{"query":"refund","n":1.50}"#))
        facts.actorChain = [try SPIFFEID(parsing: "spiffe://techresolve.local/agent/planner")]
        facts.person = Person(issuer: "https://id.test", subject: "8812", groups: ["support"], authenticationTime: 5)
        facts.task = try PolicyFixture.task().facts
        facts.service = "tickets"
        facts.risk = Risk(permille: 120, signals: ["new_destination"])
        facts.destination.addresses = [try #require(IPAddress("203.0.113.5"))]
        facts.source = .process(pid: 7, uid: 1001, gid: 1002)
        let data = #"{"services":{"tickets":{"labels":{"data":"internal"},"protocol":"mcp"}}}"#
        #expect(
            try isInput(
                """
                {"actor_chain":["spiffe://techresolve.local/agent/planner"],\
                "destination":{"addresses":["203.0.113.5"],"host":"tickets.test","port":443,"scheme":"https"},\
                "http":{"method":"POST","path":"/mcp","query":""},\
                "identity":{"id":"spiffe://techresolve.local/agent/bot","proof":"token","selectors":[],"strength":1},\
                "operation":{"arguments":{"n":1.50,"query":"refund"},"name":"tools/call","tool":"ticket_search"},\
                "person":{"auth_time":5,"groups":["support"],"issuer":"https://id.test","subject":"8812"},\
                "plane":"service","risk":{"score":0.12,"signals":["new_destination"]},\
                "service":{"labels":{"data":"internal"},"name":"tickets","protocol":"mcp"},\
                "source":{"gid":1002,"pid":7,"uid":1001},"task":{"expires":1790028800,\
                "id":"t-00000000000000000000000000000001","purpose":"answer"},"time":1790000000}
                """, of: facts, data: data))
    }

    @Test("in Envoy's form has the paths that OPA's plugin gives")
    func envoy() throws {
        var facts = try GrantFixture.request("GET", "web.test", 80, "/api/v1/a%20b")
        facts.http?.query = "lang=en&lang=de&x"
        facts.http?.fields = [.init(name: "accept", value: "a"), .init(name: "accept", value: "b")]
        #expect(
            try isInput(
                """
                {"attributes":{"contextExtensions":{"operation":"request","plane":"egress"},\
                "destination":{"address":{"socketAddress":{"portValue":80}}},\
                "request":{"http":{"headers":{":authority":"web.test",":method":"GET",":path":"/api/v1/a%20b?lang=en&lang=de&x",":scheme":"http","accept":"a,b"},\
                "host":"web.test","method":"GET","path":"/api/v1/a%20b?lang=en&lang=de&x","protocol":"HTTP/1.1","scheme":"http"},\
                "time":"2026-09-21T14:13:20Z"},"source":{"principal":"spiffe://techresolve.local/agent/bot"}},\
                "parsed_body":null,"parsed_path":["api","v1","a b"],"parsed_query":{"lang":["en","de"],"x":[""]},\
                "truncated_body":false,"version":{"encoding":"protojson","ext_authz":"v3"}}
                """, of: facts, form: .envoy))
    }
}
