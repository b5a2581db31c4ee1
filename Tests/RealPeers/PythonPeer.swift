// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport

/// A Python program of the folder `Python`, in an environment with official SDKs.
enum PythonPeer {
    /// An environment: what is installed.
    enum Environment {
        /// The SDKs of MCP, OpenAI and Anthropic, and httpx with HTTP/2.
        case sdks
        /// The first generation of the MCP SDK.
        case firstMCP
        /// LangGraph with models of OpenAI's kind.
        case agents
        /// The SDK of A2A.
        case a2a
        /// The official implementation of gRPC.
        case grpc
        /// The official messages of OTLP.
        case otlp
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Python")
    private static let sdks = PythonPackage(list: folder.appending(path: "sdks.txt"))
    private static let firstMCP = PythonPackage(list: folder.appending(path: "mcp-1.txt"))
    private static let agents = PythonPackage(list: folder.appending(path: "agents.txt"))
    private static let a2a = PythonPackage(list: folder.appending(path: "a2a.txt"))
    private static let grpc = PythonPackage(list: folder.appending(path: "grpc.txt"))
    private static let otlp = PythonPackage(list: folder.appending(path: "otlp.txt"))

    /// Starts a program.
    static func start(_ environment: Environment, _ script: String, _ arguments: [String] = []) throws -> Program {
        let package =
            switch environment {
            case .sdks: sdks
            case .firstMCP: firstMCP
            case .agents: agents
            case .a2a: a2a
            case .grpc: grpc
            case .otlp: otlp
            }
        return try Program(
            try package.python, ["-W", "ignore", folder.appending(path: script).path] + arguments, keepsErrors: true)
    }

    /// Starts a server and waits for the port that it prints.
    static func serve(
        _ environment: Environment, _ script: String, _ arguments: [String] = []
    ) async throws -> (program: Program, port: UInt16) {
        let program = try start(environment, script, arguments)
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
