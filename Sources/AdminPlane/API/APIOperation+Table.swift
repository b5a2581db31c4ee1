// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension APIOperation {
    /// Every route below `/v1` but those of policy documents, which speak the interface of OPA over the socket.
    static let all: [APIOperation] = gate + audit + tasks + tools + approvals + identities + processes + dashboard

    private static let gate = [
        APIOperation(
            "GET", "/v1/status", "status", .viewer, "The state of the gate", answer: .json("Status", status: 200)),
        APIOperation("GET", "/v1/metrics", "metrics", .viewer, "Figures for Prometheus", answer: .text("text/plain")),
        APIOperation(
            "GET", "/v1/connections", "connections", .viewer, "The live connections, oldest first",
            answer: .json("ConnectionList", status: 200)),
        APIOperation("GET", "/v1/risk", "risk", .viewer, "How agents behave", answer: .json("RiskList", status: 200)),
        APIOperation(
            "GET", "/v1/risk/baseline", "baseline", .viewer, "What is usual for agents, as a person ratified it",
            answer: .json("BaselineReport", status: 200)),
        APIOperation(
            "POST", "/v1/risk/baseline", "ratify", .admin, "Puts another baseline in force, or none",
            body: "BaselineRequest", answer: .json("BaselineReport", status: 200)),
        APIOperation(
            "POST", "/v1/cut", "cut", .operator, "Ends live connections; every member that is given must hold",
            body: "CutRequest", answer: .json("CutReport", status: 200)),
        APIOperation(
            "POST", "/v1/reload", "reload", .admin, "Reads the configuration again",
            answer: .json("ReloadReport", status: 200)),
        APIOperation(
            "GET", "/v1/decisions/{decision}", "explain", .viewer,
            "Why a decision fell as it did, and what would allow it",
            answer: .json("DecisionExplanation", status: 200)),
        APIOperation(
            "POST", "/v1/quarantine", "quarantine", .operator,
            "Denies everything to an agent and cuts what it has open",
            body: "QuarantineRequest", answer: .json("QuarantineReport", status: 200)),
        APIOperation(
            "POST", "/v1/release", "release", .operator, "Ends a quarantine", body: "ReleaseRequest",
            answer: .json("QuarantineReport", status: 200)),
        APIOperation(
            "GET", "/v1/people", "people", .viewer, "Where people sign in", answer: .json("PeopleReport", status: 200)),
    ]

    private static let audit = [
        APIOperation(
            "GET", "/v1/audit/records", "records", .viewer, "The newest records that match, the oldest of them first",
            query: [
                Parameter("agent", "AgentName", "The agent, by short name or SPIFFE ID"),
                Parameter("connection", "string", "The id of the connection"),
                Parameter("decision", "string", "The id of the decision"),
                Parameter("host", "string", "The host that was asked for"),
                Parameter("kind", "RecordKind", "What records are about"),
                Parameter("reason", "string", "A reason code"),
                Parameter("service", "string", "The name of the service"),
                Parameter("task", "string", "The id of the task"),
                Parameter("verdict", "allow|deny|hold", "The outcome"),
                Parameter("since", "Seconds", "Not before this time"),
                Parameter("until", "Seconds", "Before this time"),
                Parameter("before", "Index", "Records before this index"),
                Parameter("limit", "Limit", "At most so many; 100 when nothing is said"),
            ], answer: .text("application/jsonl")),
        APIOperation(
            "GET", "/v1/audit/tail", "tail", .viewer, "Records from an index on; waits until there is one",
            query: [
                Parameter("from", "Index", "The first index"),
                Parameter("wait", "Wait", "How many seconds to wait at most"),
            ], answer: .text("application/jsonl")),
        APIOperation(
            "GET", "/v1/audit/proofs/{index}", "proof", .viewer, "The proof of a record, as C2SP tlog-proof",
            answer: .text("text/plain")),
    ]

    private static let tasks = [
        APIOperation(
            "GET", "/v1/tasks", "tasks", .viewer, "The tasks, the newest first", answer: .json("TaskList", status: 200)),
        APIOperation(
            "POST", "/v1/tasks", "startTask", .admin, "Starts a task; the answer holds its handle, a secret",
            body: "TaskRequest", answer: .json("TaskStartReport", status: 201)),
        APIOperation("GET", "/v1/tasks/{task}", "task", .viewer, "One task", answer: .json("Task", status: 200)),
        APIOperation(
            "POST", "/v1/tasks/{task}/stop", "stopTask", .operator, "Stops a task and those below it", body: "Reason",
            answer: .json("TaskStopReport", status: 200)),
        APIOperation(
            "DELETE", "/v1/tasks/{task}", "deleteTask", .operator, "Stops a task and those below it without a reason",
            answer: .json("TaskStopReport", status: 200)),
    ]

    private static let tools = [
        APIOperation(
            "GET", "/v1/tools", "tools", .viewer, "The tools of MCP servers",
            query: [
                Parameter("service", "string", "Of this service"),
                Parameter("agent", "AgentName", "With what this agent may call"),
            ], answer: .json("ToolList", status: 200)),
        APIOperation(
            "GET", "/v1/tools/{service}/changes", "toolChanges", .viewer,
            "How the newest definitions differ from those in use",
            query: [Parameter("tool", "string", "Of this tool")], answer: .json("ToolChangeList", status: 200)),
        APIOperation(
            "GET", "/v1/tools/{service}/proposal", "toolProposal", .viewer,
            "Lines for the configuration that say what the tools do", answer: .json("ToolProposal", status: 200)),
        APIOperation(
            "POST", "/v1/tools/{service}/approve", "approveTools", .admin, "Takes definitions of tools into use",
            body: "ToolApproval", answer: .json("ToolApprovalReport", status: 200)),
        APIOperation(
            "POST", "/v1/try", "attempt", .operator, "Judges a request without making it", body: "TrialRequest",
            answer: .json("TrialReport", status: 200)),
    ]

    private static let approvals = [
        APIOperation(
            "GET", "/v1/approvals", "approvals", .viewer,
            "Calls that wait for people, the newest first, without arguments",
            answer: .json("ApprovalList", status: 200)),
        APIOperation(
            "GET", "/v1/approvals/{approval}", "approval", .viewer, "One call that waits, with its exact arguments",
            answer: .json("Approval", status: 200)),
        APIOperation(
            "POST", "/v1/approvals/{approval}/approve", "approve", .operator, "Lets exactly this call through, once",
            body: "ApprovalAnswer", answer: .json("Approval", status: 200)),
        APIOperation(
            "POST", "/v1/approvals/{approval}/refuse", "refuse", .operator, "Refuses a call; the agent is told why",
            body: "ApprovalRefusal", answer: .json("Approval", status: 200)),
    ]

    private static let identities = [
        APIOperation(
            "GET", "/v1/entries", "entries", .viewer, "Who gets which identity", answer: .json("EntryList", status: 200)
        ),
        APIOperation(
            "POST", "/v1/entries", "addEntry", .admin, "Adds an entry", body: "EntryRequest",
            answer: .json("Entry", status: 201)),
        APIOperation(
            "DELETE", "/v1/entries/{entry}", "removeEntry", .admin, "Removes an entry that was added", answer: .none),
        APIOperation(
            "POST", "/v1/join-tokens", "makeJoinToken", .admin, "Makes a token for a workload on another machine",
            body: "JoinTokenRequest", answer: .json("JoinToken", status: 201)),
        APIOperation(
            "GET", "/v1/trust-bundle", "trustBundle", .viewer, "What others verify the gate's identities with",
            answer: .json("TrustBundle", status: 200)),
        APIOperation(
            "GET", "/v1/keys", "keys", .viewer, "The keys that sign identities", answer: .json("KeyList", status: 200)),
        APIOperation(
            "POST", "/v1/keys", "changeKey", .admin, "Moves a key on", body: "KeyChange",
            answer: .json("KeyList", status: 200)),
        APIOperation(
            "GET", "/v1/canaries", "canaries", .viewer, "What is planted, to be touched by nobody",
            answer: .json("CanaryList", status: 200)),
        APIOperation(
            "POST", "/v1/canaries", "addCanary", .admin, "Makes something to plant", body: "CanaryRequest",
            answer: .json("Canary", status: 201)),
        APIOperation(
            "DELETE", "/v1/canaries/{canary}", "removeCanary", .admin, "Forgets what was planted", answer: .none),
        APIOperation(
            "GET", "/v1/revocations", "revocations", .viewer, "What is revoked, the newest first",
            answer: .json("RevocationList", status: 200)),
        APIOperation(
            "POST", "/v1/revocations", "revoke", .operator,
            "Revokes what an agent or a person had, a task, a token, or what a key signed: exactly one of them",
            body: "RevocationRequest", answer: .json("Revocation", status: 201)),
    ]

    private static let processes = [
        APIOperation(
            "POST", "/v1/launches", "openLaunch", nil, "Opens a socket for one launched agent", body: "LaunchRequest",
            answer: .json("Launch", status: 201)),
        APIOperation("DELETE", "/v1/launches/{launch}", "endLaunch", nil, "Ends a launch", answer: .none),
        APIOperation(
            "POST", "/v1/stdio", "openStdio", nil, "Opens the sockets of a local MCP server and its client",
            body: "StdioRequest", answer: .json("Stdio", status: 201)),
        APIOperation(
            "POST", "/v1/sandboxes", "openSandbox", nil, "Opens a socket over which the caller's process asks for runs",
            body: "SandboxDoorRequest", answer: .json("Launch", status: 201)),
    ]

    private static let dashboard = [
        APIOperation(
            "POST", "/v1/dashboard/tokens", "makeDashboardToken", nil, "A token for one sign-in at the dashboard",
            answer: .json("DashboardToken", status: 201)),
        APIOperation(
            "POST", "/v1/dashboard/programs", "makeProgramToken", nil,
            "A token for a program that asks at the dashboard",
            body: "DashboardProgramRequest", answer: .json("DashboardToken", status: 201)),
        APIOperation(
            "GET", "/v1/openapi.json", "description", .viewer, "This document", answer: .json("Anything", status: 200)),
    ]
}
