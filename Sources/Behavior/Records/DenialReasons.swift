// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What reason codes of decisions say about the agent.
enum DenialReasons {
    /// The kind of denial that a reason code stands for; a code that is not listed here is of no particular kind.
    static func kind(of reason: String) -> BehaviorEvent.DenialClass {
        switch reason {
        case "tool_not_granted", "operation_unknown", "service_unknown", "method_not_granted", "path_not_granted",
            "task_not_granted":
            .tool
        case "provenance_refused": .link
        case "name_carries_data", "leak_found": .secret
        case "budget_exhausted": .budget
        case "host_not_granted", "port_not_granted", "tunnel_not_granted", "address_forbidden", "tls_sni_mismatch":
            .destination
        case "argument_refused", "protocol_violation", "host_invalid", "tls_sni_missing", "tls_ech_present",
            "tls_malformed", "tls_not_tls", "request_too_large":
            .syntax
        case "quarantined", "risk_too_high", "risk_throttled", "limit_reached", "timeout", "draining",
            "upstream_unreachable", "upstream_timeout", "upstream_invalid", "name_not_found", "name_service_failed",
            "credential_unavailable", "sandbox_busy", "sandbox_unavailable", "sandbox_unsatisfied", "audit_unavailable",
            "policy_not_ready", "policy_error", "policy_undefined", "policy_invalid", "policy_limit",
            "policy_builtin_error", "policy_obligation", "approval_required", "approval_refused", "approval_expired",
            "task_expired", "task_stopped", "grant_expired", "outside_time_window", "token_expired",
            "token_keys_unavailable", "agent_revoked", "person_revoked", "task_revoked", "key_revoked",
            "token_revoked", "cluster_unreachable", "cluster_clock", "budget_pending":
            .unrelated
        default: .other
        }
    }
}
