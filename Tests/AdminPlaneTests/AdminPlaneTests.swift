// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import Glibc
import Testing

@Suite struct AdminPlaneTests {
    @Test("answers status, connections and records as JSON")
    func reading() async throws {
        try await AdminServer.run { server throws in
            let status = try server.ask("GET", "/v1/status")
            #expect(status.status == 200)
            let report = try AdminJSON.decoder.decode(StatusReport.self, from: Data(status.body))
            #expect(report.configuration.revision == 3)
            #expect(status.text.contains(#""trust_domain":"gate.test""#))

            let list = try server.ask("GET", "/v1/connections")
            let connections = try AdminJSON.decoder.decode(ConnectionList.self, from: Data(list.body)).connections
            #expect(connections.map(\.connection) == ["c-1"])

            let records = try server.ask("GET", "/v1/audit/records?limit=5&host=a%2Eb")
            #expect(records.text == #"{"index":7,"record":{"kind":"cut"}}"# + "\n" + #"{"index":8,"record":{}}"# + "\n")
            #expect(server.gate.calls == ["records limit 5 host a.b"])
            #expect(try server.ask("GET", "/v1/audit/proofs/12").text == "proof of 12\n")
            #expect(try server.ask("GET", "/v1/metrics").text.contains("yett_live_connections 2\n"))
        }
    }

    @Test("hands the caller's user, as the kernel names it, to every verb that changes something")
    func changing() async throws {
        try await AdminServer.run { server throws in
            #expect(try server.ask("POST", "/v1/cut", body: #"{"agent":"a"}"#).text == #"{"cut":4}"#)
            #expect(try server.ask("POST", "/v1/launches", body: #"{"agent":"a","uid":5}"#).status == 201)
            #expect(try server.ask("DELETE", "/v1/launches/l1").status == 204)
            #expect(try server.ask("POST", "/v1/quarantine", body: #"{"agent":"a"}"#).status == 200)
            #expect(try server.ask("POST", "/v1/release", body: #"{"agent":"a"}"#).status == 200)
            let uid = geteuid()
            #expect(
                server.gate.calls == ["cut a by \(uid)", "launch a 5 by \(uid)", "end l1", "quarantine a", "release a"])
        }
    }

    @Test(
        "answers what is wrong with a problem document",
        arguments: [
            ("GET", "/v1/nothing", nil, 404), ("GET", "/", nil, 404), ("GET", "/v1/../status", nil, 404),
            ("POST", "/v1/cut", "{}", 400), ("POST", "/v1/cut", "", 400), ("POST", "/v1/cut", "[1", 400),
            ("POST", "/v1/cut", #"{"agent":7}"#, 400), ("POST", "/v1/reload", nil, 500),
            ("GET", "/v1/decisions/d-1", nil, 404), ("GET", "/v1/audit/records?limit=0", nil, 400),
            ("GET", "/v1/audit/records?limit=99999999999999999999", nil, 400),
            ("GET", "/v1/audit/records?wat=1", nil, 400), ("GET", "/v1/audit/records?before=-1", nil, 400),
            ("GET", "/v1/audit/proofs/x", nil, 400), ("GET", "/v1/audit/tail?from=x", nil, 400),
            ("POST", "/v1/launches", #"{"agent":"a","uid":-1}"#, 400),
            ("POST", "/v1/launches", #"{"agent":"a","uid":4294967296}"#, 400),
        ] as [(String, String, String?, Int)])
    func problems(method: String, path: String, body: String?, status: Int) async throws {
        try await AdminServer.run { server throws in
            let answer = try server.ask(method, path, body: body)
            #expect(answer.status == status)
            #expect(answer["content-type"] == Problem.mediaType)
            let problem = try AdminJSON.decoder.decode(Problem.self, from: Data(answer.body))
            #expect(problem.status == status)
            #expect(!problem.detail.isEmpty)
            #expect(problem.type.hasPrefix("urn:yett:problem:"))
        }
    }

    @Test("refuses a body of more than 64 KiB before it is read whole")
    func largeBody() async throws {
        try await AdminServer.run { server throws in
            let body = #"{"agent":""# + String(repeating: "a", count: 70_000) + #""}"#
            let answer = try server.ask("POST", "/v1/cut", body: body)
            #expect(answer.status == 400)
            #expect(server.gate.calls.isEmpty)
        }
    }

    @Test(
        "stays up when it is sent rubbish",
        arguments: ["\u{16}\u{3}\u{1}", "GET /v1/status\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\0\0\0", "POST"])
    func rubbish(bytes: String) async throws {
        try await AdminServer.run { server throws in
            let connection = try RawSocket.connect(unix: server.socket)
            try connection.write(bytes)
            connection.finishWriting()
            let end = connection.readToEnd()
            #expect(end.ending != .stillOpen)
            #expect(!String(decoding: end.bytes, as: UTF8.self).contains("200 OK"))
            #expect(try server.ask("GET", "/v1/status").status == 200)
        }
    }

    @Test("refuses header lists that are too long")
    func longHeaders() async throws {
        try await AdminServer.run { server throws in
            let connection = try RawSocket.connect(unix: server.socket)
            _ = try? connection.write(
                "GET /v1/status HTTP/1.1\r\nHost: g\r\nX: " + String(repeating: "x", count: 200_000) + "\r\n\r\n")
            #expect(!String(decoding: connection.readToEnd().bytes, as: UTF8.self).contains("200 OK"))
            #expect(try server.ask("GET", "/v1/status").status == 200)
        }
    }

    @Test("limits how long a reader may be kept waiting")
    func waiting() async throws {
        try await AdminServer.run { server throws in
            _ = try server.ask("GET", "/v1/audit/tail?from=3&wait=100000")
            _ = try server.ask("GET", "/v1/audit/tail?from=3&wait=-5")
            #expect(server.gate.calls == ["follow 3 30", "follow 3 0"])
        }
    }

    @Test("removes its socket when it stops")
    func removal() async throws {
        let path = try await AdminServer.run { $0.socket }
        #expect(access(path, F_OK) != 0)
    }
}
