// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Launcher

/// Launches from a plan on the command line, so that tests can do so in a process of its own and under other users.
/// `launch-fixture SOCKET DIRECTORY [--read P] [--write P] [--env N=V] [--protect P] [--ca P] -- COMMAND…`
@main
enum LaunchFixture {
    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count > 3, let split = arguments.firstIndex(of: "--") else { exit(64) }
        let command = Array(arguments[(split + 1)...])
        arguments = Array(arguments[..<split])
        var plan = LaunchPlan(
            agent: "fixture", command: command, gateSocket: arguments[0], workingDirectory: arguments[1])
        var index = 2
        while index + 1 < arguments.count {
            let value = arguments[index + 1]
            switch arguments[index] {
            case "--read": plan.readablePaths.append(value)
            case "--write": plan.writablePaths.append(value)
            case "--protect": plan.protectedPaths.append(value)
            case "--ca": plan.certificateBundle = value
            case "--env": if let variable = EnvironmentVariable(value) { plan.environment.append(variable) }
            default: exit(64)
            }
            index += 2
        }
        plan.callerEnvironment = callerEnvironment()
        do {
            exit(try launch(plan))
        } catch {
            let line = Array("yett exec: \(error)\n".utf8)
            write(2, line, line.count)
            exit(error.exitCode)
        }
    }

    private static func callerEnvironment() -> [EnvironmentVariable] {
        var variables: [EnvironmentVariable] = []
        var next = environ
        while let entry = next.pointee {
            if let variable = EnvironmentVariable(String(cString: entry)) { variables.append(variable) }
            next += 1
        }
        return variables
    }
}
