// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import GateSupport
import Testing

@Suite("Server names in tunnels") struct ServerNameTests {
    private static func options(_ grant: Grant, _ upstream: UpstreamServer) -> GateOptions {
        var options = GateOptions(grants: [grant])
        options.lead(to: upstream)
        return options
    }

    /// A hello, how it is cut into writes, and what comes of it.
    struct Hello: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        var writeSize = Int.max
        let reason: String?

        init(_ name: String, _ bytes: [UInt8], writeSize: Int = .max, _ reason: String?) {
            testDescription = name
            self.bytes = bytes
            self.writeSize = writeSize
            self.reason = reason
        }

        private static func changed(_ change: (inout ClientHelloBytes) -> Void) -> [UInt8] {
            var hello = ClientHelloBytes(name: "allowed.test")
            change(&hello)
            return hello.bytes
        }

        static let all: [Hello] = [
            Hello("the host", changed { _ in }, nil),
            Hello("the host in capitals", ClientHelloBytes(name: "ALLOWED.Test").bytes, nil),
            Hello("byte by byte", changed { _ in }, writeSize: 1, nil),
            Hello("over many records", changed { $0.recordBytes = 40 }, nil),
            Hello("over records of one byte", changed { $0.recordBytes = 1 }, "tls_malformed"),
            Hello("12 KB with padding", changed { $0.padding = 12_000 }, writeSize: 1400, nil),
            Hello("another granted host", ClientHelloBytes(name: "other.test").bytes, "tls_sni_mismatch"),
            Hello("another host", ClientHelloBytes(name: "denied.test").bytes, "tls_sni_mismatch"),
            Hello("a host below", ClientHelloBytes(name: "a.allowed.test").bytes, "tls_sni_mismatch"),
            Hello("no name", ClientHelloBytes(names: nil).bytes, "tls_sni_missing"),
            Hello("an encrypted hello", changed { $0.hasEncryptedHello = true }, "tls_ech_present"),
            Hello("an address as name", ClientHelloBytes(name: "203.0.114.10").bytes, "tls_malformed"),
            Hello("an empty name", ClientHelloBytes(name: "").bytes, "tls_malformed"),
            Hello("no name in the list", ClientHelloBytes(names: []).bytes, "tls_malformed"),
            Hello(
                "two names", ClientHelloBytes(names: [Array("allowed.test".utf8), Array("denied.test".utf8)]).bytes,
                "tls_malformed"),
            Hello("a NUL in the name", ClientHelloBytes(name: "allowed.test\0.evil.test").bytes, "tls_malformed"),
            Hello("HTTP", Array("GET / HTTP/1.1\r\nHost: allowed.test\r\n\r\n".utf8), "tls_not_tls"),
            Hello("SSH", Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), "tls_not_tls"),
            Hello("a TLS alert", [21, 3, 3, 0, 2, 1, 0], "tls_not_tls"),
            Hello("an endless record", [22, 3, 1, 255, 255] + [UInt8](repeating: 1, count: 70_000), "tls_malformed"),
        ]
    }

    @Test("is compared with the host before anything is dialled", arguments: Hello.all)
    func compares(_ hello: Hello) async throws {
        let upstream = UpstreamServer.echo()
        let grant = try Grant.test("allowed.test", "other.test")
        try await withGate(Self.options(grant, upstream)) { gate in
            let tunnel = try gate.openTunnel()
            #expect(gate.dials.dials.isEmpty)
            var rest = hello.bytes[...]
            while !rest.isEmpty {
                // The gate may refuse before it has seen all.
                guard (try? tunnel.write(rest.prefix(hello.writeSize))) != nil else { break }
                rest = rest.dropFirst(hello.writeSize)
            }
            if let reason = hello.reason {
                let bytes = tunnel.readToEnd().bytes
                #expect(GateHarness.alert(in: bytes) != nil)
                #expect(gate.dials.dials.isEmpty)
                #expect(try await gate.decisions().map { $0.list("reasons") } == [[reason]])
                #expect(upstream.connectionCount == 0)
            } else {
                #expect(try tunnel.read(exactly: hello.bytes.count) == hello.bytes)
                #expect(gate.dials.dials.map(\.description) == ["203.0.114.10 port 443"])
                #expect(upstream.transcripts.first == hello.bytes)
            }
        }
    }

    @Test("a grant may permit an encrypted hello, and still compares the name outside")
    func permitsEncryptedHello() async throws {
        let upstream = UpstreamServer.echo()
        let grant = try Grant.test("allowed.test").with { $0.allowsEncryptedClientHello = true }
        try await withGate(Self.options(grant, upstream)) { gate in
            var hello = ClientHelloBytes(name: "allowed.test")
            hello.hasEncryptedHello = true
            let tunnel = try gate.openTunnel(hello: hello.bytes)
            #expect(try tunnel.read(exactly: hello.bytes.count) == hello.bytes)
            hello.names = [Array("denied.test".utf8)]
            let other = try gate.openTunnel(hello: hello.bytes)
            #expect(GateHarness.alert(in: other.readToEnd().bytes) == 112)
            #expect(gate.dials.dials.count == 1)
        }
    }

    @Test("bytes that come right behind CONNECT are taken for the hello")
    func earlyHello() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(try Grant.test("allowed.test"), upstream)) { gate in
            let hello = ClientHelloBytes(name: "allowed.test").bytes
            let socket = try gate.connect()
            try socket.write(Array("CONNECT allowed.test:443 HTTP/1.1\r\nHost: allowed.test:443\r\n\r\n".utf8) + hello)
            #expect(HTTPText.parseHead(try socket.read(through: "\r\n\r\n")).status == 200)
            #expect(try socket.read(exactly: hello.count) == hello)
        }
    }

    @Test("a client that ends before its hello is complete is refused", arguments: [0, 1, 5, 60])
    func endsEarly(_ count: Int) async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(try Grant.test("allowed.test"), upstream)) { gate in
            let tunnel = try gate.openTunnel()
            try tunnel.write(ClientHelloBytes(name: "allowed.test").bytes.prefix(count))
            tunnel.finishWriting()
            #expect(GateHarness.alert(in: tunnel.readToEnd().bytes) != nil)
            #expect(gate.dials.dials.isEmpty)
            #expect(try await gate.decisions().count == 1)
            #expect(await gate.becomesIdle())
        }
    }
}
