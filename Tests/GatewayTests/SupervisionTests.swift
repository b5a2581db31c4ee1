// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

@testable import Gateway

@Suite("What the process that started the gate gives it") struct SupervisionTests {
    private static func supervisor(_ environment: [String: String]) throws -> Supervisor? {
        try Supervisor(environment: environment, process: getpid())
    }

    @Test("without NOTIFY_SOCKET nobody is told, whatever else is set")
    func nobody() throws {
        #expect(try Self.supervisor([:]) == nil)
        #expect(try Self.supervisor(["WATCHDOG_USEC": "1"]) == nil)
    }

    @Test(
        "a NOTIFY_SOCKET that cannot be meant is an error",
        arguments: ["", "/", "@", "run/notify", "vsock:2:1", " /run/notify", "/" + String(repeating: "x", count: 107)])
    func strangeSockets(_ socket: String) throws {
        #expect(throws: GatewayError.self) { _ = try Self.supervisor(["NOTIFY_SOCKET": socket]) }
    }

    @Test(
        "a strange WATCHDOG_USEC is an error, unless it is meant for another process",
        arguments: ["", "0", "999", "-1", "+5000", "5000 ", "1e9", "18446744073709551615", "５０００"])
    func strangeTimes(_ time: String) throws {
        var environment = ["NOTIFY_SOCKET": "@yett-test", "WATCHDOG_USEC": time]
        #expect(throws: GatewayError.self) { _ = try Self.supervisor(environment) }
        environment["WATCHDOG_PID"] = "\(getpid())"
        #expect(throws: GatewayError.self) { _ = try Self.supervisor(environment) }
        environment["WATCHDOG_PID"] = "1"
        let supervisor = try #require(try Self.supervisor(environment))
        #expect(supervisor.watchdog == nil)
    }

    @Test("messages arrive whole at a path and at an abstract name", arguments: [false, true])
    func messages(_ isAbstract: Bool) throws {
        let name = "/tmp/yett-notify-\(UInt32.random(in: .min ... .max))"
        let receiver = try DatagramReceiver(isAbstract ? "@" + name : name)
        let supervisor = try #require(try Self.supervisor(["NOTIFY_SOCKET": isAbstract ? "@" + name : name]))
        try supervisor.ready("serving\nMAINPID=1")
        #expect(receiver.next().text == "READY=1\nSTATUS=serving MAINPID=1")
        try supervisor.reloading(at: 5_000_999)
        #expect(receiver.next().text == "RELOADING=1\nMONOTONIC_USEC=5000\nSTATUS=reading the configuration")
        try supervisor.stopping(within: .seconds(25), "stopping")
        #expect(receiver.next().text == "STOPPING=1\nEXTEND_TIMEOUT_USEC=25000000\nSTATUS=stopping")
        try supervisor.alive()
        #expect(receiver.next().text == "WATCHDOG=1")
    }

    @Test("sockets are left in the place of those that were left before, as many as there are")
    func kept() throws {
        let name = "/tmp/yett-notify-\(UInt32.random(in: .min ... .max))"
        let receiver = try DatagramReceiver(name)
        let supervisor = try #require(try Self.supervisor(["NOTIFY_SOCKET": name]))
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        try supervisor.keep([descriptor, descriptor])
        let (removal, addition) = (receiver.next(), receiver.next())
        #expect(removal.text == "FDSTOREREMOVE=1\nFDNAME=yett-kept" && removal.descriptors == 0)
        #expect(addition.text == "FDSTORE=1\nFDNAME=yett-kept" && addition.descriptors == 2)
        #expect(fcntl(descriptor, F_GETFD) >= 0)
        try supervisor.keep([CInt](repeating: descriptor, count: 254))
        #expect((0..<3).map { _ in receiver.next().descriptors } == [0, 253, 1])
    }

    @Test("a service manager that is gone is an error that says so")
    func gone() throws {
        let supervisor = try #require(try Self.supervisor(["NOTIFY_SOCKET": "/tmp/yett-nobody-\(getpid())"]))
        #expect(throws: SupervisorError.self) { try supervisor.ready("serving") }
        #expect(SupervisorError(code: ENOENT).description.contains("No such file"))
    }
}

/// The receiving end of messages to a service supervisor.
final class DatagramReceiver {
    private let descriptor: CInt
    private let path: String

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var name = Array(path.utf8)
        if path.hasPrefix("@") { name[0] = 0 }
        let address = [UInt8(AF_UNIX), 0] + name
        let isBound = address.withUnsafeBytes { bytes in
            bytes.baseAddress.map {
                bind(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) == 0
            } ?? false
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
    }

    deinit {
        close(descriptor)
        if !path.hasPrefix("@") { unlink(path) }
    }

    /// The next message, and how many descriptors came with it.
    func next() -> (text: String, descriptors: Int) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        var control = [UInt8](repeating: 0, count: 2048)
        let counts = bytes.withUnsafeMutableBytes { bytes in
            control.withUnsafeMutableBytes { control in
                var part = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return withUnsafeMutablePointer(to: &part) { part in
                    var message = msghdr()
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    let count = recvmsg(descriptor, &message, CInt(MSG_CMSG_CLOEXEC))
                    return (count, Int(message.msg_controllen))
                }
            }
        }
        // struct cmsghdr: length, level and kind in 16 bytes, then the descriptors.
        let length = control.withUnsafeBytes { $0.loadUnaligned(as: Int.self) }
        let descriptors =
            counts.1 == 0
            ? []
            : stride(from: 16, to: length, by: 4).map { offset in
                control.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: CInt.self) }
            }
        for descriptor in descriptors { close(descriptor) }
        return (String(decoding: bytes.prefix(max(0, counts.0)), as: UTF8.self), descriptors.count)
    }
}
