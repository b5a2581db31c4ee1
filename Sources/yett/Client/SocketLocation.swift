// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Gateway
import Glibc

/// Where the admin socket of the gate is.
enum SocketLocation {
    /// The socket's path: from the option, the configuration file, `$YETT_SOCKET`, or the place where a gate of this user
    /// has it by default.
    ///
    /// - Throws: ``CommandFailure`` when the configuration file cannot be read.
    static func find(option: String?, configuration: String?) throws -> String {
        if let option { return option }
        if let configuration {
            do throws(GatewayError) {
                return try AdminSocketPath.inConfiguration(configuration)
            } catch {
                throw CommandFailure(error.lines.joined(separator: "\n      "), remedy: error.remedy, code: .usage)
            }
        }
        if let value = getenv("YETT_SOCKET"), value.pointee != 0 { return String(cString: value) }
        return AdminSocketPath.standard
    }

    /// Tries to connect, and says what is wrong when nobody answers. The HTTP client would try again and again.
    ///
    /// - Throws: ``CommandFailure``.
    static func check(_ path: String) throws {
        guard (1...107).contains(path.utf8.count) else {
            throw CommandFailure("“\(path)” is not the path of a socket; at most 107 bytes are allowed", code: .usage)
        }
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw CommandFailure("no socket can be opened: \(text(errno))") }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result != 0 else { return }
        throw failure(errno, path)
    }

    private static func failure(_ code: CInt, _ path: String) -> CommandFailure {
        switch code {
        case ENOENT:
            CommandFailure(
                "no gate is running: there is no socket \(path)",
                remedy: "start one: yett run --config yett.yaml; or name its socket: --socket PATH")
        case ECONNREFUSED:
            CommandFailure(
                "nobody answers at \(path): the gate that made this socket is gone",
                remedy: "start it: yett run --config yett.yaml")
        case EACCES:
            CommandFailure(
                "user \(geteuid()) may not connect to \(path)",
                remedy: "type the command as the user that runs the gate or as root, or add \(geteuid()) to admin.uids")
        default:
            CommandFailure("\(path): \(text(code))", remedy: "name the gate's socket: --socket PATH")
        }
    }

    private static func text(_ code: CInt) -> String { String(cString: strerror(code)) }
}
