// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
internal import Glibc

/// A local server that a client brings along: one process that listens on an abstract Unix socket, for the gate alone.
public struct AttachedServer: Sendable, Hashable {
    /// The service that it is, by name.
    public let service: String
    /// The socket's name in the abstract name space, without the null byte in front.
    public let socketName: String
    /// The process that listens there, and that the client's requests come from.
    public let pid: Int32
    /// Its user.
    public let uid: UInt32

    /// Where all such servers are, as far as facts are concerned: a name that no resolver answers (RFC 6761 section 6.4).
    public static let host = try? Host(parsing: "stdio.invalid")
    /// The port that goes with ``host``.
    public static let port: UInt16 = 80

    /// What every socket's name begins with.
    public static let prefix = "yett-mcp-"
    private static let longestName = 64

    /// Describes a server.
    ///
    /// - Returns: `nil` when the socket has no name that `yett` gives.
    public init?(service: String, socketName: String, pid: Int32, uid: UInt32) {
        let isPlain = socketName.utf8.allSatisfy { byte in
            byte &- 0x30 < 10 || byte &- 0x61 < 26 || byte == UInt8(ascii: "-")
        }
        guard isPlain, socketName.utf8.starts(with: Self.prefix.utf8), socketName.utf8.count <= Self.longestName,
            pid > 0
        else { return nil }
        self.service = service
        self.socketName = socketName
        self.pid = pid
        self.uid = uid
    }

    /// Connects, and sees who listens there before a byte is sent: anybody can take a name that is free.
    ///
    /// - Returns: A connected descriptor, which does not block.
    func connect() throws(AttachedServerError) -> CInt {
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw AttachedServerError(errno: errno) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            UnsafeMutableRawBufferPointer(rebasing: path.dropFirst()).copyBytes(from: socketName.utf8)
        }
        let length = MemoryLayout<sa_family_t>.size + 1 + socketName.utf8.count
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(length))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw AttachedServerError(errno: code)
        }
        var peer = PeerProcess.Credentials()
        var size = socklen_t(MemoryLayout<PeerProcess.Credentials>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0, peer.pid == pid, peer.uid == uid
        else {
            close(descriptor)
            throw AttachedServerError(errno: nil)
        }
        return descriptor
    }
}

/// Why a local server cannot be reached.
public struct AttachedServerError: Error, Sendable, CustomStringConvertible {
    /// The system's error; `nil` when somebody else listens at the name.
    let errno: CInt?

    /// What happened.
    public var description: String {
        guard let errno else { return "another process listens in its place" }
        return errno == ECONNREFUSED ? "yett mcp stdio has ended" : String(cString: strerror(errno))
    }
}
