// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Glibc
import Launcher

/// What a launched program sees besides the system.
struct LaunchOptions: ParsableArguments {
    @Option(
        name: .customLong("read"), parsing: .singleValue,
        help: ArgumentHelp("Show this path read-only.", valueName: "path"))
    var readablePaths: [String] = []

    @Option(
        name: .customLong("write"), parsing: .singleValue,
        help: ArgumentHelp("Show this path writable.", valueName: "path"))
    var writablePaths: [String] = []

    @Option(
        name: .customLong("env"), parsing: .singleValue,
        help: ArgumentHelp("Set a variable inside.", valueName: "NAME=VALUE"))
    var variables: [String] = []

    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp("Trust these certificates (PEM) inside, besides the system's.", valueName: "file"))
    var certificates: String?

    /// What to launch in the present directory, with the caller's environment.
    ///
    /// - Throws: ``CommandFailure``.
    func plan(_ agent: String, _ command: [String], _ opened: LaunchReport) throws -> LaunchPlan {
        var plan = LaunchPlan(
            agent: agent, command: command, gateSocket: opened.socketPath,
            workingDirectory: try Self.workingDirectory())
        plan.readablePaths = readablePaths
        plan.writablePaths = writablePaths
        plan.environment = try environment()
        plan.serviceVariables = opened.serviceVariables.sorted { $0.key < $1.key }.map {
            EnvironmentVariable(name: $0.key, value: $0.value)
        }
        plan.plantedVariables = (opened.plantedVariables ?? [:]).sorted { $0.key < $1.key }.map {
            EnvironmentVariable(name: $0.key, value: $0.value)
        }
        plan.plantedFiles = opened.plantedFiles ?? [:]
        plan.callerEnvironment = Self.callerEnvironment()
        plan.certificateBundle = certificates
        plan.protectedPaths = opened.protectedPaths
        plan.forbiddenSockets = opened.forbiddenSockets
        plan.workloadSocket = opened.workloadSocket
        return plan
    }

    /// The variables, which are judged before anything is asked of the gate.
    func environment() throws -> [EnvironmentVariable] {
        try variables.map { text in
            guard let variable = EnvironmentVariable(text) else {
                throw CommandFailure("--env “\(text)” is not of the form NAME=VALUE", code: .usage)
            }
            return variable
        }
    }

    /// The directory in which the command was typed.
    private static func workingDirectory() throws -> String {
        guard let path = getcwd(nil, 0) else {
            throw CommandFailure("the working directory cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { free(path) }
        return String(cString: path)
    }

    private static func callerEnvironment() -> [EnvironmentVariable] {
        var variables: [EnvironmentVariable] = []
        var entry = environ
        while let text = entry.pointee {
            if let variable = EnvironmentVariable(String(cString: text)) { variables.append(variable) }
            entry += 1
        }
        return variables
    }
}
