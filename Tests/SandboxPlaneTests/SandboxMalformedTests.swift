// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// Requests that are none. Nothing runs, and the gate serves on.
@Suite("Malformed requests for runs") struct SandboxMalformedTests {
    private static let bodies: [String] =
        [
            "", "{", "[]", "\"x\"", "null", "{}", #"{"language":"python"}"#, #"{"source":"1"}"#,
            #"{"language":"perl","source":"1"}"#, #"{"language":"Python","source":"1"}"#,
            #"{"language":["python"],"source":"1"}"#, #"{"language":"python","source":1}"#,
            #"{"language":"python","source":null}"#, #"{"language":"python","source":"1","extra":1}"#,
            #"{"language":"python","language":"shell","source":"1"}"#, #"{"Language":"python","source":"1"}"#,
            #"{"language":"python","source":"1","module":"AA=="}"#, #"{"module":"not base64"}"#, #"{"module":""}"#,
            #"{"module":"AAA"}"#, #"{"module":{}}"#, #"{"language":"python","source":"1","stdin":5}"#,
            #"{"language":"python","source":"1","stdin":"a","stdin_base64":"YQ=="}"#,
            #"{"language":"python","source":"1","stdin_base64":"*"}"#,
            #"{"language":"python","source":"1","args":"a"}"#, #"{"language":"python","source":"1","args":[1]}"#,
            #"{"language":"python","source":"1","args":["a\u0000b"]}"#,
            #"{"language":"python","source":"1","files":{}}"#, #"{"language":"python","source":"1","files":[1]}"#,
            #"{"language":"python","source":"1","files":[{"path":"a"}]}"#,
            #"{"language":"python","source":"1","files":[{"path":"a","content":"b","mode":7}]}"#,
            #"{"language":"python","source":"1","files":[{"path":"a","content":"b","content_base64":"YQ=="}]}"#,
            #"{"language":"python","source":"1","files":[{"path":"a","content":""},{"path":"a","content":""}]}"#,
            #"{"language":"python","source":"1","files":[{"path":"a","content":""},{"path":"a/b","content":""}]}"#,
            #"{"language":"python","source":"1","limits":[]}"#,
            #"{"language":"python","source":"1","limits":{"wall":5}}"#,
            #"{"language":"python","source":"1","require":"vm"}"#,
            #"{"language":"python","source":"1","require":{"strength":"strong"}}"#,
            #"{"language":"python","source":"1","require":{"strength":null}}"#,
            #"{"language":"python","source":"1","require":{"accel":true}}"#,
            #"{"language":"python","source":"1","require":{"jailed":"true"}}"#,
            #"{"language":"python","source":"1","require":{"root":false}}"#,
            String(repeating: "[", count: 5000), #"{"a":"# + String(repeating: "{\"a\":", count: 200),
        ]
        + ["/etc/passwd", "../x", "a/../b", ".hidden", "-x", "a//b", "a/", "a b", "a\\nb", ""].map {
            #"{"language":"python","source":"1","files":[{"path":"\#($0)","content":""}]}"#
        }
        + ["0", "-1", "1.5", "\"5\"", "true", "1e30", "99999999999999999999", "null", "[5]"].map {
            #"{"language":"python","source":"1","limits":{"wall_ms":\#($0)}}"#
        }

    @Test func `Each is refused with a reason, by both ways, and nothing runs`() async throws {
        try await SandboxGate.run { gate throws in
            for body in Self.bodies {
                let answer = try gate.post(body: body)
                #expect([400, 403, 413].contains(answer.status), "\(body.prefix(80)): \(answer.status) \(answer.text)")
                #expect(answer["yett-reason"] != nil || answer.text.contains("refused"), "\(body.prefix(80))")
                guard let arguments = try? JSONValue(parsing: body), arguments.object != nil else { continue }
                let called = try gate.execute(arguments)
                #expect(called["error"] != nil, "\(body.prefix(80)): \(called.text)")
            }
            #expect(try gate.runs().isEmpty)
            #expect(try gate.post(["language": "python", "source": "print(1)"]).status == 200)
        }
    }

    @Test func `So is what is no POST of JSON`() async throws {
        try await SandboxGate.run { gate throws in
            let head = "Host: gate.test\r\nAuthorization: Bearer \(SandboxGate.token)\r\n"
            for (request, status) in [
                ("GET /v1/sandbox/runs HTTP/1.1\r\n\(head)\r\n", 405),
                (
                    "POST /v1/sandbox/runs HTTP/1.1\r\n\(head)Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
                    415
                ),
                ("POST /v1/sandbox/runs HTTP/1.1\r\n\(head)Content-Length: 2\r\n\r\n{}", 415),
                (
                    "POST /v1/sandbox/runs?x=1 HTTP/1.1\r\n\(head)Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                    400
                ),
                (
                    "POST /v1/sandbox/runs/ HTTP/1.1\r\n\(head)Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                    404
                ),
                (
                    "POST /v1/sandbox HTTP/1.1\r\n\(head)Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                    404
                ),
                (
                    "POST /v1/sandbox/runs HTTP/1.1\r\n\(head)Content-Type: application/json\r\nContent-Length: 99999999\r\n\r\n",
                    413
                ),
                (
                    "POST /v1/sandbox/runs HTTP/1.1\r\n\(head)Content-Type: application/json\r\nOrigin: https://evil.test\r\nContent-Length: 2\r\n\r\n{}",
                    403
                ),
            ] {
                let socket = try RawSocket.connect(port: gate.port)
                try socket.write(request)
                let answer = try HTTPText.readResponse(from: socket)
                #expect(answer.status == status, "\(request.prefix(60)): \(answer.status) \(answer.text)")
            }
            #expect(try gate.runs().isEmpty)
        }
    }
}
