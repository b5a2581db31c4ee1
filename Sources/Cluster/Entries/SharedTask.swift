// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
internal import Protocols

/// A task as gates share it. A stop of it is never taken back.
public struct SharedTask: Sendable, Hashable {
    /// The gate at which it began, or the one that put it back after etcd had lost it.
    public let gate: String
    /// The task.
    public var task: AgentTask

    /// Shares a task.
    public init(_ task: AgentTask, of gate: String) {
        self.gate = gate
        self.task = task
    }

    /// Where a task is kept.
    public static func key(_ id: TaskID) -> ClusterKey { ClusterKey(.task, id.description) }

    /// Which task a key is about.
    public static func id(_ key: ClusterKey) -> TaskID? {
        guard key.kind == .task, key.names.count == 1, let text = key.names.first else { return nil }
        return TaskID(text)
    }

    /// The value.
    public var value: [UInt8] { EntryDocument.text([("gate", .string(gate)), ("task", task.json)]) }

    /// Reads a value.
    ///
    /// - Parameter id: The task that the key is about.
    public init(_ id: TaskID, _ value: [UInt8]) throws(EntryFault) {
        let document = try EntryDocument(value, members: ["gate", "task"])
        gate = try document.required("gate") { $0.string }
        task = try document.required("task") { AgentTask($0) }
        guard task.id == id else { throw .mismatch }
        guard (0...Int64.max / 2).contains(task.started),
            (0...AgentTask.longestLife).contains(task.expires &- task.started)
        else { throw .malformed("it lives longer than a task may") }
    }

    /// Why a task that runs does not count although it can be read: the gate at which it began, or one that knows it from
    /// there, has to have signed it. A stop counts whoever says it.
    ///
    /// - Parameter claim: What the entry says, this task.
    public func fault(in claim: EntryClaim) -> EntryFault? {
        if let fault = claim.fault { return fault }
        guard task.stop == nil, let signer = claim.signer, !signer.utf8.elementsEqual(gate.utf8) else { return nil }
        return .untrusted("\(signer) signed it as a task of \(gate)")
    }
}
