// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1

/// `yett task start`: starts a task and prints its handle once.
struct TaskStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start a task and print its handle, this once.",
        discussion: """
            Limits on hosts, ports, methods, paths and tools hold for every grant that is named and can only be narrower
            than the grant. For limits that differ from grant to grant, post the request to the admin socket.
            """)

    @Option(help: ArgumentHelp("The agent that is to work on it.", valueName: "name or SPIFFE ID"))
    var agent: String

    @Option(help: ArgumentHelp("Why, for the record and for the people who watch.", valueName: "text"))
    var purpose: String

    @Option(
        name: .customLong("grant"), parsing: .singleValue,
        help: ArgumentHelp("Take this grant of the agent.", valueName: "name"))
    var grants: [String]

    @Option(
        name: .customLong("host"), parsing: .singleValue, help: ArgumentHelp("Only this host.", valueName: "pattern"))
    var hosts: [String] = []

    @Option(
        name: .customLong("port"), parsing: .singleValue, help: ArgumentHelp("Only this port.", valueName: "port"))
    var ports: [String] = []

    @Option(
        name: .customLong("method"), parsing: .singleValue, help: ArgumentHelp("Only this method.", valueName: "name"))
    var methods: [String] = []

    @Option(
        name: .customLong("path"), parsing: .singleValue, help: ArgumentHelp("Only this path.", valueName: "prefix"))
    var paths: [String] = []

    @Option(
        name: .customLong("tool"), parsing: .singleValue, help: ArgumentHelp("Only this tool.", valueName: "name"))
    var tools: [String] = []

    @Flag(help: "A person has to agree to each call: yett approvals.")
    var approval = false

    @Option(help: ArgumentHelp("The most calls in all.", valueName: "number"))
    var calls: Int?

    @Option(help: ArgumentHelp("The most bytes in all.", valueName: "number"))
    var bytes: Int?

    @Option(help: ArgumentHelp("The most tokens of models in all.", valueName: "number"))
    var tokens: Int?

    @Option(help: ArgumentHelp("The most money for models in all, in the unit of the prices.", valueName: "amount"))
    var cost: String?

    @Option(help: ArgumentHelp("How long it may last; 8 hours at the most.", valueName: "seconds"))
    var seconds: Int64?

    @Option(help: ArgumentHelp("The person on whose behalf.", valueName: "issuer#subject"))
    var person: String?

    @Flag(help: "On your behalf: the gate takes the person from your session. Sign in first: yett login.")
    var asMe = false

    @Option(help: ArgumentHelp("The task that it is a part of.", valueName: "id"))
    var parent: String?

    @OptionGroup var client: ClientOptions

    func validate() throws {
        if asMe, person != nil { throw ValidationError("--as-me and --person exclude one another.") }
        if grants.isEmpty { throw ValidationError("Say what the task may use: --grant NAME, once or more.") }
    }

    func run() async throws {
        let parts = grants.map { name in
            var part = TaskPart(name)
            part.hosts = hosts.isEmpty ? nil : hosts
            part.ports = ports.isEmpty ? nil : ports
            part.methods = methods.isEmpty ? nil : methods
            part.paths = paths.isEmpty ? nil : paths
            part.tools = tools.isEmpty ? nil : tools
            part.approval = approval ? true : nil
            return part
        }
        var body = TaskRequest(
            agent: agent, purpose: purpose, grants: parts, person: person, calls: calls, bytes: bytes,
            seconds: seconds, parent: parent)
        body.tokens = tokens
        body.cost = cost
        if asMe { body.session = try SessionFile.read().session }
        try await client.withGate { [body] gate in
            if client.json { return print(String(buffer: try await gate.ask("tasks", method: .POST, body: body))) }
            let report = try await gate.ask("tasks", method: .POST, body: body, for: TaskStartReport.self)
            print("Task \(report.task.id) of \(AgentName.short(report.task.agent)) ends at \(report.task.expiresAt).")
            print("Its handle, for the agent alone: \(report.handle)")
        }
    }
}
