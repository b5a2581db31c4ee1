// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
internal import CLinux
internal import Glibc
internal import Synchronization

/// The listening sockets that were handed to this process (sd_listen_fds(3)), until the listeners of the configuration
/// take them. Safe from any thread.
///
/// A socket is taken for exactly the address that it is bound to. Its name does not count: whoever writes a socket unit
/// says by `ListenStream=` what is meant.
public final class HandedSockets: Sendable {
    /// The variables that announce sockets.
    public static let variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]
    /// The most that are taken.
    public static let most = 256
    /// The first descriptor that is handed over.
    private static let first: CInt = 3

    private let left: Mutex<[HandedSocket]>

    /// Keeps sockets to be taken.
    public init(_ sockets: [HandedSocket] = []) { left = Mutex(sockets) }

    /// Finds what the environment of this process announces.
    ///
    /// - Parameters:
    ///   - environment: The variables ``variables``, as far as they are set.
    ///   - process: The number of this process: what is meant for another one is left alone.
    /// - Throws: ``HandedSocketError`` when one of them cannot be used.
    public convenience init(environment: [String: String], process: Int32) throws(HandedSocketError) {
        guard environment["LISTEN_PID"] == "\(process)", let text = environment["LISTEN_FDS"] else {
            self.init()
            return
        }
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int(text), count <= Self.most
        else { throw .count(text) }
        var names = [String](repeating: "unknown", count: count)
        if let given = environment["LISTEN_FDNAMES"] {
            names = given.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard names.count == count else { throw .names(names.count, sockets: count) }
        }
        var sockets: [HandedSocket] = []
        for (descriptor, name) in zip(Self.first..., names) {
            sockets.append(try HandedSocket(descriptor: descriptor, name: name))
        }
        // What a socket unit says comes before what an earlier run left.
        self.init(sockets.filter { !$0.isKept } + sockets.filter(\.isKept))
    }

    /// The socket that listens at a TCP address, once.
    public func take(tcp address: IPAddress, port: UInt16) -> HandedSocket? {
        take { $0.address == .tcp(address, port: port) }
    }

    /// The socket that listens at a path, once.
    ///
    /// - Parameter mode: The permission bits that the configuration wants.
    /// - Throws: ``HandedSocketError`` when nobody could reach it there, or others than are meant. One that an earlier run
    ///   left is dropped then, so that the path is bound anew.
    public func take(unix path: String, mode: UInt32) throws(HandedSocketError) -> HandedSocket? {
        while let socket = take(where: { $0.isBound(to: path) }) {
            do throws(HandedSocketError) {
                try socket.checkFile(path, mode: mode)
                return socket
            } catch {
                close(socket.descriptor)
                guard socket.isKept else { throw error }
            }
        }
        return nil
    }

    /// Ends the taking: closes what an earlier run left and nobody wants any more.
    ///
    /// - Throws: ``HandedSocketError`` when a socket unit has an address that no listener has, so that connections would
    ///   wait there for ever.
    public func finish() throws(HandedSocketError) {
        let rest = left.withLock { left in
            defer { left.removeAll() }
            return left
        }
        for socket in rest { close(socket.descriptor) }
        if let unknown = rest.first(where: { !$0.isKept }) { throw .unknown(unknown) }
    }

    private func take(where matches: (HandedSocket) -> Bool) -> HandedSocket? {
        left.withLock { left in left.firstIndex(where: matches).map { left.remove(at: $0) } }
    }
}

extension HandedSocket {
    /// Whether it listens at a path. The gate binds under a name of its own and renames the file, which the kernel does
    /// not notice.
    fileprivate func isBound(to path: String) -> Bool {
        guard case .unix(let bound) = address else { return false }
        return bound.utf8.elementsEqual(path.utf8)
            || isKept && bound.utf8.elementsEqual(BoundListener.preparedPath(of: path).utf8)
    }

    fileprivate func checkFile(_ path: String, mode: UInt32) throws(HandedSocketError) {
        var status = yett_file_status()
        guard yett_file_status(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &status) == 0, status.mode & S_IFMT == S_IFSOCK
        else { throw .noFile(path: path, name: name) }
        guard status.mode & 0o7777 == mode else {
            throw .mode(path: path, name: name, found: status.mode & 0o7777, wanted: mode)
        }
    }
}
