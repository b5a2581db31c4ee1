// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a record of the audit tree is about.
public enum AuditKind: String, Sendable, CaseIterable {
    /// A verdict, written before the first byte goes upstream.
    case decision
    /// The end of a connection, with bytes, duration and cause.
    case connectionEnd = "connection_end"
    /// A new configuration took effect, or was refused.
    case reload
    /// A grant was added, changed or withdrawn.
    case grantChange = "grant_change"
    /// A plane saw something in an exchange that somebody should know.
    case observation
    /// An agent's behaviour raised an alarm.
    case alarm
    /// Live connections were ended on purpose.
    case cut
    /// An agent was started by the launcher.
    case launch
    /// A launched agent ended.
    case launchEnd = "launch_end"
    /// A task began.
    case taskStart = "task_start"
    /// A task was stopped before its time.
    case taskStop = "task_stop"
    /// An identity was issued to a workload.
    case identityIssue = "identity_issue"
    /// A token for one tool was issued.
    case tokenIssue = "token_issue"
    /// Tokens, a key or a certificate were revoked.
    case revocation
    /// A security event token of another party was taken or refused.
    case securityEvent = "security_event"
    /// The gate started.
    case startup
    /// The gate stopped in order.
    case shutdown
    /// The first record after a checkpoint: which checkpoint, and what "recorded" means from here on.
    case checkpointInterval = "checkpoint_interval"
    /// The log accepts records again after it could not, with the number of records it refused meanwhile.
    case recovery
    /// A person was asked about a call, or answered; the cause says what happened.
    case approval
    /// A person acted through the administration interface.
    case adminAction = "admin_action"
}

/// The outcome of a decision, as it is recorded.
public enum AuditVerdict: String, Sendable, CaseIterable {
    /// It was allowed.
    case allow
    /// It was denied.
    case deny
    /// It waits for a person.
    case hold
}
