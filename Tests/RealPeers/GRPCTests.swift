// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Foundation
import GateSupport
import ServicePlane
import Testing

@Suite("gRPC, a client and a server as they are, through the service proxy,") struct GRPCTests {
    private static let methods = ["Unary", "Collect", "Count", "Chat", "Fail", "Hang", "How", "Unknown"]

    @Test("has every kind of call, statuses with trailers, deadlines, cancellation, and denials that it understands")
    func calls() async throws {
        let server = try await PythonPeer.serve(.grpc, "grpc_server.py")
        defer { server.program.stop() }
        var grant = try Grant.test("echo.test")
        grant.methods = .only(["POST"])
        grant.paths = try Self.methods.map { try PathPrefix(parsing: "/demo.Echo/\($0)") }
        var service = ServiceDescription(name: "echo", host: try Host(parsing: "echo.test"), port: 80)
        service.http = .http2(.off)
        service.virtualHosts = ["echo.gate.test"]
        var options = GateOptions(agents: [.local(grants: [grant])])
        let port = server.port
        options.route = { _ in port }
        options.services = [service]
        try await withGate(options) { gate in
            let lines = try PythonPeer.run(.grpc, "grpc_client.py", ["\(gate.servicePort)"])
            #expect(
                lines == [
                    "unary cba OK 3",
                    "large 1000000 1000000",
                    "collect a+b+c",
                    "count 01234",
                    "chat one! two! OK chat b'\\x00\\xff'",
                    "fail RESOURCE_EXHAUSTED too much: ü try less",
                    "unknown 12",
                    "denied PERMISSION_DENIED path_not_granted path_not_granted",
                    "deadline DEADLINE_EXCEEDED late with a deadline",
                    "begun first",
                    "cancelled CANCELLED stream with a deadline",
                    "still ko",
                ])
            let decisions = try await gate.decisions()
            #expect(decisions.filter { $0.text("verdict") == "deny" }.map { $0.text("path") } == ["/demo.Echo/Denied"])
            // The call that the client gave up; the one whose time was over may have been ended by the service itself.
            let ends = try await gate.ends()
            #expect((1...2).contains(ends.count) && ends.allSatisfy { $0.text("cause") == "closed" })
            let isIdle = await eventually { gate.registry.count == 0 }
            #expect(isIdle)
        }
    }
}
