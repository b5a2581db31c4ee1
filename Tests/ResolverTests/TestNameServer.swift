// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Glibc
import Resolver
import Synchronization

/// A name server on loopback, over UDP and TCP on one port, that does with each name what the test says.
final class TestNameServer: Sendable {
    private struct Failure: Error { let what: String }

    let port: UInt16
    private let udp: Int32
    private let listener: Int32
    private let stop: (read: Int32, write: Int32)
    private let closesTCP: Bool
    private let handler: @Sendable (DNSQuestion) -> DNSReply
    private let questions = Mutex<[String]>([])

    /// With `closesTCP`, every TCP connection is closed as soon as it comes.
    init(closesTCP: Bool = false, _ handler: @escaping @Sendable (DNSQuestion) -> DNSReply) throws {
        self.handler = handler
        self.closesTCP = closesTCP
        (udp, listener, port) = try Self.bindBoth()
        var pipes: [Int32] = [0, 0]
        guard pipe(&pipes) == 0 else { throw Failure(what: "pipe") }
        stop = (pipes[0], pipes[1])
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<TestNameServer>.fromOpaque(context).takeRetainedValue().serve() }
                return nil
            }, context)
        pthread_detach(thread)
    }

    /// The names and types that were asked, in order.
    var asked: [String] { questions.withLock { $0 } }

    /// Waits long for what is sent; tests of silence shorten that.
    var configuration: AresConfiguration {
        AresConfiguration(
            servers: [.init(.v4(IPv4Address(127, 0, 0, 1)), port: port)], queryTimeoutMilliseconds: 10_000, tries: 2,
            deadlineMilliseconds: 60_000, resolutionDelayMilliseconds: 10_000)
    }

    func close() {
        _ = Glibc.write(stop.write, [1], 1)
    }

    private func serve() {
        var connections: [Int32] = []
        while true {
            var polled = ([stop.read, udp, listener] + connections).map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&polled, nfds_t(polled.count), -1) >= 0, polled[0].revents == 0 else { break }
            if polled[1].revents != 0 { answerUDP() }
            for descriptor in polled.dropFirst(3) where descriptor.revents != 0 && !answerTCP(descriptor.fd) {
                Glibc.close(descriptor.fd)
                connections.removeAll { $0 == descriptor.fd }
            }
            guard polled[2].revents != 0 else { continue }
            let connection = accept(listener, nil, nil)
            if closesTCP { Glibc.close(connection) } else { connections.append(connection) }
        }
        for descriptor in connections + [udp, listener, stop.read, stop.write] { Glibc.close(descriptor) }
    }

    private func messages(_ query: [UInt8], isTCP: Bool) -> [[UInt8]] {
        guard let question = DNSQuestion(query) else { return [] }
        questions.withLock { $0.append("\(question.name) \(question.type)\(isTCP ? " tcp" : "")") }
        return handler(question).messages(to: question, isTCP: isTCP)
    }

    private func answerUDP() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var peer = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = withUnsafeMutablePointer(to: &peer) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(udp, &buffer, buffer.count, 0, $0, &length)
            }
        }
        guard count > 0 else { return }
        for message in messages(Array(buffer[..<count]), isTCP: false) {
            _ = withUnsafePointer(to: &peer) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(udp, message, message.count, 0, $0, length)
                }
            }
        }
    }

    private func answerTCP(_ descriptor: Int32) -> Bool {
        guard let head = readFully(descriptor, 2), let query = readFully(descriptor, Int(head[0]) << 8 | Int(head[1]))
        else { return false }
        for message in messages(query, isTCP: true) {
            let bytes = DNSRecord.bigEndian(UInt128(message.count), 2) + message
            guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
                return false
            }
        }
        return true
    }

    private func readFully(_ descriptor: Int32, _ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var buffer = [UInt8](repeating: 0, count: count - bytes.count)
            let read = Glibc.read(descriptor, &buffer, buffer.count)
            guard read > 0 else { return nil }
            bytes += buffer[..<read]
        }
        return bytes
    }

    /// A UDP socket on a free port and a TCP listener on the same; tries again where another program holds the latter.
    private static func bindBoth() throws -> (udp: Int32, listener: Int32, port: UInt16) {
        for _ in 0..<20 {
            let udp = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard let port = bind(udp, port: 0), bind(listener, port: port) != nil, listen(listener, 16) == 0 else {
                Glibc.close(udp)
                Glibc.close(listener)
                continue
            }
            return (udp, listener, port)
        }
        throw Failure(what: "no port")
    }

    private static func bind(_ descriptor: Int32, port: UInt16) -> UInt16? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            } ? UInt16(bigEndian: $0.pointee.sin_port) : nil
        }
    }
}
