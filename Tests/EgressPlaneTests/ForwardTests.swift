// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import EgressPlane
import GateSupport
import Resolver
import Testing
import Transport

@Suite("Absolute-form requests") struct ForwardTests {
    private static func options(_ upstream: UpstreamServer) throws -> GateOptions {
        var options = GateOptions(grants: [try Grant.test("allowed.test", "other.test")])
        options.lead(to: upstream)
        return options
    }

    /// Answers with what it saw.
    private static func mirror() -> UpstreamServer {
        UpstreamServer.http { request in
            let body = "\(request.startLine)|\(request.text)"
            return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    @Test("go to the origin in origin-form, with the host that was judged")
    func forwards() async throws {
        let upstream = Self.mirror()
        try await withGate(Self.options(upstream)) { gate in
            let answer = try gate.get(
                "http://Allowed.TEST:80/a/./b/../c?x=1&y=http://127.0.0.1/", fields: "Host2: x\r\n")
            #expect(answer.status == 200)
            #expect(answer.text == "GET /a/c?x=1&y=http://127.0.0.1/ HTTP/1.1|")
            #expect(upstream.text.contains("\r\nHost: allowed.test\r\n"))
            #expect(gate.dials.dials.map(\.description) == ["203.0.114.10 port 80"])
            #expect(try await gate.decisions().map { $0.text("path") } == ["/a/c"])
        }
    }

    @Test("go on the same connection one after the other, each with its own record")
    func keepAlive() async throws {
        let upstream = Self.mirror()
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            for number in 0..<5 {
                let answer = try gate.send("POST", "http://allowed.test/\(number)", body: "body \(number)", on: socket)
                #expect(answer.text == "POST /\(number) HTTP/1.1|body \(number)")
            }
            #expect(gate.dials.dials.count == 1)
            #expect(upstream.connectionCount == 1)
            let paths = try await gate.decisions().map { $0.text("path") ?? "" }
            #expect(paths == (0..<5).map { "/\($0)" })
        }
    }

    @Test("are answered in order when they come pipelined")
    func pipelined() async throws {
        let upstream = Self.mirror()
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            let requests = (0..<10).map {
                "POST http://allowed.test/\($0) HTTP/1.1\r\nHost: allowed.test\r\nContent-Length: 1\r\n\r\n\($0)"
            }
            try socket.write(requests.joined())
            for number in 0..<10 {
                #expect(try HTTPText.readResponse(from: socket).text == "POST /\(number) HTTP/1.1|\(number)")
            }
            socket.finishWriting()
            #expect(socket.readToEnd().ending == .closed)
        }
    }

    @Test("carry chunked bodies up", arguments: [1, 7, 4096])
    func chunkedUp(_ writeSize: Int) async throws {
        let upstream = Self.mirror()
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            let body = "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: secret\r\n\r\n"
            let request =
                "POST http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\nTransfer-Encoding: chunked\r\n\r\n\(body)"
            var rest = Array(request.utf8)[...]
            while !rest.isEmpty {
                try socket.write(rest.prefix(writeSize))
                rest = rest.dropFirst(writeSize)
            }
            #expect(try HTTPText.readResponse(from: socket).text == "POST / HTTP/1.1|hello world")
            #expect(!upstream.text.lowercased().contains("x-trailer"))
            #expect(!upstream.text.contains("ext=1"))
            #expect(try gate.get("http://allowed.test/next", on: socket).text == "GET /next HTTP/1.1|")
        }
    }

    @Test("bring back bodies in every framing, and lose nothing when the client is slow")
    func responses() async throws {
        let large = String(repeating: "0123456789abcdef", count: 1 << 17)
        let upstream = UpstreamServer { connection in
            while let request = try HTTPText.readRequest(from: connection, within: 60) {
                switch request.startLine.split(separator: " ")[1] {
                case "/chunked":
                    try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    for part in ["hel", "lo"] { try connection.write("\(part.utf8.count)\r\n\(part)\r\n") }
                    try connection.write("0\r\nX-Trailer: no\r\n\r\n")
                case "/length":
                    try connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(large.utf8.count)\r\n\r\n\(large)")
                case "/none": try connection.write("HTTP/1.1 204 No Content\r\n\r\n")
                case "/same": try connection.write("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n")
                default:
                    try connection.write("HTTP/1.1 200 OK\r\n\r\n\(large)")
                    return
                }
            }
        }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect(receiveBuffer: 4096)
            #expect(try gate.get("http://allowed.test/chunked", on: socket).text == "hello")
            #expect(try gate.get("http://allowed.test/none", on: socket).status == 204)
            #expect(try gate.get("http://allowed.test/same", on: socket).status == 304)
            #expect(try gate.get("http://allowed.test/length", on: socket).text == large)
            #expect(try gate.get("http://allowed.test/until-close", on: socket).text == large)
        }
    }

    @Test("deliver a whole response to a slow client that asked to close")
    func closingClient() async throws {
        let large = String(repeating: "0123456789abcdef", count: 1 << 17)
        let upstream = UpstreamServer.http { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: \(large.utf8.count)\r\n\r\n\(large)"
        }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect(receiveBuffer: 4096)
            #expect(try gate.get("http://allowed.test/", fields: "Connection: close\r\n", on: socket).text == large)
            #expect(socket.readToEnd().ending == .closed)
        }
    }

    @Test("HEAD brings a head alone, whatever length it tells")
    func head() async throws {
        let upstream = UpstreamServer.http { _ in "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            for _ in 0..<3 {
                let answer = try gate.send("HEAD", "http://allowed.test/", on: socket)
                #expect(answer.status == 200)
                #expect(answer["content-length"] == "1000")
            }
            #expect(upstream.connectionCount == 1)
        }
    }

    @Test("pass interim responses on, and 100 before the body")
    func interim() async throws {
        let upstream = UpstreamServer { connection in
            let head = HTTPText.parseHead(try connection.read(through: "\r\n\r\n"))
            #expect(head["expect"] == "100-continue")
            try connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")
            let body = try connection.read(exactly: 4)
            #expect(body == Array("body".utf8))
            try connection.write(UpstreamServer.hello)
            _ = connection.readToEnd()
        }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            try socket.write(
                "PUT http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
            )
            #expect(try HTTPText.readResponse(from: socket).status == 103)
            #expect(try HTTPText.readResponse(from: socket).status == 100)
            try socket.write("body")
            #expect(try HTTPText.readResponse(from: socket).text == "hello")
        }
    }

    @Test("a final answer instead of 100 reaches the client, and the connection ends")
    func finalInsteadOfContinue() async throws {
        let upstream = UpstreamServer { connection in
            _ = try connection.read(through: "\r\n\r\n")
            try connection.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
            _ = connection.readToEnd()
        }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            try socket.write(
                "PUT http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
            )
            #expect(try HTTPText.readResponse(from: socket).status == 413)
            #expect(socket.readToEnd().ending == .closed)
        }
    }

    @Test("lose hop-by-hop fields, what they nominate, credentials for the gate and claims of identity")
    func strips() async throws {
        let upstream = Self.mirror()
        try await withGate(Self.options(upstream)) { gate in
            let dropped = [
                "Connection: keep-alive, X-Secret", "X-Secret: 1", "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "Proxy-Authorization: Basic eDp5", "TE: trailers", "X-Forwarded-For: 10.0.0.1",
                "Forwarded: for=10.0.0.1",
                "X-Real-IP: 10.0.0.1", "X-Agent-Id: admin", "X-HTTP-Method-Override: DELETE",
                "X-Forwarded-Client-Cert: By=x",
            ]
            let kept = ["Authorization: Bearer own", "Cookie: a=b", "User-Agent: test", "X-Custom: yes"]
            let fields = (dropped + kept).map { $0 + "\r\n" }.joined()
            let status = try gate.get("http://allowed.test/", fields: fields).status
            #expect(status == 200)
            let seen = HTTPText.parseHead(upstream.transcripts[0])
            for line in dropped where !line.hasPrefix("Connection") {
                let name = String(line.prefix { $0 != ":" })
                #expect(seen[name] == nil, "\(name)")
            }
            for line in kept { #expect(upstream.text.contains("\r\n\(line)\r\n"), "\(line)") }
        }
    }

    @Test("connections upstream are used again by the same agent, and never by another")
    func poolIsPerAgent() async throws {
        let upstream = Self.mirror()
        let grant = try Grant.test("allowed.test")
        var one = AgentSetup("one", grants: [grant])
        one.tokens = ["one"]
        var two = AgentSetup("two", grants: [grant])
        two.tokens = ["two"]
        var options = GateOptions(agents: [one, two])
        options.identification = .token
        options.workers = 1
        options.lead(to: upstream)
        try await withGate(options) { gate in
            for token in ["one", "one", "two", "two", "one"] {
                let fields = "Proxy-Authorization: Bearer \(token)\r\n"
                let status = try gate.get("http://allowed.test/\(token)", fields: fields).status
                #expect(status == 200)
            }
            #expect(upstream.connectionCount == 2)
            for text in upstream.transcripts.map({ String(decoding: $0, as: UTF8.self) }) {
                #expect(!(text.contains("/one") && text.contains("/two")))
            }
        }
    }

    @Test(
        "a target that is not absolute is refused",
        arguments: [
            "GET / HTTP/1.1", "OPTIONS * HTTP/1.1", "GET https://allowed.test/ HTTP/1.1",
            "GET ftp://allowed.test/ HTTP/1.1",
        ])
    func otherTargets(_ line: String) async throws {
        let upstream = Self.mirror()
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            try socket.write("\(line)\r\nHost: allowed.test\r\n\r\nGET http://allowed.test/SMUGGLED HTTP/1.1\r\n\r\n")
            let answer = try HTTPText.readResponse(from: socket)
            #expect((400..<500).contains(answer.status))
            #expect(answer["yett-reason"] == "protocol_violation")
            #expect(socket.readToEnd().bytes.isEmpty)
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test("a denied request ends the connection, and what follows is no request")
    func deniedThenMore() async throws {
        let upstream = Self.mirror()
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            try socket.write(
                "POST http://denied.test/ HTTP/1.1\r\nHost: denied.test\r\nContent-Length: 100\r\n\r\n"
                    + "GET http://allowed.test/SMUGGLED HTTP/1.1\r\nHost: allowed.test\r\n\r\n")
            #expect(try HTTPText.readResponse(from: socket).status == 403)
            #expect(socket.readToEnd().bytes.isEmpty)
            #expect(gate.dials.dials.isEmpty)
            #expect(try await gate.decisions().count == 1)
        }
    }

    @Test("a broken chunked body reaches the destination as no complete message")
    func brokenBody() async throws {
        let upstream = Self.mirror()
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            try socket.write(
                "POST http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\nzz\r\n\r\nGET http://allowed.test/SMUGGLED HTTP/1.1\r\n\r\n")
            #expect(try HTTPText.readResponse(from: socket).status == 400)
            #expect(!upstream.text.contains("SMUGGLED"))
            #expect(!upstream.text.contains("\r\n0\r\n\r\n"))
        }
    }
}
