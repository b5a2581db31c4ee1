// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Foundation
import GateSupport

/// A Python program of the folder `Python`, in one of the environments that `dev/peers` makes.
enum PythonPeer {
    /// An environment, by the name of its list in `dev/peers.d`.
    enum Environment: String {
        /// The SDKs of MCP, OpenAI and Anthropic, and httpx with HTTP/2.
        case sdks
        /// The first generation of the MCP SDK.
        case firstMCP = "mcp-1"
        /// LangGraph with models of OpenAI's kind.
        case agents
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    /// Starts a program.
    static func start(_ environment: Environment, _ script: String, _ arguments: [String] = []) throws -> Program {
        let list = folder.appending(path: "../../dev/peers.d/\(environment.rawValue).txt")
        let digest = SHA256.hash(data: try Data(contentsOf: list)).prefix(6).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        let variables = ProcessInfo.processInfo.environment
        let cache = variables["XDG_CACHE_HOME"] ?? (variables["HOME"] ?? "/root") + "/.cache"
        let python = "\(cache)/yett-peers/\(environment.rawValue)-\(digest.joined())/bin/python"
        return try Program(
            python, ["-W", "ignore", folder.appending(path: "Python/\(script)").path] + arguments,
            keepsErrors: true, install: "dev/peers")
    }

    /// Starts a server and waits for the port that it prints.
    static func serve(_ environment: Environment, _ script: String) async throws -> (program: Program, port: UInt16) {
        let program = try start(environment, script)
        var port: UInt16?
        _ = await eventually(within: 60) {
            port = program.text.split(separator: "\n").first { $0.hasPrefix("port ") }.flatMap {
                UInt16($0.dropFirst(5))
            }
            return port != nil || !program.isRunning
        }
        guard let port else { throw HarnessError.setup("\(script) did not start: \(program.text)") }
        return (program, port)
    }

    /// Runs a client to its end.
    ///
    /// - Returns: The lines that it printed.
    static func run(_ environment: Environment, _ script: String, _ arguments: [String]) throws -> [String] {
        let outcome = try start(environment, script, arguments).outcome(within: 90)
        return outcome.text.split(separator: "\n").map(String.init)
    }
}
