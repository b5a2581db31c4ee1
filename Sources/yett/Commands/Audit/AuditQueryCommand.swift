// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser

/// `yett audit query`: finds records.
struct AuditQueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Find records; every condition that is given must hold.")

    @Option(help: ArgumentHelp("The agent.", valueName: "name or SPIFFE ID"))
    var agent: String?

    @Option(help: ArgumentHelp("The host that was asked for.", valueName: "name"))
    var host: String?

    @Option(help: ArgumentHelp("The kind, such as decision, connection_end or reload.", valueName: "kind"))
    var kind: String?

    @Option(help: ArgumentHelp("allow, deny or hold.", valueName: "verdict"))
    var verdict: String?

    @Option(help: ArgumentHelp("A reason code, such as host_not_granted.", valueName: "code"))
    var reason: String?

    @Option(help: ArgumentHelp("The named service.", valueName: "name"))
    var service: String?

    @Option(help: ArgumentHelp("The task.", valueName: "id"))
    var task: String?

    @Option(help: ArgumentHelp("The connection.", valueName: "id"))
    var connection: String?

    @Option(help: ArgumentHelp("Not older than this, such as 90s, 15m, 12h or 7d.", valueName: "age"))
    var since: String?

    @Option(help: ArgumentHelp("Older than this, such as 1h.", valueName: "age"))
    var until: String?

    @Option(help: ArgumentHelp("Records before this index.", valueName: "index"))
    var before: UInt64?

    @Option(help: ArgumentHelp("At most so many, the newest ones.", valueName: "count"))
    var limit = 100

    @OptionGroup var options: AuditOptions

    func validate() throws {
        guard (1...RecordQuery.largestLimit).contains(limit) else {
            throw ValidationError("--limit takes 1 to \(RecordQuery.largestLimit).")
        }
    }

    func run() async throws {
        var query = RecordQuery()
        query.agent = agent
        query.host = host
        query.kind = kind
        query.verdict = verdict
        query.reason = reason
        query.service = service
        query.task = task
        query.connection = connection
        query.since = try since.map { try Age.ago($0) }
        query.until = try until.map { try Age.ago($0) }
        query.before = before
        query.limit = limit
        for record in try await options.source().find(query) {
            Terminal.write((options.client.json ? record.line : RecordTable.line(record)) + "\n")
        }
    }
}
