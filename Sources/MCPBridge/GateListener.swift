// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Dispatch
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The socket on which the gate asks the server: in the abstract name space, so that no file is left behind and nothing
/// in another network name space finds it.
final class GateListener: Sendable {
    /// The socket's name, without the null byte in front.
    let name: String
    private let descriptor: CInt

    /// `struct ucred` of unix(7).
    private struct Credentials {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
    }

    /// Takes a name that nobody can guess.
    init() throws(BridgeError) {
        var random = SystemRandomNumberGenerator()
        let digits = String(random.next() as UInt64, radix: 16) + String(random.next() as UInt64, radix: 16)
        name = "yett-mcp-\(digits)"
        descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BridgeError("no socket can be opened: \(String(cString: strerror(errno)))") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = self.name
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            UnsafeMutableRawBufferPointer(rebasing: path.dropFirst()).copyBytes(from: name.utf8)
        }
        let length = MemoryLayout<sa_family_t>.size + 1 + name.utf8.count
        let descriptor = self.descriptor
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(length)) }
        }
        guard result == 0, listen(descriptor, 256) == 0 else {
            throw BridgeError("no socket can be named: \(String(cString: strerror(errno)))")
        }
    }

    /// Accepts connections of the gate, and of nobody else.
    func start(gatePid: Int32, lineBytes: Int, _ server: ServerSide) {
        let descriptor = self.descriptor
        DispatchQueue(label: "yett.mcp.accept").async {
            while true {
                let accepted = accept(descriptor, nil, nil)
                guard accepted >= 0, fcntl(accepted, F_SETFD, FD_CLOEXEC) == 0,
                    fcntl(accepted, F_SETFL, O_NONBLOCK) == 0
                else {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    return
                }
                guard Self.peer(of: accepted) == gatePid else {
                    close(accepted)
                    continue
                }
                Task { await Self.serve(accepted, lineBytes: lineBytes, server) }
            }
        }
    }

    private static func peer(of descriptor: CInt) -> Int32? {
        var credentials = Credentials()
        var size = socklen_t(MemoryLayout<Credentials>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
        return credentials.pid
    }

    private static func serve(_ descriptor: CInt, lineBytes: Int, _ server: ServerSide) async {
        let connected = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .withConnectedSocket(descriptor) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    return try NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        try? await connected?.executeThenClose { inbound, outbound in
            var head: HTTPRequestHead?
            var body: [UInt8] = []
            var number: UInt64?
            do {
                for try await part in inbound {
                    switch part {
                    case .head(let found): head = found
                    case .body(let bytes):
                        // The gate writes messages anew, which may take a few bytes more.
                        guard body.count &+ bytes.readableBytes <= lineBytes &* 2 else { return }
                        body += bytes.readableBytesView
                    case .end: if let head, number == nil { number = await server.take(head, body, outbound) }
                    }
                }
            } catch {}
            if let number { await server.gone(number) }
        }
    }
}
