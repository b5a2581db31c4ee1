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

    /// What is wrong with a socket that does not answer.
    static func problem(with path: String) -> CommandFailure? {
        guard access(path, F_OK) == 0 else {
            switch errno {
            case ENOENT:
                return CommandFailure(
                    "no gate is running: there is no socket \(path)",
                    remedy: "start one: yett run --config yett.yaml; or name its socket: --socket PATH")
            case EACCES:
                return CommandFailure(
                    "user \(geteuid()) may not enter the directory of \(path)",
                    remedy: "type the command as the user that runs the gate or as root")
            default:
                return CommandFailure("\(path): \(String(cString: strerror(errno)))")
            }
        }
        guard access(path, W_OK) == 0 else {
            return CommandFailure(
                "user \(geteuid()) may not connect to \(path)",
                remedy: "type the command as the user that runs the gate or as root")
        }
        return CommandFailure(
            "nobody answers at \(path): the gate that made this socket is gone", remedy: "start it: yett run")
    }
}
