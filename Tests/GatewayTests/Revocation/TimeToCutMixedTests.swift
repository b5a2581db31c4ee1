// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Testing

/// How long it takes from `yett revoke` to the last byte of 1,000 open things of every kind that carry traffic.
@Suite(.serialized) struct TimeToCutMixedTests {
    private static let bound = 0.250
    private static let (tunnels, requests, sockets, subscriptions) = (300, 200, 200, 50)
    /// Connections with HTTP/2, and streams on each.
    private static let (multiplexed, streams) = (5, 50)
    private static let count = tunnels + requests + sockets + subscriptions + multiplexed * streams

    private static func text(to port: UInt16) -> String {
        """
        agents:
          bot:
            attest: [{source: [127.0.0.1]}]
            grants:
              - {name: tickets, service: tickets, methods: [GET], paths: [/stream]}
              - {name: tools, service: tools, tools: {search: {}}}
              - {name: web, hosts: [web.test], ports: any, tls: any}
        services:
          tickets: {host: web.test, port: \(port)}
          tools: {host: web.test, port: \(port), protocol: mcp}
        service_proxy:
          listeners: [{address: "127.0.0.1:0", identify: [source]}]
        egress:
          listeners: [{address: "127.0.0.1:0", identify: [source]}]
          resolver: {hosts: {web.test: [127.0.0.1]}}
          exceptions: [{host: web.test, port: \(port), cidr: 127.0.0.1/32}]
          limits: {tunnels_per_agent: 2000}
        """
    }

    @Test("ends 1,000 tunnels, streams, WebSockets and subscriptions within 250 ms of the command")
    func mixed() async throws {
        let upstream = try StreamingServer()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port)) { gate throws in
            // Other programs may take the processors away for a moment, not three times.
            var isWithin = false
            for _ in 0..<3 where !isWithin {
                let before = Contention.now()
                let sorted = try Self.cut(gate, upstream.port).sorted()
                let contention = max(before, Contention.now())
                let (p50, p99, most) = (sorted[499], sorted[989], sorted[999])
                print(
                    "measured: time to cut \(Self.tunnels) tunnels, \(Self.requests) HTTP/1.1 streams, "
                        + "\(Self.multiplexed * Self.streams) HTTP/2 streams, \(Self.sockets) WebSockets and "
                        + "\(Self.subscriptions) MCP subscriptions, command to last byte: "
                        + "p50 \(Contention.text(p50)) ms, p99 \(Contention.text(p99)) ms, "
                        + "max \(Contention.text(most)) ms, \(Int((contention * 100).rounded()) - 100) % of waiting "
                        + "for a processor")
                #expect(most.isFinite, "something did not end")
                isWithin = p99 <= Self.bound * contention
            }
            #expect(isWithin, "see the measured times above")
        }
    }

    private static func port(_ gate: RunningGate, _ index: Int) -> UInt16 {
        gate.listeners[index].split(separator: ":").last.flatMap { UInt16($0) } ?? 0
    }

    /// Opens everything, revokes the agent, and says after how many seconds each thing ended.
    private static func cut(_ gate: RunningGate, _ port: UInt16) throws -> [Double] {
        let (egress, service) = (Self.port(gate, 0), Self.port(gate, 1))
        var open: [OpenThing] = []
        for _ in 0..<tunnels {
            open.append(try OpenThing(port: egress, "CONNECT web.test:\(port) HTTP/1.1", ["Host: w"]))
        }
        for thing in open { try thing.write("GET / HTTP/1.1\r\nHost: web.test\r\n\r\n") }
        for _ in 0..<requests {
            open.append(try OpenThing(port: service, "GET /s/tickets/stream HTTP/1.1", ["Host: g"]))
        }
        for _ in 0..<sockets {
            let fields = [
                "Host: web.test:\(port)", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            ]
            open.append(try OpenThing(port: egress, "GET http://web.test:\(port)/chat HTTP/1.1", fields))
        }
        for _ in 0..<subscriptions {
            let fields = ["Host: g", "Accept: text/event-stream", "MCP-Protocol-Version: 2025-06-18"]
            open.append(try OpenThing(port: service, "GET /s/tools HTTP/1.1", fields))
        }
        for _ in 0..<multiplexed { open.append(try OpenThing(port: service, streams: streams)) }
        let isOpen = try comesTrue { try gate.status().connections == count }
        let there = try gate.status().connections
        #expect(isOpen, "\(there) are open")

        let watch = OpenThings(open)
        #expect(watch.areAllActive(within: RawSocket.patience))
        let start = Deadline.now
        let command = try RawSocket.connect(unix: gate.socket)
        let body = #"{"agent":"bot","why":"measured"}"#
        try command.write(
            "POST /v1/revocations HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                + body)
        let ends = watch.run(within: RawSocket.patience).map { $0 - start }
        let answer = try HTTPText.readResponse(from: command)
        #expect(try AdminJSON.decoder.decode(RevocationReport.self, from: Data(answer.body)).cut == count)
        return ends
    }
}

/// How much longer work takes than it would on processors that nobody else uses: 1 on an idle machine.
enum Contention {
    static func now() -> Double {
        let (start, used) = (Deadline.now, Deadline.processorTime)
        while Deadline.processorTime - used < 0.05 {}
        return max(1, (Deadline.now - start) / (Deadline.processorTime - used))
    }

    /// Milliseconds with one digit behind the point.
    static func text(_ seconds: Double) -> String {
        seconds.isFinite ? String(Int((seconds * 10_000).rounded()) / 10) : "infinite"
    }
}

/// A client's end of something open, as a bare descriptor so that one thread can watch a thousand.
final class OpenThing {
    let descriptor: CInt
    /// The streams of HTTP/2 that are open; empty for a connection that is one thing by itself.
    var streams: Set<UInt32> = []
    /// Whether it has streams.
    var isMultiplexed = false
    var received: [UInt8] = []
    /// The things that something came for.
    var active: Set<UInt32> = []

    /// Asks for something, and waits for the head of the answer.
    init(port: UInt16, _ requestLine: String, _ fields: [String]) throws {
        descriptor = try Self.connect(port)
        try write(([requestLine] + fields).joined(separator: "\r\n") + "\r\n\r\n")
        var head: [UInt8] = []
        while head.suffix(4) != [13, 10, 13, 10] {
            var byte: UInt8 = 0
            guard read(descriptor, &byte, 1) == 1 else { throw POSIXError(.ECONNRESET) }
            head.append(byte)
        }
        let text = String(decoding: head, as: UTF8.self)
        guard text.hasPrefix("HTTP/1.1 200") || text.hasPrefix("HTTP/1.1 101") else { throw TunnelRefused(text: text) }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// Asks for so many streams over one connection.
    init(port: UInt16, streams count: Int) throws {
        descriptor = try Self.connect(port)
        let fields = [(":method", "GET"), (":scheme", "http"), (":path", "/s/tickets/stream"), (":authority", "g")]
        isMultiplexed = true
        var bytes = PlainHTTP2.preface + PlainHTTP2.acknowledgement
        for index in 0..<UInt32(count) {
            streams.insert(2 * index + 1)
            bytes += PlainHTTP2.request(stream: 2 * index + 1, fields)
        }
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw POSIXError(.EPIPE) }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    deinit { close(descriptor) }

    func write(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw POSIXError(.EPIPE) }
    }

    private static func connect(_ port: UInt16) throws -> CInt {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, result == 0 else { throw POSIXError(.ECONNREFUSED) }
        return descriptor
    }
}

/// Reads a thousand open things on one thread until each has ended.
final class OpenThings {
    private let things: [OpenThing]
    private var ends: [Double] = []
    private var count: Int

    init(_ things: [OpenThing]) {
        self.things = things
        count = things.reduce(0) { $0 + max(1, $1.streams.count) }
    }

    /// Whether traffic comes for each.
    func areAllActive(within seconds: Double) -> Bool {
        let deadline = Deadline(seconds)
        while deadline.secondsLeft > 0 {
            step()
            if things.allSatisfy({ $0.active.count >= max(1, $0.streams.count) }) { return ends.isEmpty }
        }
        return false
    }

    /// The time at which each ended; infinite where it did not.
    func run(within seconds: Double) -> [Double] {
        let deadline = Deadline(seconds)
        while ends.count < count, deadline.secondsLeft > 0 { step() }
        return ends + Array(repeating: .infinity, count: count - ends.count)
    }

    private var closed: Set<CInt> = []

    private func step() {
        var entries = things.map {
            pollfd(fd: closed.contains($0.descriptor) ? -1 : $0.descriptor, events: Int16(POLLIN), revents: 0)
        }
        guard poll(&entries, nfds_t(entries.count), 100) > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        for (index, entry) in entries.enumerated() where entry.fd >= 0 && entry.revents != 0 {
            let thing = things[index]
            let length = recv(entry.fd, &buffer, buffer.count, 0)
            if length < 0, errno == EAGAIN { continue }
            if length > 0 {
                take(buffer[..<length], of: thing)
            } else {
                closed.insert(entry.fd)
                let left = thing.isMultiplexed ? thing.streams.count : 1
                ends += Array(repeating: Deadline.now, count: left)
            }
        }
    }

    private func take(_ bytes: ArraySlice<UInt8>, of thing: OpenThing) {
        guard thing.isMultiplexed else {
            thing.active.insert(0)
            return
        }
        thing.received += bytes
        for frame in PlainHTTP2.frames(&thing.received) {
            if frame.kind == 0 { thing.active.insert(frame.stream) }
            guard frame.kind == 3 || frame.flags & 1 == 1 && frame.kind <= 1 else { continue }
            if thing.streams.remove(frame.stream) != nil { ends.append(Deadline.now) }
        }
    }
}
