// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import EgressPlane
import GateSupport
import Glibc
import Identity
import Rego
import Resolver
import Storage
import Testing
import Transport

@Suite("Reason codes of the egress plane") struct ReasonCodeTests {
    /// Codes that this plane has no way to produce, and why.
    private static let elsewhere: [ReasonCode: String] = [
        .argumentRefused: "needs tool arguments, which only the service plane reads",
        .provenanceRefused: "needs tool arguments, which only the service plane reads",
        .toolNotApproved: "needs a list of tools, which only the service plane reads",
        .operationUnknown: "needs a document of a service, which only the service plane reads",
        .personApproved: "needs a plane that waits for people",
        .approvalUnknown: "needs a plane that waits for people",
        .approvalMismatch: "needs a plane that waits for people",
        .approvalRefused: "needs a plane that waits for people",
        .approvalExpired: "needs a plane that waits for people",
        .approvalUsed: "needs a plane that waits for people",
        .credentialUnavailable: "needs credentials, which only the service plane adds",
        .sandboxUnsatisfied: "needs sandboxes, which only the service plane leads to",
        .sandboxBusy: "needs sandboxes, which only the service plane leads to",
        .sandboxUnavailable: "needs sandboxes, which only the service plane leads to",
        .keyRevoked: "needs a certificate or a signed token",
        .serviceUnknown: "needs names of services, which only the service plane has",
        .riskTooHigh: "needs somebody who watches, which only a whole gate has",
        .riskThrottled: "needs somebody who watches, which only a whole gate has",
        .clusterUnreachable: "needs several gates",
        .clusterClock: "needs several gates",
        .budgetPending: "needs several gates",
        .leakFound: "needs something to look for, which only a whole gate has",
    ].merging(signedTokens) { first, _ in first }

    private static let signedTokens: [ReasonCode: String] = Dictionary(
        [
            ReasonCode.tokenTooLong, .tokenMalformed, .tokenAlgorithm, .tokenKeyUnknown, .tokenSignature, .tokenIssuer,
            .tokenAudience, .tokenExpired, .tokenNotYetValid, .tokenBinding, .tokenReplayed, .tokenRevoked, .tokenScope,
            .tokenKeysUnavailable,
        ].map { ($0, "needs signed tokens, which only the service plane takes") }
    ) { first, _ in first }

    /// What makes the gate give a code: in a decision's reasons, or as the cause of an end.
    private struct Provocation: Sendable {
        let code: ReasonCode
        var options: @Sendable (inout GateOptions) throws -> Void = { _ in }
        let act: Act

        typealias Act = @Sendable (GateHarness) async throws -> Void
    }

    @Test("each can be provoked", arguments: ReasonCode.allCases)
    func provokes(_ code: ReasonCode) async throws {
        if Self.elsewhere[code] != nil {
            #expect(!Self.provocations.contains { $0.code == code })
            return
        }
        let provocation = try #require(Self.provocations.first { $0.code == code }, "nothing provokes \(code.rawValue)")
        let upstream = UpstreamServer.echo()
        var options = GateOptions(
            agents: [.local(grants: [try Grant.test("allowed.test", "203.0.114.10", "10.0.0.5").openTunnel])],
            resolver: ScriptedResolver(records: ["allowed.test": [["A 203.0.114.10"]]]))
        options.workers = 1
        options.lead(to: upstream)
        try provocation.options(&options)
        try await withGate(options) { gate in
            try await provocation.act(gate)
            // A log that is closed takes no record of it: there the answer alone tells.
            if code == .auditUnavailable { return }
            let found = await eventually {
                let records = (try? await gate.records()) ?? []
                return records.contains {
                    $0.list("reasons").first == code.rawValue || $0.text("cause") == code.rawValue
                }
            }
            #expect(found)
        }
    }

    /// A minute of the week that is not now, nor soon.
    private static let closedWindow: TimeWindow? = {
        let now = Clock.system.wall() / 1_000_000
        let windows = TimeWindow.Day.allCases.compactMap { TimeWindow(days: [$0], from: 0, to: 1) }
        return windows.first { !$0.contains(now) && !$0.contains(now + 60) }
    }()

    private static let tunnel: @Sendable (GateHarness) async throws -> Void = { gate in
        _ = try gate.askForTunnel(to: "allowed.test:443")
    }

    private static let request: @Sendable (GateHarness) async throws -> Void = { gate in
        _ = try gate.send("DELETE", "http://allowed.test/private")
    }

    private static func ask(_ target: String) -> @Sendable (GateHarness) async throws -> Void {
        { gate in _ = try gate.askForTunnel(to: target) }
    }

    private static func grant(_ change: @escaping @Sendable (inout Grant) -> Void)
        -> @Sendable (inout GateOptions) -> Void
    {
        { options in change(&options.agents[0].grants[0]) }
    }

    private static func hello(_ bytes: [UInt8]) -> @Sendable (GateHarness) async throws -> Void {
        { gate in _ = try gate.openTunnel(hello: bytes).readToEnd() }
    }

    private static let checksNames = grant { $0.tls = .matchingServerName }

    private static let provocations: [Provocation] =
        identity + tasks + grants + policies + destinations + tunnels + ends

    /// Asks for a tunnel over the socket of a launch within a task.
    ///
    /// - Parameters:
    ///   - agent: For whom the task is; the launch is the tester's.
    ///   - age: How long ago it began, in seconds; it lasts a minute.
    ///   - hosts: What it leaves of the grant.
    ///   - revocation: What is revoked before the request.
    ///   - change: Happens to the tasks before the request.
    private static func inTask(
        of agent: String = "tester", age: Int64 = 0, hosts: [HostPattern]? = nil,
        revoking revocation: Revocation.Target? = nil,
        _ change: @escaping @Sendable (inout TaskBook) -> Void = { _ in }
    ) -> Provocation.Act {
        { gate in
            let snapshot = gate.authorizer.snapshot
            var part = TaskGrant("test")
            part.hosts = hosts
            let id = try SPIFFEID(agent: agent, in: snapshot.trustDomain)
            var order = TaskOrder(origin: "uid:0", agent: id, purpose: "test", grants: [part])
            order.seconds = 60
            order.person = Person(issuer: "https://idp.test", subject: "7", authenticationTime: 0)
            let task = try snapshot.task(
                order, id: TaskID(rawValue: 1), handleDigest: Array(repeating: 0, count: 32),
                at: gate.clock.clock.wall() / 1_000_000 - age)
            gate.authorizer.changeTasks { _, book in
                book.insert(task)
                change(&book)
            }
            if let revocation {
                _ = gate.authorizer.changeRevocations { $0.insert(Revocation(revocation, time: .max, origin: "test")) }
            }
            let identity = try #require(
                snapshot.agents.identify(launch: "tester", launch: "1", at: gate.clock.clock.wall()))
            let path = gate.directory + "/launch.sock"
            let listener = try await gate.plane.openLaunch(
                identity, socketPath: path, uid: geteuid(), launchUsers: geteuid()...geteuid(),
                task: TaskBook([task]).context(of: task.id))
            _ = try gate.askForTunnel(to: "allowed.test:443", on: RawSocket.connect(unix: path))
            await listener.close()
        }
    }

    private static let launchable: @Sendable (inout GateOptions) throws -> Void = { options in
        options.agents[0].allowsLaunch = true
        options.agents.append(AgentSetup("other", grants: options.agents[0].grants))
    }

    private static let tasks: [Provocation] = [
        Provocation(code: .taskUnknown, options: launchable, act: inTask { $0 = .empty }),
        Provocation(code: .taskOfAnother, options: launchable, act: inTask(of: "other")),
        Provocation(
            code: .taskStopped, options: launchable,
            act: inTask { $0.stop(TaskID(rawValue: 1), AgentTask.Stop(time: 0)) }),
        Provocation(code: .taskExpired, options: launchable, act: inTask(age: 60)),
        Provocation(
            code: .taskNotGranted, options: launchable,
            act: inTask(hosts: [HostPattern(.address(.v4(IPv4Address(rawValue: 0x0a00_0005))))])),
        Provocation(code: .taskRevoked, options: launchable, act: inTask(revoking: .task(TaskID(rawValue: 1)))),
        Provocation(
            code: .personRevoked, options: launchable,
            act: inTask(revoking: .person(Revocation.PersonName(issuer: "https://idp.test", subject: "7")))),
        Provocation(code: .agentRevoked) { gate in
            for agent in gate.authorizer.snapshot.agents.agents {
                let revocation = Revocation(.agent(agent.id), time: .max, origin: "test")
                _ = gate.authorizer.changeRevocations { $0.insert(revocation) }
            }
            try await tunnel(gate)
        },
    ]

    private static let identity: [Provocation] = [
        Provocation(code: .granted, act: tunnel),
        Provocation(code: .identityMissing, options: { $0.agents[0].sources = [] }, act: tunnel),
        Provocation(code: .identityTokenUnknown, options: { $0.identification = .token }) { gate in
            _ = try gate.askForTunnel(to: "allowed.test:443", fields: "Proxy-Authorization: Bearer x\r\n")
        },
        Provocation(code: .identityUnknown, options: { $0.agents[0].hasGrants = false }, act: tunnel),
        Provocation(code: .quarantined) { gate in
            for agent in gate.authorizer.snapshot.agents.agents { gate.authorizer.quarantine(agent.id, why: "test") }
            try await tunnel(gate)
        },
        Provocation(code: .strengthTooLow, options: grant { $0.requirement.strength = 4 }, act: tunnel),
        Provocation(code: .personRequired, options: grant { $0.requirement.person = true }, act: tunnel),
        Provocation(code: .taskRequired, options: grant { $0.requirement.task = true }, act: tunnel),
    ]

    private static let grants: [Provocation] = [
        Provocation(code: .hostNotGranted, act: ask("denied.test:443")),
        Provocation(code: .portNotGranted, act: ask("allowed.test:25")),
        Provocation(code: .methodNotGranted, options: grant { $0.methods = .only(["GET"]) }, act: request),
        Provocation(
            code: .pathNotGranted, options: { $0.agents[0].grants[0].paths = [try PathPrefix(parsing: "/public")] },
            act: request),
        Provocation(
            code: .tunnelNotGranted, options: { $0.agents[0].grants[0].paths = [try PathPrefix(parsing: "/public")] },
            act: tunnel),
        Provocation(code: .approvalRequired, options: grant { $0.needsApproval = true }, act: tunnel),
        Provocation(code: .toolNotGranted, options: grant { $0.tools = [ToolGrant(name: "search")] }, act: request),
        Provocation(code: .grantExpired, options: grant { $0.expires = 1 }, act: tunnel),
        Provocation(
            code: .outsideTimeWindow, options: grant { $0.window = closedWindow }, act: tunnel),
        Provocation(code: .budgetExhausted, options: grant { $0.budget = GrantBudget(calls: 1, per: .total) }) { gate in
            for _ in 0..<2 { try await tunnel(gate) }
        },
        Provocation(
            code: .nameCarriesData, options: { $0.agents[0].grants = [try Grant.test("*.allowed.test")] },
            act: ask("qutjqulpu0zpre5on0vyqu1qteu.allowed.test:443")),
    ]

    /// A gate with a user's policy.
    private static func policy(_ rules: String) -> @Sendable (inout GateOptions) throws -> Void {
        { options in
            let source = PolicySource(name: "user.rego", text: "package yett.authz\n\(rules)")
            options.policy = try DecisionPolicy(compiling: [source])
        }
    }

    private static let policies: [Provocation] = [
        // Without a grant that says otherwise, a tunnel must name its server.
        Provocation(
            code: .policyAllowed, options: policy("verdict := true"),
            act: hello(ClientHelloBytes(name: "allowed.test").bytes)),
        Provocation(code: .policyNotReady, options: { $0.policy = nil }, act: tunnel),
        Provocation(code: .policyDenied, options: policy("verdict := false"), act: tunnel),
        Provocation(code: .policyHeld, options: policy("verdict := {\"allow\": true, \"hold\": true}"), act: tunnel),
        Provocation(code: .policyUndefined, options: policy("verdict := true if input.time < 0"), act: tunnel),
        Provocation(code: .policyInvalid, options: policy("verdict := 7"), act: tunnel),
        Provocation(
            code: .policyObligation, options: policy("obligations contains \"unknown\" if input.time > 0"), act: tunnel),
        Provocation(
            code: .policyError, options: policy("verdict := input.time\nverdict := input.destination.port"), act: tunnel
        ),
        Provocation(
            code: .policyLimit,
            options: policy(
                "verdict := count([1 | some i in numbers.range(1, 9999); some j in numbers.range(1, 9999); i == j]) > input.time"
            ), act: tunnel),
        Provocation(
            code: .policyBuiltinError,
            options: policy("deny contains \"x\" if to_number(input.destination.host) > 3"), act: tunnel),
    ]

    private static let destinations: [Provocation] = [
        Provocation(code: .hostInvalid, act: ask("0177.0.0.1:443")),
        Provocation(code: .addressForbidden, act: ask("10.0.0.5:443")),
        Provocation(code: .nameNotFound, options: { $0.resolver = ScriptedResolver([:]) }, act: tunnel),
        Provocation(
            code: .nameServiceFailed, options: { $0.resolver = ScriptedResolver(["*": [.failure(.timeout)]]) },
            act: tunnel),
        Provocation(code: .upstreamUnreachable, options: { $0.route = { _ in nil } }, act: tunnel),
        // An echo is no response.
        Provocation(code: .upstreamInvalid, act: request),
    ]

    private static let tunnels: [Provocation] = [
        Provocation(
            code: .tlsServerNameMismatch, options: checksNames, act: hello(ClientHelloBytes(name: "denied.test").bytes)),
        Provocation(code: .tlsServerNameMissing, options: checksNames, act: hello(ClientHelloBytes(names: nil).bytes)),
        Provocation(
            code: .tlsEncryptedClientHello, options: checksNames,
            act: hello(
                {
                    var hello = ClientHelloBytes(name: "allowed.test")
                    hello.hasEncryptedHello = true
                    return hello.bytes
                }())),
        Provocation(code: .tlsMalformed, options: checksNames, act: hello(ClientHelloBytes(name: "").bytes)),
        Provocation(code: .tlsNotTLS, options: checksNames, act: hello(Array("SSH-2.0-x\r\n".utf8))),
    ]

    /// Takes requests and never answers.
    private static let silent = UpstreamServer { connection in _ = connection.readToEnd(within: 120) }

    private static let ends: [Provocation] = [
        Provocation(code: .protocolViolation, act: ask("allowed.test:https")),
        Provocation(code: .limitReached, options: { $0.settings.connectionsPerAgent = 0 }, act: tunnel),
        Provocation(code: .requestTooLarge, options: { $0.settings.requestBody = 1 }) { gate in
            _ = try? gate.send("POST", "http://allowed.test/", body: "two")
        },
        Provocation(code: .upstreamTimeout, options: { $0.lead(to: silent) }) { gate in
            let socket = try gate.connect()
            try socket.write("GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\n\r\n")
            #expect(await eventually { silent.text.contains("\r\n\r\n") })
            try await gate.advance(seconds: 301)
            _ = socket.readToEnd()
        },
        Provocation(code: .timeout) { gate in
            let tunnel = try gate.openTunnel()
            try await gate.advance(seconds: 301)
            _ = tunnel.readToEnd()
        },
        Provocation(code: .draining) { gate in
            let tunnel = try gate.openTunnel()
            await gate.plane.drain(grace: .zero)
            _ = tunnel.readToEnd()
        },
        Provocation(code: .auditUnavailable) { gate in
            gate.log.close()
            let (_, answer) = try gate.askForTunnel(to: "allowed.test:443")
            #expect(answer["yett-reason"] == "audit_unavailable")
        },
        Provocation(code: .grantWithdrawn) { gate in
            let tunnel = try gate.openTunnel()
            gate.registry.cut(where: { _ in true }, CutReason(.grantWithdrawn))
            _ = tunnel.readToEnd()
        },
        Provocation(code: .operatorCut) { gate in
            let tunnel = try gate.openTunnel()
            gate.registry.cut(where: { _ in true }, CutReason(.operatorCut))
            _ = tunnel.readToEnd()
        },
        Provocation(code: .closed) { gate in try gate.openTunnel().close() },
    ]
}
