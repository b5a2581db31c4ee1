// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Protocols
import Testing
import YettConfiguration

/// Services, what the gate adds to their requests, and the proxy in front of them.
@Suite struct ServiceTests {
    static func read(_ service: String) -> ReadResult {
        GateConfiguration.read(
            "trust_domain: a.test\nservice_proxy: {}\nservices:\n  s: {host: s.test, \(service)}\n", file: "f")
    }

    static func service(_ text: String) throws -> ServiceConfiguration {
        let result = read(text)
        return try #require(result.configuration?.services.first, "\(result.diagnostics)")
    }

    @Test("secures connections to port 443 of services over HTTP, and says so elsewhere")
    func transport() throws {
        #expect(try Self.service("port: 443").tls == .web(authority: nil))
        #expect(try Self.service("port: 443, protocol: a2a").tls == .web(authority: nil))
        #expect(try Self.service("port: 443, protocol: tcp").tls == .off)
        #expect(try Self.service("port: 8443").tls == .off)
        #expect(try Self.service("port: 443, tls: off").tls == .off)
        #expect(try Self.service("port: 8443, tls: web, ca: /ca.pem").tls == .web(authority: "/ca.pem"))
    }

    @Test("the prefix goes with the field")
    func prefixes() throws {
        func fixed(_ text: String) throws -> [String] {
            guard case .fixed(let fixed)? = try Self.service("port: 443, credential: {\(text)}").credential else {
                return []
            }
            return [fixed.secret.description, fixed.header, fixed.prefix]
        }
        #expect(try fixed("secret: env:A") == ["env:A", "Authorization", "Bearer "])
        #expect(try fixed("secret: env:A, header: AUTHORIZATION") == ["env:A", "AUTHORIZATION", "Bearer "])
        #expect(try fixed("secret: env:A, header: X-Api-Key") == ["env:A", "X-Api-Key", ""])
        #expect(try fixed("secret: env:A, prefix: \"\"") == ["env:A", "Authorization", ""])
        #expect(try fixed("secret: env:A, header: Cookie, prefix: sid=") == ["env:A", "Cookie", "sid="])
    }

    @Test("looks for the secret in answers wherever there is one, unless told otherwise")
    func scans() throws {
        #expect(try !Self.service("port: 443").scansResponses)
        #expect(try Self.service("port: 443, credential: {secret: env:A}").scansResponses)
        #expect(try !Self.service("port: 443, credential: {secret: env:A}, scan_response: false").scansResponses)
    }

    @Test("tools are what the file says, and cautious where it says nothing")
    func tools() throws {
        let service = try Self.service(
            "port: 443, protocol: mcp, tools: {get: {effect: egress-read}, put: {effect: write, arguments: {a.b: value}}}"
        )
        #expect(service.tools.map(\.name) == ["get", "put"])
        #expect(service.tools[0].annotations.readsUntrustedContent)
        #expect(service.tools[1].annotations == ToolAnnotations(effect: .write, roles: ["a.b": .value]))
        #expect(service.provenance == ProvenanceSettings())
        #expect(service.pinning == .firstUse)
    }

    @Test("one argument in two Unicode forms has no two roles")
    func unicodeArguments() {
        let result = Self.read(
            "port: 443, protocol: mcp, tools: {t: {effect: read, arguments: {\"\\u00e9\": value, \"e\\u0301\": secret}}}"
        )
        #expect(result.errors.map(\.message) == ["the key '\u{E9}' occurs twice in this mapping"])
    }

    @Test(
        "a tool's name in look-alike letters is none",
        arguments: ["\\u212A", "s\\u0435nd", "a b", "", "a/b", "\\u0000"])
    func toolNames(name: String) {
        #expect(!Self.read("port: 443, protocol: mcp, tools: {\"\(name)\": {effect: read}}").errors.isEmpty)
    }

    @Test(
        "a secret cannot become part of what frames the request",
        arguments: [
            "Host", "content-length", "Transfer-Encoding", "Transfer_Encoding", "Connection", "TE", "Upgrade",
            "Proxy-Authorization", "Yett-Identity", "yett_identity", "X-Yett-Task", "Expect", "Content-Type", "",
            "A:B", "A B", "A\\r\\nB", "\\u0130", "A\\u0000",
        ])
    func fields(name: String) {
        #expect(!Self.read("port: 443, credential: {secret: env:A, header: \"\(name)\"}").errors.isEmpty)
    }

    @Test(
        "a path that servers read in different ways is refused",
        arguments: [
            "a", "//", "/a//b", "/a/", "/./a", "/a/..", "/%2e", "/a%2fb", "/a%00", "/a;b", "/a?b", "/a#b", "/a\\\\b",
            "/a b", "/*", "/a/*", "/\\u00e9", "/a\\nb",
        ])
    func paths(path: String) {
        #expect(!Self.read("port: 443, path: \"\(path)\"").errors.isEmpty)
    }

    @Test("what may be a secret is not repeated, wherever it stands")
    func secrets() {
        let secret = "sk-live-b7c1"
        let texts = [
            secret, "{\(secret)}", "{\(secret): 1}", "{secret: \(secret)}", "{secret: {\(secret): 1}}", "[\(secret)]",
            "{oauth: \(secret)}", "{oauth: {\(secret): 1}}", "{oauth: {client_secret: \(secret)}}",
            "{oauth: {refresh_token: [\(secret)]}}", "{aws: {secret_access_key: \(secret)}}",
            "{aws: {access_key_id: \(secret)}}", "{aws: {\(secret)}}", "{exchange: {client_secret: \(secret)}}",
            "{exchange: {\(secret): 1}}", "{exchange: {token_url: \"https://x:\(secret)@a.test\"}}",
            "{secret: env:A, header: \"\(secret) \"}", "{secret: env:A, prefix: \" \(secret)\"}",
        ]
        for text in texts {
            let result = Self.read("port: 443, credential: \(text)")
            #expect(!result.errors.isEmpty, "\(text)")
            #expect(!result.diagnostics.contains { $0.description.contains(secret) }, "\(result.diagnostics)")
        }
    }

    @Test("policies learn nothing of credentials")
    func policyData() throws {
        let text = """
            trust_domain: a.test
            services:
              s: {host: s.test, port: 443, labels: {a: b}, credential: {secret: env:TOKEN_NAME}}
            """
        let configuration = try #require(GateConfiguration.read(text, file: "f").configuration)
        let expected: JSONValue = ["host": "s.test", "port": 443, "protocol": "http", "labels": ["a": "b"]]
        guard case .object(let data) = configuration.policyData(), case .object(let services)? = data["services"] else {
            Issue.record("no services")
            return
        }
        #expect(services["s"] == expected)
    }

    @Test("leads launched agents to the services that their grants name, and to no others")
    func variables() throws {
        func read(_ other: String) -> ReadResult {
            GateConfiguration.read(
                """
                trust_domain: a.test
                service_proxy: {}
                services:
                  models: {host: m.test, port: 443, protocol: llm, env: {OPENAI_BASE_URL: /v1, OPENAI_API_KEY: unused}}
                  others: {host: o.test, port: 443, env: {\(other): /}}
                agents:
                  a:
                    attest: [{launch: true}]
                    grants: [{name: m, service: models, methods: any, paths: [/]}]
                  b:
                    attest: [{launch: true}]
                    grants:
                      - {name: m, service: models, methods: any, paths: [/]}
                      - {name: o, service: others, methods: any, paths: [/]}
                """, file: "f")
        }
        let configuration = try #require(read("OTHERS_URL").configuration)
        let models = ["OPENAI_BASE_URL": "/s/models/v1", "OPENAI_API_KEY": "unused"]
        #expect(configuration.serviceVariables(of: "a") == models)
        #expect(configuration.serviceVariables(of: "b") == models.merging(["OTHERS_URL": "/s/others/"]) { $1 })
        #expect(configuration.serviceVariables(of: "c").isEmpty)
        let errors = read("OPENAI_BASE_URL").errors
        #expect(errors.map(\.place.line) == [10] && errors[0].message.contains("both set OPENAI_BASE_URL"))
    }

    @Test(
        "a variable of launched agents is no key and no other place",
        arguments: [
            "{K: sk-live-b7c1}", "{K: \"\"}", "{K: v1}", "{K: //other.test}", "{K: \"/a b\"}", "{K: \"/a\\nB=c\"}",
            "{k: /}",
            "{K-A: /}", "{1K: /}", "{\"\": /}", "{\"K=\": /}", "{K: [/]}", "[K]", "{K: http://a.test/}",
            "{LD_PRELOAD: /a.so}",
            "{PATH: /}", "{HTTP_PROXY: /}",
        ])
    func variableFaults(text: String) {
        let errors = Self.read("port: 443, env: \(text)").errors
        #expect(!errors.isEmpty)
        #expect(!errors.contains { $0.description.contains("sk-live") })
    }

    @Test("a name means one service, however it is written")
    func virtualHosts() {
        let text = """
            trust_domain: a.test
            services:
              a: {host: a.test, port: 443, hosts: [x.gate.test]}
              b: {host: b.test, port: 443, hosts: [X.GATE.test]}
              c: {host: c.test, port: 443, hosts: ["x.gate.test."]}
            """
        let errors = GateConfiguration.read(text, file: "f").errors
        #expect(errors.count == 2)
        #expect(errors.map(\.place.line) == [4, 5])
    }

    @Test("every limit stands within its own range, and is written as it is read")
    func limits() throws {
        let text = "trust_domain: a.test\nservice_proxy: {}\nservices: {s: {host: s.test, port: 80}}\n"
        let configuration = try #require(GateConfiguration.read(text, file: "f").configuration)
        let limits = try #require(configuration.serviceProxy).limits
        #expect(limits == ServiceProxyLimits())
        #expect(Set(ServiceProxyLimits.fields.map(\.name)).count == ServiceProxyLimits.fields.count)
        let again = GateConfiguration.read(configuration.effectiveText(), file: "f").configuration
        #expect(again?.serviceProxy?.limits == limits)
    }
}
