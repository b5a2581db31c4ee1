// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What is wrong with sockets that were handed over. Whoever wrote the socket unit is at fault.
public enum HandedSocketError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `LISTEN_FDS` is no number, or a larger one than is taken.
    case count(String)
    /// `LISTEN_FDNAMES` names another number of sockets.
    case names(Int, sockets: Int)
    /// There is no such descriptor.
    case notOpen(CInt, name: String)
    /// A file, a pipe or something else.
    case notASocket(CInt, name: String)
    /// Datagrams, or packets in sequence.
    case notAStream(CInt, name: String)
    /// A connection.
    case notListening(CInt, name: String)
    /// Neither TCP nor a Unix socket with a path.
    case unusableAddress(CInt, name: String)
    /// The file of a Unix socket is gone, or something else.
    case noFile(path: String, name: String)
    /// The file of a Unix socket has other permissions than the configuration says.
    case mode(path: String, name: String, found: UInt32, wanted: UInt32)
    /// No listener of the configuration has its address.
    case unknown(HandedSocket)

    /// What happened.
    public var description: String {
        switch self {
        case .count(let text):
            "LISTEN_FDS is '\(text)', not a number of sockets up to \(HandedSockets.most)"
        case .names(let names, let sockets):
            "LISTEN_FDNAMES has \(names) names for \(sockets) sockets"
        case .notOpen(let descriptor, let name):
            "file descriptor \(descriptor) ('\(name)') was announced by LISTEN_FDS and is not open"
        case .notASocket(let descriptor, let name):
            "file descriptor \(descriptor) ('\(name)') was handed over and is no socket"
        case .notAStream(let descriptor, let name):
            "file descriptor \(descriptor) ('\(name)') was handed over and is no stream socket"
        case .notListening(let descriptor, let name):
            "file descriptor \(descriptor) ('\(name)') was handed over and does not listen"
        case .unusableAddress(let descriptor, let name):
            "file descriptor \(descriptor) ('\(name)') was handed over and is neither TCP nor a Unix socket with a path"
        case .noFile(let path, let name):
            "the socket '\(name)' was handed over for \(path), and no socket is there any more"
        case .mode(let path, let name, let found, let wanted):
            "the socket '\(name)' was handed over for \(path) with mode \(Self.octal(found)); the configuration says "
                + Self.octal(wanted)
        case .unknown(let socket):
            "the socket '\(socket.name)' was handed over for \(socket.address), and no listener has that address"
        }
    }

    /// What to type next.
    public var remedy: String {
        switch self {
        case .count, .names, .notOpen:
            "start the gate with systemd, systemd-socket-activate, or without LISTEN_FDS"
        case .notASocket, .notAStream, .unusableAddress:
            "let the socket unit have nothing but ListenStream= with an address or an absolute path"
        case .notListening:
            "remove Accept=yes from the socket unit"
        case .noFile(_, let name):
            "restart what made it: systemctl restart \(name)"
        case .mode(_, let name, _, let wanted):
            "set SocketMode=\(Self.octal(wanted)): systemctl edit \(name)"
        case .unknown(let socket):
            "add it to egress.listeners or services.listeners, or remove its ListenStream=: systemctl edit \(socket.name)"
        }
    }

    private static func octal(_ mode: UInt32) -> String { "0" + String(mode, radix: 8) }
}
