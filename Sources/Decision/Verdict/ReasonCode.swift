// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a decision was not an allow, or what an allow rests on. The raw value is stable and appears in responses,
/// records and metrics.
public enum ReasonCode: String, Sendable, Hashable, CaseIterable {
    // Allow.
    /// A grant covers the operation.
    case granted
    /// The policy allows the operation, no grant covers it.
    case policyAllowed = "policy_allowed"
    /// A person agreed to this very call.
    case personApproved = "person_approved"

    // People who agree to calls.
    /// A grant or what is known of the tool asks for a person's consent.
    case approvalRequired = "approval_required"
    /// There is no such approval, or it is another agent's.
    case approvalUnknown = "approval_unknown"
    /// The approval is about another call: other arguments, another task, another service.
    case approvalMismatch = "approval_mismatch"
    /// A person refused the call.
    case approvalRefused = "approval_refused"
    /// Nobody agreed in time, or the call came too late.
    case approvalExpired = "approval_expired"
    /// The approval was used; it is good for one call.
    case approvalUsed = "approval_used"

    // Several gates.
    /// The state that gates share is older than its grace, so that what others revoked may be unknown here.
    case clusterUnreachable = "cluster_unreachable"
    /// The clock of this gate is too far from those of the others.
    case clusterClock = "cluster_clock"

    // Identity.
    /// Nobody could be identified.
    case identityMissing = "identity_missing"
    /// The presented token is not known.
    case identityTokenUnknown = "identity_token_unknown"
    /// The signed token is longer than is read.
    case tokenTooLong = "token_too_long"
    /// The signed token has not the form of one, or says something that such a token cannot say.
    case tokenMalformed = "token_malformed"
    /// The signed token is signed with nothing, or with what its issuer does not sign with.
    case tokenAlgorithm = "token_algorithm"
    /// The signed token names no key of its issuer.
    case tokenKeyUnknown = "token_key_unknown"
    /// The signature of the token is wrong.
    case tokenSignature = "token_signature"
    /// The signed token is of nobody whose tokens count here.
    case tokenIssuer = "token_issuer"
    /// The signed token is for somebody else.
    case tokenAudience = "token_audience"
    /// The signed token has expired.
    case tokenExpired = "token_expired"
    /// The signed token is not valid yet.
    case tokenNotYetValid = "token_not_yet_valid"
    /// Who shows the signed token does not prove to be the one for whom it was made.
    case tokenBinding = "token_binding"
    /// The proof was shown before, or the token's calls are used up.
    case tokenReplayed = "token_replayed"
    /// The signed token was revoked, or what it rests on is over.
    case tokenRevoked = "token_revoked"
    /// The signed token is good, and not for this.
    case tokenScope = "token_scope"
    /// The keys of the token's issuer cannot be had.
    case tokenKeysUnavailable = "token_keys_unavailable"
    /// The certificate names no agent of this configuration.
    case identityUnknown = "identity_unknown"
    /// The identity is quarantined.
    case quarantined
    /// The agent's behaviour is too risky for what has an effect.
    case riskTooHigh = "risk_too_high"
    /// The agent's behaviour is odd, so that it gets through only now and then.
    case riskThrottled = "risk_throttled"
    /// What the agent shows, or a delegation by an agent, is older than its revocation.
    case agentRevoked = "agent_revoked"
    /// What was given on behalf of the person is older than the person's revocation.
    case personRevoked = "person_revoked"
    /// The task, or one above it, was revoked.
    case taskRevoked = "task_revoked"
    /// The key that signed the token or the certificate was revoked.
    case keyRevoked = "key_revoked"

    // Grants.
    /// No grant of the agent names the host.
    case hostNotGranted = "host_not_granted"
    /// A grant names the host, none of them this port.
    case portNotGranted = "port_not_granted"
    /// A grant names host and port, none of them this method.
    case methodNotGranted = "method_not_granted"
    /// A grant names host, port and method, none of them this path.
    case pathNotGranted = "path_not_granted"
    /// A grant limits methods or paths, which an opaque tunnel hides.
    case tunnelNotGranted = "tunnel_not_granted"
    /// The tool is not granted.
    case toolNotGranted = "tool_not_granted"
    /// The arguments break a constraint of the grant.
    case argumentRefused = "argument_refused"
    /// The tool was never listed, is new, or changed since it was approved; the detail says which.
    case toolNotApproved = "tool_not_approved"
    /// Values of the call come from nobody who may name them, or what the task has read must not go out.
    case provenanceRefused = "provenance_refused"
    /// The grant has expired.
    case grantExpired = "grant_expired"
    /// The grant does not apply at this time of day or week.
    case outsideTimeWindow = "outside_time_window"
    /// The grant's call or byte budget is spent.
    case budgetExhausted = "budget_exhausted"
    /// This gate's share of a budget that several gates spend is used up, and more is being asked for.
    case budgetPending = "budget_pending"
    /// The identity is known too weakly.
    case strengthTooLow = "strength_too_low"
    /// The grant asks for a person.
    case personRequired = "person_required"
    /// The grant asks for a task.
    case taskRequired = "task_required"
    /// There is no task of this id.
    case taskUnknown = "task_unknown"
    /// The task is for another agent.
    case taskOfAnother = "task_of_another"
    /// The task, or one above it, was stopped.
    case taskStopped = "task_stopped"
    /// The task's time, or that of one above it, is over.
    case taskExpired = "task_expired"
    /// The task has no grant for it, or has left it out of the grant.
    case taskNotGranted = "task_not_granted"
    /// The name's labels under a wildcard could carry data.
    case nameCarriesData = "name_carries_data"
    /// The request has a secret in it, or what looks like one; the detail names it.
    case leakFound = "leak_found"

    /// The gate has no service of this name.
    case serviceUnknown = "service_unknown"
    /// The service's document has no such operation.
    case operationUnknown = "operation_unknown"

    // Addresses and names.
    /// The host is not a canonical name or address.
    case hostInvalid = "host_invalid"
    /// At least one address of the name may not be dialled.
    case addressForbidden = "address_forbidden"
    /// The name has no address.
    case nameNotFound = "name_not_found"
    /// The name service did not answer in time or answered badly.
    case nameServiceFailed = "name_service_failed"

    // TLS inside a tunnel.
    /// The ClientHello names another host than the tunnel.
    case tlsServerNameMismatch = "tls_sni_mismatch"
    /// The ClientHello names no host.
    case tlsServerNameMissing = "tls_sni_missing"
    /// The ClientHello hides its name.
    case tlsEncryptedClientHello = "tls_ech_present"
    /// The first bytes are not a well-formed ClientHello.
    case tlsMalformed = "tls_malformed"
    /// The first bytes are not TLS, on a port on which TLS is required.
    case tlsNotTLS = "tls_not_tls"

    // Protocol.
    /// The request breaks the protocol; the detail names the rule.
    case protocolViolation = "protocol_violation"

    // Limits.
    /// A configured limit was reached; the detail names it.
    case limitReached = "limit_reached"
    /// The request body is longer than allowed.
    case requestTooLarge = "request_too_large"
    /// The time for the handshake, for idling or in all is over.
    case timeout
    /// The gate is stopping.
    case draining

    // Upstream.
    /// The destination refused the connection or was not reached.
    case upstreamUnreachable = "upstream_unreachable"
    /// The destination took the request and did not answer in time.
    case upstreamTimeout = "upstream_timeout"
    /// The destination broke the protocol.
    case upstreamInvalid = "upstream_invalid"
    /// What the service needs to let the gate in cannot be had.
    case credentialUnavailable = "credential_unavailable"

    // Sandboxes.
    /// No sandbox of this machine meets what is demanded.
    case sandboxUnsatisfied = "sandbox_unsatisfied"
    /// As many sandboxes run, and as many runs wait, as may.
    case sandboxBusy = "sandbox_busy"
    /// The sandbox could not be set up; nothing of the code ran.
    case sandboxUnavailable = "sandbox_unavailable"

    // The gate itself.
    /// The record could not be written, so nothing is allowed.
    case auditUnavailable = "audit_unavailable"
    /// A bundle of the policy has not come yet, so nothing is allowed.
    case policyNotReady = "policy_not_ready"
    /// The policy could not be evaluated.
    case policyError = "policy_error"
    /// The policy refuses, or does not allow what a grant covers; its own codes follow in the record.
    case policyDenied = "policy_denied"
    /// The policy asks for a person's consent.
    case policyHeld = "policy_held"
    /// The policy came to no decision.
    case policyUndefined = "policy_undefined"
    /// The policy's decision has a form that means nothing here.
    case policyInvalid = "policy_invalid"
    /// The evaluation of the policy reached one of its limits; the detail names it.
    case policyLimit = "policy_limit"
    /// A builtin function failed while the policy was evaluated.
    case policyBuiltinError = "policy_builtin_error"
    /// The policy demands something of the gate that it cannot do for this request.
    case policyObligation = "policy_obligation"

    // Cuts.
    /// A reload withdrew the grant.
    case grantWithdrawn = "grant_withdrawn"
    /// An operator cut the connection.
    case operatorCut = "operator_cut"

    // Sessions.
    /// The connection ended in order.
    case closed
}
