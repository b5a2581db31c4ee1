// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import ArgumentParser
import Decision
import FoundationEssentials
import Glibc
import YettConfiguration

/// `yett verify network`: tries every kind of way out from where it runs.
struct VerifyNetworkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "Try to get out past the gate, from inside an agent's pod or host.",
        discussion: """
            Run it where and as whom the agent runs. It connects to public addresses, name servers, metadata services, the
            cluster's API, other proxies, sockets of this machine, and what the configuration grants, all at once, and says
            which answered. A sample: what is not tried is not proven.
            Exit codes: 0 only the gate is reached; 1 there is another route; 2 it could not be tried, or no gate is reached.
            """)

    @Option(help: ArgumentHelp("The gate's configuration, for its listeners and grants.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Where the gate is: an address or a name of /etc/hosts with a port. Default: $HTTPS_PROXY or $HTTP_PROXY.",
            valueName: "host:port"))
    var gate: [String] = []

    @Option(
        help: ArgumentHelp(
            "Try this and nothing else: tcp:ADDRESS:PORT, dns:ADDRESS:PORT, icmp:ADDRESS or unix:PATH.",
            valueName: "target"))
    var target: [String] = []

    @Option(help: ArgumentHelp("How long an answer may take, 1 to 30.", valueName: "seconds"))
    var timeout = 2

    @Flag(help: "Print JSON for programs.")
    var json = false

    func validate() throws {
        guard (1...30).contains(timeout) else { throw ValidationError("--timeout is between 1 and 30") }
    }

    func run() throws {
        let configuration = try config.map { try GateFile.read($0) }
        let gates = try GateLocation.find(named: gate, configuration: configuration, environment: environment)
        let targets = try plan(configuration, gates)
        let outcomes = ReachProbe.run(gates + targets, milliseconds: timeout * 1_000)
        let report = ReachReport(
            gate: Array(zip(gates, outcomes)), others: Array(zip(targets, outcomes.dropFirst(gates.count))))
        Terminal.write(json ? report.line : report.text)
        if report.verdict != .proven { throw ExitCode(report.verdict.exitCode) }
    }

    private var environment: [String: String] { ProcessInfo.processInfo.environment }

    private func plan(_ configuration: GateConfiguration?, _ gates: [ReachTarget]) throws -> [ReachTarget] {
        var plan = ReachPlan()
        for gate in gates { plan.leaveOut(gate.way) }
        guard target.isEmpty else {
            for text in target {
                guard let target = ReachTarget(parsing: text) else {
                    throw CommandFailure(
                        "“\(text)” is no target",
                        remedy: "such as tcp:192.0.2.1:443, dns:192.0.2.1:53 or unix:/run/a.sock",
                        code: .usage)
                }
                plan.add(target)
            }
            return plan.targets
        }
        let ports = configuration?.agents.flatMap(\.grants).flatMap { $0.grant.ports.ranges.map(\.lowerBound) } ?? []
        plan.addPublic(ports: Array(Set(ports).sorted().prefix(8)))
        plan.addMetadata()
        if let text = try? InputFile.read("/etc/resolv.conf", limit: 1 << 16) {
            plan.addNameServers(of: String(decoding: text, as: UTF8.self))
        }
        plan.addEnvironment(environment)
        plan.addLocalSockets()
        if let configuration { plan.addDestinations(configuration) }
        return plan.targets
    }
}
