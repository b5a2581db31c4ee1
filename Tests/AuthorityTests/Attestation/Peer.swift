// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CLinux
import Foundation
import Glibc
import Identity
import ProcessSupport
import Testing

@testable import Authority

/// A process that connects to a socket of the test and then does as it is told.
final class Peer {
    /// Connects, says so, and obeys: `exec PATH` becomes another program and keeps the connection, `again` becomes the
    /// same program again, `user N` changes its effective user, `quit` ends.
    private static let script = """
        import os, socket, sys
        path, user = sys.argv[1], int(sys.argv[2])
        if user >= 0: os.seteuid(user)
        if len(sys.argv) > 3:
            peer = socket.socket(fileno=int(sys.argv[3]))
        else:
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(path)
        peer.set_inheritable(True)
        print("ready", flush=True)
        # Byte by byte: what follows a line belongs to the program that comes after this one.
        def line():
            text = b""
            while text[-1:] != bytes([10]):
                byte = os.read(0, 1)
                if not byte: sys.exit()
                text += byte
            return text.decode()
        while True:
            words = line().split()
            if words[0] == "exec": os.execv(words[1], words[1:])
            if words[0] == "again": os.execv(sys.executable, [sys.executable, "-u", sys.argv[0], path, "-1", str(peer.fileno())])
            if words[0] == "user": os.setuid(int(words[1]))
            if words[0] == "quit": sys.exit()
            print("ready", flush=True)
        """

    let process = ChildProcess()
    let connection: CInt
    private let input = Pipe()
    private let output = Pipe()

    /// Starts the process and waits until it has connected.
    ///
    /// - Parameters:
    ///   - user: Its effective user, or -1 for that of the test.
    ///   - wrapper: What starts it: a program and its arguments.
    init(_ workspace: Workspace, user: Int = -1, wrapper: [String] = []) throws {
        let script = try workspace.write(Array(Self.script.utf8), to: "peer-\(UUID().uuidString).py", mode: 0o644)
        let socket = workspace.directory + "/\(UUID().uuidString.prefix(8))"
        let listener = try Self.listen(socket)
        defer { close(listener) }
        for path in [workspace.directory, socket] { chmod(path, 0o777) }
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = wrapper + [Peer.python, "-u", script, socket, "\(user)"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        connection = accept(listener, nil, nil)
        try #require(connection >= 0)
        try #require(line() == "ready")
    }

    deinit {
        close(connection)
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    private static let python = "/usr/bin/python3"

    private static func listen(_ path: String) throws -> CInt {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        try #require(bytes.count < 108)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        try #require(result == 0 && Glibc.listen(listener, 1) == 0)
        return listener
    }

    /// One line of what the process prints.
    private func line() -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(output.fileHandleForReading.fileDescriptor, &byte, 1) == 1, byte != 0x0a { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Tells the process something and waits for its answer.
    func tell(_ text: String, expecting answer: String = "ready") throws {
        try input.fileHandleForWriting.write(contentsOf: Data((text + "\n").utf8))
        try #require(line() == answer)
    }

    /// Lets the process become a program that repeats its input, such as `cat`, and waits until it has.
    func become(_ program: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("exec \(program)\nhello\n".utf8))
        try #require(line() == "hello")
    }

    /// Ends the process, and waits until its number is free.
    func end() throws {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private struct Credentials {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
    }

    /// What the kernel says of the other end.
    func caller(withDescriptor: Bool = true) throws -> LocalCaller {
        var credentials = Credentials()
        var size = socklen_t(MemoryLayout<Credentials>.size)
        try #require(getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0)
        var descriptor: CInt = -1
        size = socklen_t(MemoryLayout<CInt>.size)
        if withDescriptor { try #require(getsockopt(connection, SOL_SOCKET, 77, &descriptor, &size) == 0) }
        return try LocalCaller(
            pid: credentials.pid, uid: credentials.uid, gid: credentials.gid,
            pidfd: withDescriptor ? descriptor : nil, isDescriptorExpected: withDescriptor)
    }

    /// The selectors that attestation finds.
    func selectors() throws -> Set<Selector> {
        try Attestor.attest(caller(), wanting: Set(Selector.Kind.allCases)).selectors
    }
}
