// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the gate adds to the requests for a service, `credential`; agents never see it.
public enum ServiceAccess: Sendable, Hashable {
    /// `secret`: always the same.
    case fixed(ServiceSecret)
    /// `tool_token`: the gate's own token for this service, good for one minute.
    case toolToken
}

/// How a service is told who is asking, `assertion`.
public enum AssertionRule: String, Sendable, Hashable, CaseIterable {
    /// Not at all.
    case off = "false"
    /// By a word that the calls of one caller share for half a minute.
    case shared = "true"
    /// By a word of its own for each request, which names the decision.
    case perRequest = "per-request"
}
