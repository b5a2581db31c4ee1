// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Foundation
import Glibc
import Identity
import Protocols
import Storage
import Testing

@testable import Gateway

/// Whoever puts a task back into etcd that was stopped does not revive it, whatever the gates have forgotten.
@Suite struct StoppedTaskTests {
    private static let hour: Int64 = 3_600

    /// A task of four hours.
    private static func task(_ number: Int, stopped: Int64?) throws -> AgentTask {
        let digest = Array(repeating: "\(number)", count: 32).joined(separator: ",")
        let text = """
            {"id":"\(TaskID(rawValue: UInt128(number)))","handle":[\(digest)],"origin":"uid:0",
            "agent":"spiffe://gate.test/agent/bot","purpose":"x","grants":[{"name":"mail"}],"started":0,
            "expires":\(4 * hour)\(stopped.map { #","stopped":\#($0)"# } ?? "")}
            """
        return try #require(AgentTask(try JSONValue(parsing: text)))
    }

    private static func authorizer() throws -> Authorizer {
        Authorizer(
            snapshot: Snapshot(
                revision: 1, digest: "", trustDomain: try TrustDomain(parsing: "gate.test"),
                agents: AgentDirectory(agents: []), grants: [:], addressGuard: AddressGuard()))
    }

    @Test("a task that was stopped is known to be so for as long as it would have run, after a restart, too")
    func remembers() throws {
        let directory = "/tmp/yett-stopped-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(directory, 0o700) == 0 else { throw POSIXError(.EIO) }
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/state.db"
        func started() throws -> (TaskKeeper, Authorizer) {
            let (keeper, authorizer) = (TaskKeeper(try StateDatabase(path: path)), try Self.authorizer())
            #expect(try keeper.load(into: authorizer) == 0)
            return (keeper, authorizer)
        }
        let (keeper, authorizer) = try started()
        let tasks = [
            try Self.task(1, stopped: 60), try Self.task(2, stopped: nil), try Self.task(3, stopped: 3 * Self.hour),
        ]
        for task in tasks {
            try keeper.keep(task)
            authorizer.changeTasks { _, book in book.insert(task) }
        }
        // The book still knows it.
        try keeper.purge(in: authorizer, at: 120, isShared: true)
        #expect(!keeper.wasStopped(tasks[0].id) && authorizer.snapshot.tasks.all.count == 3)
        try keeper.purge(in: authorizer, at: 2 * Self.hour, isShared: true)
        #expect(authorizer.snapshot.tasks[tasks[0].id] == nil)
        #expect(keeper.wasStopped(tasks[0].id) && !keeper.wasStopped(tasks[1].id))

        let (again, restarted) = try started()
        #expect(again.wasStopped(tasks[0].id) && restarted.snapshot.tasks.all.count == 2)
        // Its own time is over: nobody takes it for open any more.
        try again.purge(in: restarted, at: 5 * Self.hour, isShared: true)
        #expect(!again.wasStopped(tasks[0].id) && !again.wasStopped(tasks[2].id))
        #expect(try StateDatabase(path: path).stoppedTasks().isEmpty)
    }

    @Test("a gate whose tasks nobody shares signed remembers no more than before")
    func alone() throws {
        let directory = "/tmp/yett-stopped-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(directory, 0o700) == 0 else { throw POSIXError(.EIO) }
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let keeper = TaskKeeper(try StateDatabase(path: directory + "/state.db"))
        let authorizer = try Self.authorizer()
        let task = try Self.task(1, stopped: 60)
        try keeper.keep(task)
        authorizer.changeTasks { _, book in book.insert(task) }
        try keeper.purge(in: authorizer, at: 2 * Self.hour, isShared: false)
        #expect(!keeper.wasStopped(task.id))
    }
}
