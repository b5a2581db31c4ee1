// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Foundation
import GateSupport
import Glibc
import NIOCore
import NIOPosix
import Testing
import Transport

@Suite("Sockets that were handed over") struct HandedSocketTests {
    /// A socket of the kind, bound to a free port of loopback or to a path.
    private static func socket(
        _ type: __socket_type = SOCK_STREAM, path: String? = nil, listens: Bool = true
    ) throws -> CInt {
        let descriptor = Glibc.socket(path == nil ? AF_INET : AF_UNIX, CInt(type.rawValue), 0)
        // sockaddr_in with port 0, or sockaddr_un.
        var address: [UInt8] = [UInt8(AF_INET), 0, 0, 0, 127, 0, 0, 1]
        if let path { address = [UInt8(AF_UNIX), 0] + path.utf8 + [0] }
        guard descriptor >= 0, bind(descriptor, address), !listens || listen(descriptor, 5) == 0 else {
            throw POSIXError(.EIO)
        }
        return descriptor
    }

    private static func bind(_ descriptor: CInt, _ address: [UInt8]) -> Bool {
        let padded = address[0] == UInt8(AF_INET) ? address + [UInt8](repeating: 0, count: 8) : address
        return padded.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            return Glibc.bind(
                descriptor, base.assumingMemoryBound(to: sockaddr.self), socklen_t(padded.count)) == 0
        }
    }

    private static func isOpen(_ descriptor: CInt) -> Bool { fcntl(descriptor, F_GETFD) >= 0 }

    private static func makePath() -> String { "/tmp/yett-handed-\(UInt32.random(in: .min ... .max)).sock" }

    private static func take(_ sockets: HandedSockets, _ socket: HandedSocket) -> HandedSocket? {
        guard case .tcp(let address, let port) = socket.address else { return nil }
        return sockets.take(tcp: address, port: port)
    }

    @Test("a socket is taken once, for exactly the address that it is bound to")
    func exactAddress() throws {
        let socket = try HandedSocket(descriptor: try Self.socket(), name: "yett.socket")
        guard case .tcp(let address, let port) = socket.address else { throw HarnessError.setup("no TCP") }
        #expect("\(address)" == "127.0.0.1")
        let sockets = HandedSockets([socket])
        #expect(sockets.take(tcp: address, port: port ^ 1) == nil)
        #expect(sockets.take(tcp: try #require(IPAddress("127.0.0.2")), port: port) == nil)
        #expect(sockets.take(tcp: try #require(IPAddress("0.0.0.0")), port: port) == nil)
        #expect(sockets.take(tcp: try #require(IPAddress("::1")), port: port) == nil)
        #expect(Self.take(sockets, socket) == socket)
        #expect(Self.take(sockets, socket) == nil)
        try sockets.finish()
        #expect(Self.isOpen(socket.descriptor))
        close(socket.descriptor)
    }

    @Test("it is not inherited by the programs that the gate starts, and blocks nobody")
    func flags() throws {
        let socket = try HandedSocket(descriptor: try Self.socket(), name: "yett.socket")
        #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
        close(socket.descriptor)
    }

    @Test("what is no listening stream socket is refused with what it is")
    func otherKinds() throws {
        var ends: [CInt] = [0, 0]
        #expect(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let (file, datagram) = (open("/dev/null", O_RDONLY), try Self.socket(SOCK_DGRAM, listens: false))
        let (packets, unheard) = (
            Glibc.socket(AF_UNIX, CInt(SOCK_SEQPACKET.rawValue), 0), try Self.socket(listens: false)
        )
        let abstract = Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        // bind(2) with nothing but the family: the kernel chooses an abstract name.
        #expect(Self.bind(abstract, [UInt8(AF_UNIX), 0]) && listen(abstract, 1) == 0)
        let cases: [(CInt, HandedSocketError)] = [
            (-1, .notOpen(-1, name: "it")), (CInt.max, .notOpen(.max, name: "it")),
            (file, .notASocket(file, name: "it")), (datagram, .notAStream(datagram, name: "it")),
            (packets, .notAStream(packets, name: "it")), (ends[0], .notListening(ends[0], name: "it")),
            (unheard, .notListening(unheard, name: "it")), (abstract, .unusableAddress(abstract, name: "it")),
        ]
        for (descriptor, error) in cases {
            #expect(throws: error) { _ = try HandedSocket(descriptor: descriptor, name: "it") }
            #expect(!error.description.isEmpty && !error.remedy.isEmpty)
        }
        for descriptor in ends + [file, datagram, packets, unheard, abstract] { close(descriptor) }
    }

    @Test("an address that no listener has is an error that names the socket unit; what an earlier run left is closed")
    func leftOver() throws {
        let kept = try HandedSocket(descriptor: try Self.socket(), name: HandedSocket.keptName)
        try HandedSockets([kept]).finish()
        #expect(!Self.isOpen(kept.descriptor))
        let unknown = try HandedSocket(descriptor: try Self.socket(), name: "front.socket")
        #expect(throws: HandedSocketError.unknown(unknown)) { try HandedSockets([unknown]).finish() }
        let error = HandedSocketError.unknown(unknown)
        #expect(error.description.contains("front.socket") && error.description.contains("127.0.0.1:"))
        #expect(error.remedy.contains("systemctl edit front.socket"))
    }

    @Test("strange announcements are refused, those for another process are left alone")
    func announcements() throws {
        let me = getpid()
        for count in ["", "-1", "+1", "1 ", "0x1", "1e3", "257", "99999999999999999999", "１"] {
            #expect(throws: HandedSocketError.count(count)) {
                _ = try HandedSockets(environment: ["LISTEN_PID": "\(me)", "LISTEN_FDS": count], process: me)
            }
            // Somebody else's.
            try HandedSockets(environment: ["LISTEN_PID": "\(me + 1)", "LISTEN_FDS": count], process: me).finish()
        }
        for pid in ["", "0\(me)", " \(me)", "\(me)\n"] {
            try HandedSockets(environment: ["LISTEN_PID": pid, "LISTEN_FDS": "9"], process: me).finish()
        }
        #expect(throws: HandedSocketError.names(2, sockets: 1)) {
            _ = try HandedSockets(
                environment: ["LISTEN_PID": "\(me)", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "a:b"], process: me)
        }
        try HandedSockets(environment: ["LISTEN_PID": "\(me)", "LISTEN_FDS": "0"], process: me).finish()
    }

    @Test("a Unix socket needs its file, with the permissions of the configuration")
    func unixFile() throws {
        let path = Self.makePath()
        defer { unlink(path) }
        let socket = try HandedSocket(descriptor: try Self.socket(path: path), name: "yett.socket")
        #expect(chmod(path, 0o666) == 0)
        #expect(try HandedSockets([socket]).take(unix: path + "x", mode: 0o666) == nil)
        #expect(try HandedSockets([socket]).take(unix: path, mode: 0o666) == socket)
        let open = HandedSocketError.mode(path: path, name: "yett.socket", found: 0o666, wanted: 0o660)
        #expect(open.remedy.contains("SocketMode=0660"))
        #expect(throws: open) { _ = try HandedSockets([socket]).take(unix: path, mode: 0o660) }
        unlink(path)
        let gone = try HandedSocket(descriptor: try Self.socket(path: path), name: "yett.socket")
        unlink(path)
        #expect(symlink("/dev/null", path) == 0)
        #expect(throws: HandedSocketError.noFile(path: path, name: "yett.socket")) {
            _ = try HandedSockets([gone]).take(unix: path, mode: 0o666)
        }
    }

    @Test("a listener goes on with what an earlier one left: no connection is refused in between, and the file stays")
    func followsOn() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let path = Self.makePath()
        defer { unlink(path) }
        let first = try await BoundListener.bind(unix: path, mode: 0o600, on: group) {
            $0.eventLoop.makeSucceededVoidFuture()
        }
        let descriptor = try #require(await first.keep())
        await first.close()
        let waiting = try RawSocket.connect(unix: path)
        let handed = try HandedSocket(descriptor: descriptor, name: HandedSocket.keptName)
        // The kernel knows the name under which the gate made it.
        #expect(handed.address == .unix(path: path + ".new"))
        let socket = try #require(try HandedSockets([handed]).take(unix: path, mode: 0o600))
        let second = try await BoundListener.take(socket, path: path, on: group) { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Greeter()) }
        }
        #expect(second.address == path)
        #expect(try waiting.read(exactly: 5) == Array("hello".utf8))
        await second.close()
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test("what an earlier run left is no use once its file is gone; the path is bound anew")
    func keptWithoutFile() async throws {
        let path = Self.makePath()
        let socket = try HandedSocket(descriptor: try Self.socket(path: path), name: HandedSocket.keptName)
        unlink(path)
        #expect(try HandedSockets([socket]).take(unix: path, mode: 0o600) == nil)
        #expect(!Self.isOpen(socket.descriptor))
    }

    @Test("what belongs to a socket unit is not kept a second time")
    func ofUnit() async throws {
        let socket = try HandedSocket(descriptor: try Self.socket(), name: "yett.socket")
        let listener = try await BoundListener.take(socket, on: MultiThreadedEventLoopGroup.singleton) {
            $0.eventLoop.makeSucceededVoidFuture()
        }
        #expect("\(socket.address)" == listener.address)
        #expect(await listener.keep() == nil)
        await listener.close()
    }
}

/// Says hello to whoever connects.
private final class Greeter: ChannelInboundHandler {
    typealias InboundIn = Never
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "hello")), promise: nil)
    }
}
