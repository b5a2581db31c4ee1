// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GRPCClient
import GateSupport
import Identity
import NIOHPACK
import Protobufs
import SwiftProtobuf
import Testing

@testable import WorkloadClient

@Suite("An agent that misbehaves", .serialized, .timeLimit(.minutes(2)))
struct BadAgentTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    // MARK: What is no HTTP/2

    /// What a peer sends to whoever connects.
    enum Garbage: String, CaseIterable, Sendable {
        case nothing, http1, zeros, ones, tls, halfSettings, hugeFrame, settingsOnly

        var bytes: [UInt8] {
            switch self {
            case .nothing: []
            case .http1: Array("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".utf8)
            case .zeros: Array(repeating: 0, count: 5000)
            case .ones: Array(repeating: 0xff, count: 100_000)
            case .tls: [0x15, 3, 3, 0, 2, 2, 40]
            case .halfSettings: [0, 0, 6, 4, 0, 0]
            case .hugeFrame: [0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1] + Array(repeating: 0, count: 70_000)
            case .settingsOnly: [0, 0, 0, 4, 0, 0, 0, 0, 0]
            }
        }
    }

    @Test(
        "bytes that are no HTTP/2 are a failed call, and the next one is made",
        arguments: Garbage.allCases, [false, true])
    func closesGarbage(garbage: Garbage, staysOpen: Bool) async throws {
        let peer = UpstreamServer { connection in
            try connection.write(garbage.bytes)
            while staysOpen, try !connection.readSome(within: 60).isEmpty {}
        }
        let harness = AgentHarness(workspace, port: peer.port, answer: 100)
        try await harness.run { harness in
            #expect(await eventually { harness.troubles.count { $0.method == .fetchX509SVID } >= 3 })
            #expect(harness.source.failure == .notReady)
        }
        peer.stop()
    }

    @Test func `nobody at the socket is a failed call`() async throws {
        let peer = UpstreamServer { _ in }
        peer.stop()
        let harness = AgentHarness(workspace, port: peer.port)
        try await harness.run { harness in
            #expect(await harness.reports { if case .call(.unreachable) = $0 { true } else { false } })
            #expect(harness.source.failure == .notReady)
            await #expect(throws: IdentitySourceError.notReady) {
                try await harness.source.jwtSVID(audience: ["tool"], id: nil)
            }
        }
    }

    // MARK: What is no gRPC

    /// What an agent does after it gave an identity once.
    enum Fault: String, CaseIterable, Sendable {
        case noStatus, html, notFound, otherType, compressedAnswer, compressedMessage, unknownFlag, hugeMessage
        case cutOff, garbage, emptyMessage, statusTwice, statusNotANumber, end, endAtOnce, reset, goAway, hangUp
        case trailersOnly, silence

        var steps: [ScriptedAgent.Step] {
            let good = ScriptedAgent.good
            switch self {
            case .noStatus: return [.head(["content-type": "application/grpc"]), .hangUp]
            case .html: return [.head([":status": "500", "content-type": "text/html"]), .bytes([60]), .end]
            case .notFound: return [.head([":status": "404", "content-type": "text/html"]), .end]
            case .otherType: return [.head([":status": "200", "content-type": "application/grpcs"]), .end]
            case .compressedAnswer:
                return [.head([":status": "200", "content-type": "application/grpc", "grpc-encoding": "gzip"])]
            case .compressedMessage: return [.head(good), .bytes([1, 0, 0, 0, 1, 0])]
            case .unknownFlag: return [.head(good), .bytes([9])]
            case .hugeMessage: return [.head(good), .bytes([0, 0xff, 0xff, 0xff, 0xff])]
            case .cutOff: return [.head(good), .bytes([0, 0, 0, 0, 9, 1]), .status(0, "")]
            case .garbage: return [.head(good), .message(Array(repeating: 0xee, count: 3000)), .hangUp]
            case .emptyMessage: return [.head(good), .message([]), .reset]
            case .statusTwice: return [.head(good), .status(0, ""), .status(0, "")]
            case .statusNotANumber: return [.head(good), .trailers(["grpc-status": "seven"])]
            case .end: return [.head(good), .end]
            case .endAtOnce: return [.head(good), .status(0, "")]
            case .reset: return [.head(good), .reset]
            case .goAway: return [.head(good), .goAway]
            case .hangUp: return [.hangUp]
            case .trailersOnly: return [.status(14, "busy")]
            case .silence: return []
            }
        }
    }

    @Test("keeps what it knew, reports, and asks again", arguments: Fault.allCases)
    func keepsTheLastState(fault: Fault) async throws {
        let good = try ScriptedAgent.answer([Messages.identities(of: workspace)])
        try await AgentHarness.run(answer: 200, workspace: workspace) { method, turn in
            guard method == "FetchX509SVID" else { return [.status(14, "later")] }
            return turn == 0 ? good + [.status(14, "restart")] : fault.steps
        } _: { harness, _ in
            #expect(await harness.ready())
            let version = try harness.source.current().version
            let isFinal = fault == .notFound
            #expect(
                await eventually {
                    harness.troubles.count { $0.method == .fetchX509SVID } >= (isFinal ? 2 : 4)
                }, "\(harness.troubles)")
            #expect(try harness.source.current().version == version)
            harness.workspace.clock.advance(3700)
            #expect(isFinal ? harness.source.failure != nil : harness.source.failure == .expired)
        }
    }

    @Test func `a message whose content is refused changes nothing, and the next one counts`() async throws {
        let other = try Workspace(domain: "other.test", clock: workspace.clock)
        let messages: [[UInt8]] = [
            try Messages.identities(of: workspace).serializedBytes(),
            try Messages.identities(of: other).serializedBytes(), [0xff],
            try WorkloadX509SVIDResponse().serializedBytes(),
        ]
        let second: [UInt8] = try Messages.identities(of: workspace, path: "/agent/b").serializedBytes()
        try await AgentHarness.run(workspace: workspace) { method, turn in
            guard method == "FetchX509SVID" else { return [] }
            guard turn < messages.count else { return [.head(ScriptedAgent.good), .message(second)] }
            return [.head(ScriptedAgent.good), .message(messages[turn]), .status(14, "")]
        } _: { harness, _ in
            #expect(await harness.reports { $0 == .message(.trustDomain(other.domain)) })
            #expect(await harness.reports { $0 == .message(.unreadable) })
            #expect(await harness.reports { $0 == .message(.missing("svids")) })
            #expect(await eventually { (try? harness.source.current().svid.id.path) == "/agent/b" })
            let version = try harness.source.current().version
            #expect(version == 2)
        }
    }

    @Test func `of a flood of messages the latest counts`() async throws {
        let messages = try (0..<200).map { try Messages.identities(of: workspace, path: "/agent/a\($0)") }
        let steps = try ScriptedAgent.answer(messages)
        try await AgentHarness.run(workspace: workspace) { method, _ in
            method == "FetchX509SVID" ? steps : []
        } _: { harness, _ in
            #expect(await eventually { (try? harness.source.current().svid.id.path) == "/agent/a199" })
            #expect(harness.troubles.isEmpty)
        }
    }
}
