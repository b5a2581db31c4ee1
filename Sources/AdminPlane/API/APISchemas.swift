// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The messages of the admin API, in the notation of ``SchemaNotation``.
enum APISchemas {
    /// Objects: their members, with a question mark behind those that may be absent.
    static let objects: [(name: String, members: String)] = [
        ("Problem", "type, title, status:int, detail, remedy?, diagnostics?:[string]"),
        (
            "Status",
            """
            version, pid:int, state:serving|draining, uptime_seconds:int, trust_domain, agents:[string], \
            configuration:StatusConfiguration, last_reload?:ReloadReport, listeners:[string], connections:int, launches:int, \
            quarantined:[string], quarantines?:[QuarantineState], revocations?:int, bundles:[Bundle], \
            rollout?:Rollout, identity?:StatusIdentity, audit:StatusAudit, followed_tasks?:int, endpoints?:[ServiceEndpoint], \
            cluster?:Cluster, denial?
            """
        ),
        (
            "Cluster",
            """
            gate, key, is_signed:bool, is_fresh:bool, is_clock_doubtful:bool, endpoint?, problem?, revision:int, \
            lag_milliseconds?:int, members:[ClusterMember], waiting:int, refused:[ClusterRefused]
            """
        ),
        (
            "ClusterMember",
            """
            gate, version, clock_offset_milliseconds?:int, signing_keys?:int, records?:int, signed_by?:[string], log_key?, \
            witness_key?
            """
        ),
        ("ClusterRefused", "key, problem"),
        ("StatusConfiguration", "path, digest, revision:int, loaded_at"),
        ("StatusAudit", "directory, origin, durability, records:int, is_available:bool, refused?:int"),
        ("StatusIdentity", "source, id?, expires_at?, problem?, trust_domains:[string], socket?, endpoints?"),
        ("QuarantineState", "agent, since, until?, why, by"),
        (
            "Bundle",
            """
            name, source, is_active:bool, active_revision?, size?:int, last_request?, last_successful_request?, \
            last_successful_download?, last_successful_activation?, code?, message?, http_code?, is_candidate?:bool
            """
        ),
        ("Rollout", "digest, share:number, absence?, same:int, wider:int, narrower:int, different:int"),
        (
            "ServiceEndpoint",
            "service, endpoint, state:well|ejected|unhealthy, ejected_seconds?:int, ejections?:int, problem?"
        ),
        (
            "Connection",
            """
            connection, decision, agent, proof, task?, service?, operation, destination, source, grant?, bytes_up:int, \
            bytes_down:int, age_milliseconds:int, is_held?:bool
            """
        ),
        ("ConnectionList", "connections:[Connection]"),
        ("RiskAlarm", "at, signal, text, evidence:[int]"),
        (
            "Risk",
            """
            agent, level:normal|elevated|high|critical, millipoints:int, response, signals:[string], is_throttled:bool, \
            events:int, alarms:[RiskAlarm]
            """
        ),
        ("RiskList", "mode:off|observe|enforce, agents:[Risk]"),
        ("BaselineRequest", "baseline?, why?"),
        ("BaselineReport", "digest?, person?, since?, baseline?"),
        ("CutRequest", "agent?:AgentName, task?, service?, connection?, why?"),
        ("CutReport", "cut:int"),
        (
            "ReloadReport",
            """
            is_accepted:bool, revision:int, digest, diagnostics:[string], cut:int, trigger:command|signal|file|bundle, at, \
            needs_restart:[string]
            """
        ),
        ("Member", "name, value"),
        ("Judgement", "verdict:allow|deny|hold, reason, detail?, grant?, revision:int, steps:[string]"),
        (
            "DecisionExplanation",
            "decision, index:int, recorded:[Member], now?:Judgement, suggestion?, notes:[string]"
        ),
        ("QuarantineRequest", "agent:AgentName, why?:Why, seconds?:QuarantineSeconds"),
        ("ReleaseRequest", "agent:AgentName, why?:Why"),
        ("QuarantineReport", "agent, is_quarantined:bool, cut:int, until?"),
        ("PeopleReport", "url, address, providers:[string], sessions:int"),
        (
            "TaskPart",
            """
            name, hosts?:[string], ports?:[string], methods?:[string], paths?:[string], tools?:[string], expires?:int, \
            calls?:int, bytes?:int, approval?:bool
            """
        ),
        (
            "Task",
            """
            id, state:open|stopped|expired, agent, origin, person?, purpose, grants:[TaskPart], calls?:int, bytes?:int, \
            tokens?:int, used_tokens?:int, cost?, used_cost?, used_calls?:int, used_bytes?:int, started_at, expires_at, \
            seconds_left:int, parent?, stopped_why?, connections:int
            """
        ),
        ("TaskList", "tasks:[Task]"),
        (
            "TaskRequest",
            """
            agent, purpose, grants:[TaskPart], person?, session?, calls?:int, bytes?:int, tokens?:int, cost?, seconds?:int, \
            parent?
            """
        ),
        ("TaskStartReport", "task:Task, handle"),
        ("TaskStopReport", "stopped:[string], cut:int"),
        ("Reason", "why?"),
        (
            "Tool",
            """
            service, name, state:approved|seen|held, hold?, why?, can_be_approved:bool, hash?, definition?, former_hash?, \
            effect?, arguments?:{string}, is_allowed?:bool
            """
        ),
        ("ToolList", "tools:[Tool]"),
        ("ToolChange", "tool:Tool, lines:[string]"),
        ("ToolChangeList", "changes:[ToolChange]"),
        ("ToolProposal", "yaml?"),
        ("ToolApprovalTool", "name, hash"),
        ("ToolApproval", "tools:[ToolApprovalTool], why?"),
        ("ToolRefusal", "name, why"),
        ("ToolApprovalReport", "approved:[string], refused:[ToolRefusal]"),
        ("TrialRequest", "agent, service, tool?, arguments?, method?, path?, body?, task?"),
        (
            "TrialReport",
            """
            verdict:allow|deny|hold, reason, detail?, message?, provenance:[string], now?:Judgement, suggestion?, \
            notes:[string]
            """
        ),
        (
            "Approval",
            """
            id, state:waiting|approved|refused|expired|used|withdrawn, agent, service, operation, tool?, method?, path?, \
            query?, task?, purpose?, person?, digest, why, arguments?, decision, source, asked_at, age_seconds:int, \
            seconds_left:int, waiting:int, decided_by?, reason?, gate?
            """
        ),
        ("ApprovalList", "approvals:[Approval]"),
        ("ApprovalAnswer", "why?, session?"),
        ("ApprovalRefusal", "why:NonEmptyWhy, session?"),
        (
            "Entry",
            """
            id, spiffe_id, selectors:[string], origin:configuration|operator, x509_lifetime?:int, jwt_lifetime?:int, hint?, \
            dns_names:[string], federates_with:[string], expires_at?
            """
        ),
        ("EntryList", "entries:[Entry]"),
        (
            "EntryRequest",
            """
            id, selectors:[string], x509_lifetime?:int, jwt_lifetime?:int, hint?, dns_names?:[string], \
            federates_with?:[string], seconds?:int
            """
        ),
        ("JoinTokenRequest", "id, seconds?:int"),
        ("JoinToken", "spiffe_id, token, expires_at, gate?"),
        ("TrustBundle", "trust_domain, pem, document"),
        ("Key", "kind, id, stage, is_tainted:bool, expires_at"),
        ("KeyList", "keys:[Key]"),
        ("KeyChange", "action:prepare|activate|taint|revoke, kind, id?"),
        ("RevocationList", "revocations:[Revocation]"),
        (
            "Revocation",
            """
            kind:agent|person|task|token|key, value, issued_until, remembered_until?, why?, by, cut?:int, tasks?:int, \
            launches?:int, sessions?:int
            """
        ),
        ("RevocationRequest", "agent?, person?, task?, token?, key?, why?:Why"),
        ("CanaryRequest", "name, kind, agent?"),
        ("CanaryField", "name, value"),
        ("Canary", "name, kind, agent?, since, by, fields?:[CanaryField]"),
        ("CanaryList", "canaries:[Canary]"),
        ("LaunchRequest", "agent, uid:int, program?, task?"),
        (
            "Launch",
            """
            launch_id, socket_path, identity, protected_paths:[string], forbidden_sockets:[string], workload_socket?, \
            service_variables?:{string}, planted_files?:{string}
            """
        ),
        ("StdioRequest", "service, uid:int, program?, socket_name, brings_token:bool"),
        ("Stdio", "launch:Launch, client_socket, gate_pid:int, line_bytes:int, grace_milliseconds:int"),
        ("SandboxDoorRequest", "agent?, task?"),
        ("DashboardProgramRequest", "role:viewer|operator|admin, seconds:int"),
        ("DashboardToken", "url, token, login?, seconds:int"),
    ]

    /// Everything that is no object with members alone, as JSON.
    static let others: [(name: String, json: String)] = [
        ("Anything", ##"{"type":"object"}"##),
        (
            "AgentName",
            ##"{"type":"string","pattern":"^[A-Za-z0-9._-][A-Za-z0-9._/-]*$","examples":["support-bot"],"##
                + ##""description":"The short name of an agent; its SPIFFE ID is taken as well."}"##
        ),
        (
            "Why",
            ##"{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f]*$","description":"Why, for the record: 512 bytes at most."}"##
        ),
        ("NonEmptyWhy", ##"{"type":"string","minLength":1,"description":"Why, for the agent: 512 bytes at most."}"##),
        ("QuarantineSeconds", ##"{"type":"integer","minimum":1,"maximum":31622400}"##),
        ("Seconds", ##"{"type":"integer","format":"int64","minimum":0,"maximum":9007199254}"##),
        ("Index", ##"{"type":"integer","minimum":0}"##),
        ("Limit", ##"{"type":"integer","minimum":1,"maximum":10000}"##),
        ("Wait", ##"{"type":"integer","format":"int64","description":"0 to 30; others are taken as the nearest."}"##),
    ]
}
