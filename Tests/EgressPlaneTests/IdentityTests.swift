// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import EgressPlane
import GateSupport
import Glibc
import Resolver
import Testing
import Transport

@Suite("Who is asking") struct IdentityTests {
    private static func tokenOptions() throws -> GateOptions {
        var agent = AgentSetup("token-agent", grants: [try Grant.test("allowed.test").openTunnel])
        agent.tokens = ["secret"]
        var options = GateOptions(agents: [agent])
        options.identification = .token
        return options
    }

    @Test(
        "a token counts as Bearer or as the password of Basic",
        arguments: [
            ("Bearer secret", 200), ("bearer secret", 200), ("Basic eDpzZWNyZXQ=", 200), ("Basic OnNlY3JldA==", 200),
            ("Bearer wrong", 403), ("Basic eDp3cm9uZw==", 403), ("Bearer", 400), ("Bearer ", 400), ("Digest x", 400),
            ("Basic eDpzZWNyZXQ", 400), ("Basic !!!!", 400), ("Basic c2VjcmV0", 400), ("Bearer secret x", 403),
        ])
    func tokens(_ value: String, _ status: Int) async throws {
        let upstream = UpstreamServer.echo()
        var options = try Self.tokenOptions()
        options.lead(to: upstream)
        try await withGate(options) { gate in
            let fields = "Proxy-Authorization: \(value)\r\n"
            let (_, answer) = try gate.askForTunnel(to: "allowed.test:443", fields: fields)
            #expect(answer.status == status)
            #expect(answer["proxy-authenticate"] == nil)
            if status != 200 { #expect(try gate.script.queryCount == 0) }
            if status == 200 {
                let decision = try await gate.decisions().first
                #expect(decision?.text("proof") == "token")
                #expect(decision?.number("strength") == 1)
            }
        }
    }

    @Test("407 asks only a client that sent no identity at all on a listener for tokens")
    func asksForToken() async throws {
        try await withGate(Self.tokenOptions()) { gate in
            let (_, answer) = try gate.askForTunnel(to: "allowed.test:443")
            #expect(answer.status == 407)
            #expect(answer["yett-reason"] == "identity_missing")
            #expect(answer.values("proxy-authenticate").count == 2)
            #expect(try await gate.decisions().map { $0.list("reasons") } == [["identity_missing"]])
        }
        var options = try Self.tokenOptions()
        options.identification = .source
        try await withGate(options) { gate in
            let (_, answer) = try gate.askForTunnel(
                to: "allowed.test:443", fields: "Proxy-Authorization: Bearer secret\r\n")
            #expect(answer.status == 403)
            #expect(answer["yett-reason"] == "identity_missing")
        }
    }

    @Test("never a plain header")
    func spoofed() async throws {
        let names = [
            "X-Agent-Id", "X-Forwarded-User", "Remote-User", "X-Remote-User", "X-Forwarded-Client-Cert",
            "X-SSL-Client-S-DN",
            "Authorization", "X-SPIFFE-ID",
        ]
        try await withGate(Self.tokenOptions()) { gate in
            for name in names {
                let fields = "\(name): spiffe://gate.test/agent/token-agent\r\n"
                let (_, answer) = try gate.askForTunnel(to: "allowed.test:443", fields: fields)
                #expect(answer.status == 407, "\(name)")
            }
            #expect(try gate.script.queryCount == 0)
        }
    }

    @Test("the source network identifies with strength 0, the longest prefix first")
    func source() async throws {
        var wide = AgentSetup("wide", grants: [])
        wide.sources = [AddressBlock("127.0.0.0/8")].compactMap { $0 }
        var narrow = AgentSetup("narrow", grants: [try Grant.test("allowed.test").openTunnel])
        narrow.sources = [AddressBlock("127.0.0.1/32")].compactMap { $0 }
        let upstream = UpstreamServer.echo()
        var options = GateOptions(agents: [wide, narrow])
        options.lead(to: upstream)
        try await withGate(options) { gate in
            #expect(try gate.askForTunnel(to: "allowed.test:443").answer.status == 200)
            let decision = try await gate.decisions().first
            #expect(decision?.text("agent") == "spiffe://gate.test/agent/narrow")
            #expect(decision?.text("proof") == "source-address")
            #expect(decision?.number("strength") == 0)
        }
    }

    @Test("an agent that is known too weakly is refused where the grant asks for more")
    func strength() async throws {
        let grant = try Grant.test("allowed.test").with { $0.requirement.strength = 1 }
        try await withGate(GateOptions(grants: [grant])) { gate in
            let (_, answer) = try gate.askForTunnel(to: "allowed.test:443")
            #expect(answer["yett-reason"] == "strength_too_low")
            #expect(try gate.script.queryCount == 0)
        }
    }

    @Test("a process on a Unix socket is known by what the kernel says", arguments: [true, false])
    func process(_ isSame: Bool) async throws {
        var agent = AgentSetup("process", grants: [try Grant.test("allowed.test").openTunnel])
        agent.processes = [ProcessSelector(uid: isSame ? getuid() : getuid() + 1)]
        let upstream = UpstreamServer.echo()
        var options = GateOptions(agents: [agent])
        options.unixIdentification = .process
        options.lead(to: upstream)
        try await withGate(options) { gate in
            let (socket, answer) = try gate.askForTunnel(to: "allowed.test:443", on: gate.connectUnix())
            #expect(answer.status == (isSame ? 200 : 403))
            let decision = try await gate.decisions().first
            if isSame {
                try socket.write("over unix")
                #expect(try socket.read(exactly: 9) == Array("over unix".utf8))
                #expect(decision?.text("proof") == "peer-credentials")
                #expect(decision?.number("strength") == 2)
            } else {
                #expect(decision?.list("reasons") == ["identity_missing"])
            }
            #expect(decision?.text("source")?.hasPrefix("pid:\(getpid()) uid:\(getuid())") == true)
        }
    }

    @Test("a certificate counts for more than a token, and a token for more than the source")
    func strongestFirst() async throws {
        var weak = AgentSetup.local("weak", grants: [])
        weak.tokens = []
        var strong = AgentSetup("strong", grants: [try Grant.test("allowed.test").openTunnel])
        strong.tokens = ["secret"]
        let upstream = UpstreamServer.echo()
        var options = GateOptions(agents: [weak, strong])
        options.identification = [.token, .source]
        // The order of denials is that of one loop's journal; between loops there is none.
        options.workers = 1
        options.lead(to: upstream)
        try await withGate(options) { gate in
            let token = try gate.askForTunnel(to: "allowed.test:443", fields: "Proxy-Authorization: Bearer secret\r\n")
                .answer
            #expect(token.status == 200)
            let none = try gate.askForTunnel(to: "allowed.test:443").answer
            #expect(none.status == 403)
            let wrong = try gate.askForTunnel(to: "allowed.test:443", fields: "Proxy-Authorization: Bearer x\r\n")
                .answer
            #expect(wrong["yett-reason"] == "identity_token_unknown")
            let agents = try await gate.decisions().map { $0.text("agent") ?? "-" }
            #expect(agents == ["spiffe://gate.test/agent/strong", "spiffe://gate.test/agent/weak", "-"])
        }
    }

    @Test("a reload that drops the token refuses the next request of an open connection")
    func reload() async throws {
        let upstream = UpstreamServer.http()
        var options = try Self.tokenOptions()
        options.lead(to: upstream)
        try await withGate(options) { gate in
            let socket = try gate.connect()
            let fields = "Proxy-Authorization: Bearer secret\r\n"
            #expect(try gate.get("http://allowed.test/", fields: fields, on: socket).status == 200)
            options.agents[0].tokens = ["another"]
            try gate.reload(options)
            #expect(try gate.get("http://allowed.test/", fields: fields, on: socket).status == 403)
        }
    }
}
