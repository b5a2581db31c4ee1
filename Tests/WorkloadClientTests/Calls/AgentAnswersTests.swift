// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GRPCClient
import GateSupport
import Identity
import NIOHPACK
import Protobufs
import SwiftProtobuf
import Testing

@testable import Authority
@testable import WorkloadClient

@Suite("What an agent answers", .serialized, .timeLimit(.minutes(2)))
struct AgentAnswersTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    @Test func `each request carries the security header once, and an empty message`() async throws {
        try await AgentHarness.run(workspace: workspace) { _, _ in
            []
        } _: { _, agent in
            #expect(await eventually { agent.requests.count >= 3 })
            #expect(Set(agent.requests.map(\.method)) == ["FetchX509SVID", "FetchX509Bundles", "FetchJWTBundles"])
            for request in agent.requests {
                #expect(request.headers["workload.spiffe.io"] == ["true"])
                #expect(request.headers["te"] == ["trailers"])
                #expect(request.headers["content-type"] == ["application/grpc"])
                #expect(request.headers[":path"] == ["/SpiffeWorkloadAPI/\(request.method)"])
                #expect(request.body == [0, 0, 0, 0, 0])
            }
        }
    }

    @Test func `INVALID_ARGUMENT is never asked again, and is said`() async throws {
        try await AgentHarness.run(workspace: workspace) { method, _ in
            method == "FetchX509SVID" ? [.status(3, "no \u{e9} header")] : [.status(14, "")]
        } _: { harness, agent in
            #expect(await eventually { agent.requests.count { $0.method == "FetchJWTBundles" } >= 8 })
            #expect(agent.requests.count { $0.method == "FetchX509SVID" } == 1)
            guard case .failed(let why) = harness.source.failure else {
                Issue.record("\(String(describing: harness.source.failure))")
                return
            }
            #expect(why.contains("invalidArgument"))
            #expect(!why.contains("\u{e9}"))
        }
    }

    @Test func `PERMISSION_DENIED takes the identity away, is asked again, and an identity comes back`() async throws {
        let good = try ScriptedAgent.answer([Messages.identities(of: workspace)])
        try await AgentHarness.run(workspace: workspace) { method, turn in
            guard method == "FetchX509SVID" else { return [] }
            switch turn {
            case 0: return good + [.status(7, "no identity issued")]
            case 1...5: return [.status(7, "no identity issued")]
            default: return good
            }
        } _: { harness, _ in
            #expect(await harness.reports { $0 == .call(.status(.permissionDenied, "no identity issued")) })
            #expect(await eventually { (try? harness.source.current().version) == 2 })
        }
    }

    @Test func `while the agent is away the identity stands until it ends, and nothing is accepted after`()
        async throws
    {
        let good = try ScriptedAgent.answer([Messages.identities(of: workspace)])
        let keys = try ScriptedAgent.answer([Messages.tokenBundles(of: workspace)])
        let agent = try await ScriptedAgent { method, turn in
            guard turn == 0 else { return [.hangUp] }
            switch method {
            case "FetchX509SVID": return good
            case "FetchJWTBundles": return keys
            default: return []
            }
        }
        let token = try workspace.authority.issueJWT(
            SPIFFEID(parsing: "spiffe://example.test/agent/b"), audience: ["gate"], lifetime: 300, hint: "")
        try await AgentHarness(workspace, port: agent.port).run { harness in
            #expect(await harness.ready())
            func verify() async throws -> SPIFFEID {
                try await harness.source.verify(
                    jwtSVID: token.secretToken(), audience: "gate", now: workspace.clock.now
                ).id
            }
            #expect(await eventually { (try? await verify()) != nil })
            await agent.stop()
            workspace.clock.advance(3599)
            #expect(harness.source.failure == nil)
            workspace.clock.advance(2)
            #expect(harness.source.failure == .expired)
            await #expect(throws: IdentitySourceError.expired) { _ = try await verify() }
            workspace.clock.advance(-3601)
            let id = try await verify()
            #expect(id.path == "/agent/b")
        }
    }

    @Test func `an agent that restarts is found again`() async throws {
        let first = try ScriptedAgent.answer([Messages.identities(of: workspace)])
        let second = try ScriptedAgent.answer([Messages.identities(of: workspace, path: "/agent/b")])
        let agent = try await ScriptedAgent { method, _ in
            method == "FetchX509SVID" ? first + [.status(14, "")] : [.hangUp]
        }
        try await AgentHarness(workspace, port: agent.port).run { harness in
            #expect(await harness.ready())
            await agent.stop()
            #expect(await harness.reports { if case .call(.unreachable) = $0 { true } else { false } })
            let next = try await ScriptedAgent(port: agent.port) { method, _ in
                method == "FetchX509SVID" ? second : []
            }
            #expect(await eventually { (try? harness.source.current().svid.id.path) == "/agent/b" })
            await next.stop()
        }
    }

    @Test func `an agent that was stopped is asked again when a renewal is overdue`() async throws {
        let good = try ScriptedAgent.answer([Messages.identities(of: workspace)])
        workspace.clock.advance(3599)
        try await AgentHarness.run(answer: 50, workspace: workspace) { method, _ in
            method == "FetchX509SVID" ? good : []
        } _: { harness, agent in
            #expect(await eventually { agent.requests.count { $0.method == "FetchX509SVID" } >= 3 })
            #expect(await harness.reports { $0 == .call(.silent) })
            #expect(harness.source.failure == nil)
        }
    }

    @Test func `withdrawn keys of tokens are not accepted, and neither is a trust domain that is gone`() async throws {
        let other = try Workspace(domain: "other.test", clock: workspace.clock)
        let good = try ScriptedAgent.answer([Messages.identities(of: workspace)])
        let both: [UInt8] = try Messages.tokenBundles(of: workspace, other).serializedBytes()
        let one: [UInt8] = try Messages.tokenBundles(of: workspace).serializedBytes()
        let token = try other.authority.issueJWT(
            SPIFFEID(parsing: "spiffe://other.test/agent/b"), audience: ["gate"], lifetime: 300, hint: "")
        let isGone = Latch()
        try await AgentHarness.run(workspace: workspace) { method, turn in
            switch method {
            case "FetchX509SVID": return good
            case "FetchJWTBundles":
                let isLast = isGone.wait(within: 0)
                return [.head(ScriptedAgent.good), .message(isLast ? one : both), .status(14, "")]
            default: return []
            }
        } _: { harness, _ in
            func isAccepted() async -> Bool {
                (try? await harness.source.verify(
                    jwtSVID: token.secretToken(), audience: "gate", now: workspace.clock.now)) != nil
            }
            #expect(await eventually { await isAccepted() })
            isGone.open()
            #expect(await eventually { await !isAccepted() })
            #expect(harness.source.failure == nil)
        }
    }

    // MARK: Tokens

    /// What may come instead of a token.
    enum Answer: String, CaseIterable, Sendable {
        case none, empty, garbage, ofAnother, forAnother, expired, unsigned, twoMessages, noMessage, busy, denied
        case deniedAfterAll, wrong, silence, hungUp

        func steps(_ workspace: Workspace) throws -> [ScriptedAgent.Step] {
            let id = try SPIFFEID(parsing: "spiffe://example.test/agent/a")
            let audience = self == .forAnother ? "tools" : "tool"
            let token = try workspace.authority.issueJWT(id, audience: [audience], lifetime: 300, hint: "")
            var message = WorkloadJWTSVID()
            message.spiffeID = id.description
            message.svid = String(decoding: token.secretToken(), as: UTF8.self)
            var response = WorkloadJWTSVIDResponse()
            response.svids = [message]
            let good = try ScriptedAgent.answer([response])
            switch self {
            case .none: response.svids = []
            case .empty: response.svids[0].svid = ""
            case .garbage: response.svids[0].svid = "a.b.c"
            case .ofAnother: response.svids[0].spiffeID = "spiffe://example.test/agent/b"
            case .forAnother: break
            case .expired: workspace.clock.advance(400)
            case .unsigned: response.svids[0].svid = "eyJhbGciOiJub25lIn0.e30."
            case .twoMessages: return try ScriptedAgent.answer([response, response]) + [.status(0, "")]
            case .noMessage: return [.head(ScriptedAgent.good), .status(0, "")]
            case .busy: return [.status(14, "busy")]
            case .denied: return [.status(7, "no identity issued")]
            case .deniedAfterAll: return good + [.status(7, "no identity issued")]
            case .wrong: return [.status(3, "audience")]
            case .silence: return good
            case .hungUp: return good + [.hangUp]
            }
            return try ScriptedAgent.answer([response]) + [.status(0, "")]
        }

        func expects(_ error: IdentitySourceError) -> Bool {
            switch (self, error) {
            case (.busy, .notReady), (.silence, .notReady), (.hungUp, .notReady): true
            case (.denied, .denied), (.deniedAfterAll, .denied), (.wrong, .invalidRequest("audience")): true
            case (.busy, _), (.silence, _), (.hungUp, _), (.denied, _), (.deniedAfterAll, _), (.wrong, _): false
            case (_, .failed): true
            default: false
            }
        }
    }

    @Test("a token that is none is not handed out", arguments: Answer.allCases)
    func refusesTokens(answer: Answer) async throws {
        let workspace = workspace
        let steps = try answer.steps(workspace)
        try await AgentHarness.run(answer: 200, workspace: workspace) { method, _ in
            method == "FetchJWTSVID" ? steps : []
        } _: { harness, _ in
            do throws(IdentitySourceError) {
                _ = try await harness.source.jwtSVID(audience: ["tool"], id: nil)
                Issue.record("a token")
            } catch {
                #expect(answer.expects(error), "\(error)")
                #expect(!"\(error)".contains("eyJ"))
            }
        }
    }
}
