// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Telemetry

/// What the admin plane needs from the gate. Every verb that changes something records who asked.
///
/// All verbs throw ``AdminError``.
public protocol GateControl: IdentityControl, PeopleControl, ToolControl, ApprovalControl, SandboxControl,
    BaselineControl, CanaryControl
{
    /// The state of the gate.
    func status() async throws -> StatusReport
    /// All metrics at this moment.
    func metrics() async throws -> [MetricFamily]
    /// The live connections.
    func connections() async throws -> [ConnectionReport]
    /// Ends live connections.
    func cut(_ request: CutRequest, by caller: Operator) async throws -> CutReport
    /// Reads the configuration again.
    func reload(by caller: Operator) async throws -> ReloadReport
    /// Why a decision fell as it did.
    func explain(_ decision: String) async throws -> DecisionExplanation
    /// What stands at a place of the policy's data; throws ``DocumentError``.
    func evaluate(_ query: DocumentQuery, by caller: Operator) async throws -> DocumentAnswer
    /// The variables of each answer to a query as a JSON array, absent when it is undefined; throws ``DocumentError``.
    func answers(to query: String, _ parameters: DocumentQuery, by caller: Operator) async throws -> [UInt8]?
    /// The files of the policy that serves.
    func policies() async throws -> [PolicyText]
    /// The newest records that match, oldest of them first.
    func records(_ query: RecordQuery) async throws -> [RecordLine]
    /// Records from an index on; waits until there is one or `seconds` have passed.
    func follow(from index: UInt64, waiting seconds: Int) async throws -> [RecordLine]
    /// The proof of one record in the form of C2SP `tlog-proof`.
    func proof(of index: UInt64) async throws -> String
    /// Opens a socket for one launched agent, which lives until it is ended or the caller's process is gone.
    func openLaunch(_ request: LaunchRequest, by caller: Operator) async throws -> LaunchReport
    /// Opens the sockets of a local MCP server and its client, which live as the launch does.
    func openStdio(_ request: StdioRequest, by caller: Operator) async throws -> StdioReport
    /// Ends a launch.
    func endLaunch(_ launch: String, by caller: Operator) async throws
    /// Starts a task; the answer holds its handle.
    func startTask(_ request: TaskRequest, by caller: Operator) async throws -> TaskStartReport
    /// The tasks, the newest first.
    func tasks() async throws -> [TaskReport]
    /// One task.
    func task(_ id: String) async throws -> TaskReport
    /// Stops a task and those below it: voids their tokens and cuts their connections.
    func stopTask(_ id: String, why: String?, by caller: Operator) async throws -> TaskStopReport
    /// How agents behave.
    func risk() async throws -> RiskList
    /// Denies everything to an agent and cuts its connections.
    func quarantine(_ request: QuarantineRequest, by caller: Operator) async throws -> QuarantineReport
    /// Ends a quarantine.
    func release(_ request: QuarantineRequest, by caller: Operator) async throws -> QuarantineReport
}
