// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import NIOCore
import NIOPosix
import Testing
import Transport

@Suite("Listeners") struct ListenerTests {
    private static func bind(_ path: String, mode: UInt32 = 0o600) async throws -> BoundListener {
        try await BoundListener.bind(unix: path, mode: mode, on: MultiThreadedEventLoopGroup.singleton) { channel in
            channel.eventLoop.makeSucceededVoidFuture()
        }
    }

    private static func makePath() -> String {
        "/tmp/yett-listen-\(UInt32.random(in: .min ... .max)).sock"
    }

    @Test("a Unix socket has its mode when it appears, and goes with its listener", arguments: [UInt32(0o600), 0o660])
    func mode(_ mode: UInt32) async throws {
        let path = Self.makePath()
        let listener = try await Self.bind(path, mode: mode)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == Int(mode))
        #expect(listener.address == path)
        #expect(listener.port == nil)
        try RawSocket.connect(unix: path).close()
        await listener.close()
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
    }

    @Test("a socket that still answers is not taken over, one that was left behind is")
    func replaces() async throws {
        let path = Self.makePath()
        let first = try await Self.bind(path)
        await #expect(throws: ListenError.self) { _ = try await Self.bind(path) }
        try RawSocket.connect(unix: path).close()
        try await first.channel.close()
        #expect(FileManager.default.fileExists(atPath: path))
        let second = try await Self.bind(path)
        try RawSocket.connect(unix: path).close()
        await second.close()
    }

    @Test("a path that does not fit into the kernel's structure is an error that says so")
    func longPath() async throws {
        let path = "/tmp/" + String(repeating: "x", count: 120)
        await #expect(throws: ListenError.self) { _ = try await Self.bind(path) }
        #expect(ListenError.pathTooLong(path).description.contains("longer than 100 bytes"))
    }

    @Test("a TCP listener tells the port that it got")
    func port() async throws {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
        let listener = try await BoundListener.bind(tcp: address, on: MultiThreadedEventLoopGroup.singleton) {
            channel in
            channel.eventLoop.makeSucceededVoidFuture()
        }
        let port = try #require(listener.port)
        #expect(port > 0)
        #expect(listener.address == "127.0.0.1:\(port)")
        try RawSocket.connect(port: port).close()
        await listener.close()
        #expect(throws: SocketFailure.self) { try RawSocket.connect(port: port) }
    }

    @Test("buffers for reads grow with a busy connection and shrink with a quiet one")
    func readSizes() {
        var sizer = RelayReadSizer()
        let small = sizer.nextBufferSize() ?? 0
        for _ in 0..<4 {
            let size = sizer.nextBufferSize() ?? 0
            _ = sizer.record(actualReadBytes: size)
        }
        let large = sizer.nextBufferSize() ?? 0
        #expect(large > 16 * small)
        for _ in 0..<8 { _ = sizer.record(actualReadBytes: 10) }
        #expect((sizer.nextBufferSize() ?? 0) <= small)
        #expect(sizer.buffer(allocator: ByteBufferAllocator()).capacity >= small)
    }
}
