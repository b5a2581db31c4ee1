// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Whose move it is after a refusal.
public enum Fault: String, Sendable, Hashable {
    /// The agent asked for something it may not have, or asked wrongly.
    case client
    /// The destination failed.
    case upstream
    /// The gate itself cannot work.
    case gateway
    /// The configuration or an operator's decision stands in the way.
    case `operator`
}

extension ReasonCode {
    /// A sentence for a person.
    public var title: String {
        switch self {
        case .granted: "A grant covers this."
        case .policyAllowed: "The policy allows this."
        case .personApproved: "A person agreed to this call."
        case .approvalRequired: "A person has to agree to this call first."
        case .approvalUnknown: "There is no such approval."
        case .approvalMismatch: "The approval is about another call."
        case .approvalRefused: "A person refused this call."
        case .approvalExpired: "Nobody agreed to this call in time."
        case .approvalUsed: "The approval has been used."
        case .identityMissing: "Nobody could be identified as the sender of this request."
        case .identityTokenUnknown: "The token belongs to no agent."
        case .tokenTooLong: "The token is too long."
        case .tokenMalformed: "The token is no token that is read here."
        case .tokenAlgorithm: "The token is not signed as its issuer signs."
        case .tokenKeyUnknown: "The token names no key of its issuer."
        case .tokenSignature: "The token's signature is wrong."
        case .tokenIssuer: "The token is of nobody whose tokens count here."
        case .tokenAudience: "The token is for somebody else."
        case .tokenExpired: "The token has expired."
        case .tokenNotYetValid: "The token is not valid yet."
        case .tokenBinding: "The token was made for somebody else to show."
        case .tokenReplayed: "The token or its proof was used before."
        case .tokenRevoked: "The token was revoked."
        case .tokenScope: "The token is good, and not for this."
        case .tokenKeysUnavailable: "The keys of the token's issuer cannot be had."
        case .identityUnknown: "The agent has no place in the configuration."
        case .quarantined: "The agent is in quarantine."
        case .riskTooHigh: "The agent behaves too oddly for calls with an effect."
        case .riskThrottled: "The agent behaves oddly and gets through only once a second."
        case .clusterUnreachable: "The gate has lost the state that it shares with others: try again later."
        case .clusterClock: "The gate's clock is not to be trusted: try again later."
        case .budgetPending: "This gate's share of the budget is used up and more is on its way: try again at once."
        case .agentRevoked: "What the agent had was revoked: connect anew, with a new certificate or token."
        case .personRevoked: "What was given on the person's behalf was revoked: the person has to sign in or ask anew."
        case .taskRevoked: "The task was revoked: another one has to be started."
        case .keyRevoked: "The key that signed this was revoked: obtain a token or certificate of another key."
        case .hostNotGranted: "No grant of this agent names this host."
        case .portNotGranted: "The host is granted, but not on this port."
        case .methodNotGranted: "The host is granted, but not with this method."
        case .pathNotGranted: "The host is granted, but not this path."
        case .tunnelNotGranted: "The grant limits methods or paths, which a tunnel would hide."
        case .toolNotGranted: "The tool is not granted."
        case .argumentRefused: "An argument breaks a constraint of the grant."
        case .toolNotApproved: "The tool's definition is not one that was approved."
        case .provenanceRefused: "What the call says comes from nobody who may say it."
        case .grantExpired: "The grant has expired."
        case .outsideTimeWindow: "The grant does not apply at this time."
        case .budgetExhausted: "The grant's budget is spent."
        case .strengthTooLow: "The grant asks for a stronger proof of identity."
        case .personRequired: "The grant asks for a person on whose behalf the agent acts."
        case .taskRequired: "The grant asks for a task."
        case .taskUnknown: "There is no such task."
        case .taskOfAnother: "The task is for another agent."
        case .taskStopped: "The task was stopped."
        case .taskExpired: "The task's time is over."
        case .taskNotGranted: "The task does not take in this."
        case .leakFound: "The request carries what must not get out."
        case .nameCarriesData: "The host name looks like a message, not like a name."
        case .serviceUnknown: "The gate has no service of this name."
        case .operationUnknown: "The service's document has no such operation."
        case .hostInvalid: "The host is neither a canonical name nor a canonical address."
        case .addressForbidden: "The name leads to an address that may not be dialled."
        case .nameNotFound: "The name has no address."
        case .nameServiceFailed: "The name could not be resolved."
        case .tlsServerNameMismatch: "TLS inside the tunnel names another host."
        case .tlsServerNameMissing: "TLS inside the tunnel names no host."
        case .tlsEncryptedClientHello: "TLS inside the tunnel hides the host's name."
        case .tlsMalformed: "The first bytes in the tunnel are broken TLS."
        case .tlsNotTLS: "The first bytes in the tunnel are not TLS."
        case .protocolViolation: "The request breaks the protocol."
        case .limitReached: "A limit is reached."
        case .requestTooLarge: "The request body is too long."
        case .timeout: "The time is over."
        case .draining: "The gate is stopping."
        case .upstreamUnreachable: "The destination could not be reached."
        case .upstreamTimeout: "The destination did not answer in time."
        case .upstreamInvalid: "The destination's answer breaks the protocol."
        case .credentialUnavailable: "The gate has nothing that the service would let it in with."
        case .sandboxUnsatisfied: "No sandbox here meets what is demanded."
        case .sandboxBusy: "All sandboxes are in use."
        case .sandboxUnavailable: "The sandbox could not be set up."
        case .auditUnavailable: "The audit log cannot be written, so nothing is allowed."
        case .policyNotReady: "The policy has not come yet, so nothing is allowed."
        case .policyError: "The policy could not be evaluated."
        case .policyDenied: "The policy refuses this."
        case .policyHeld: "The policy wants a person to agree first."
        case .policyUndefined: "The policy came to no decision."
        case .policyInvalid: "The policy's decision cannot be understood."
        case .policyLimit: "The policy took more than it may."
        case .policyBuiltinError: "A function that the policy calls failed."
        case .policyObligation: "The policy demands what the gate cannot do here."
        case .grantWithdrawn: "The grant was withdrawn."
        case .operatorCut: "An operator cut the connection."
        case .closed: "The connection ended."
        }
    }

    /// Whose move it is.
    public var fault: Fault {
        switch self {
        case .upstreamUnreachable, .upstreamTimeout, .upstreamInvalid, .nameNotFound, .nameServiceFailed: .upstream
        case .auditUnavailable, .draining, .credentialUnavailable, .tokenKeysUnavailable, .sandboxBusy,
            .sandboxUnavailable:
            .gateway
        case .quarantined, .agentRevoked, .personRevoked, .taskRevoked, .keyRevoked, .grantWithdrawn, .operatorCut,
            .taskStopped, .toolNotApproved, .approvalRefused, .sandboxUnsatisfied:
            .operator
        case .policyError, .policyUndefined, .policyInvalid, .policyLimit, .policyBuiltinError, .policyObligation,
            .policyNotReady:
            .operator
        default: .client
        }
    }

    /// The HTTP status that tells it.
    public var status: Int {
        switch self {
        case .protocolViolation, .hostInvalid: 400
        case .timeout: 408
        case .serviceUnknown, .operationUnknown, .approvalUnknown: 404
        case .limitReached, .budgetExhausted, .budgetPending, .riskThrottled: 429
        case .upstreamUnreachable, .upstreamInvalid, .nameNotFound: 502
        case .nameServiceFailed, .upstreamTimeout: 504
        case .requestTooLarge: 413
        case .auditUnavailable, .draining, .policyNotReady, .credentialUnavailable, .tokenKeysUnavailable,
            .sandboxBusy, .sandboxUnavailable, .clusterUnreachable, .clusterClock:
            503
        case .tokenTooLong, .tokenMalformed, .tokenAlgorithm, .tokenKeyUnknown, .tokenSignature, .tokenIssuer,
            .tokenAudience, .tokenExpired, .tokenNotYetValid, .tokenBinding, .tokenReplayed, .tokenRevoked:
            401
        case .policyError, .policyUndefined, .policyInvalid, .policyLimit, .policyBuiltinError, .policyObligation: 500
        default: 403
        }
    }

    /// Whether another grant could have allowed it.
    public var isAboutGrants: Bool {
        switch self {
        case .hostNotGranted, .portNotGranted, .methodNotGranted, .pathNotGranted, .tunnelNotGranted, .toolNotGranted,
            .grantExpired:
            true
        default: false
        }
    }
}
