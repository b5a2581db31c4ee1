// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What raises risk. The raw value is stable and appears in records, metrics and policies.
public enum Signal: String, Sendable, Hashable, CaseIterable, Comparable {
    /// More calls in ten seconds than the agent is used to.
    case callRate = "call_rate"
    /// More calls than a fixed rate lets through.
    case hardRate = "hard_rate"
    /// More calls in a minute than the baseline expects.
    case burst
    /// A domain that the role has not been seen at.
    case newDestination = "new_destination"
    /// A tool that the role has not been seen to use.
    case newTool = "new_tool"
    /// Tools in an order that is rare for the role.
    case sequence
    /// More bytes out than the role's sessions send.
    case outboundVolume = "outbound_volume"
    /// More information to hosts that nobody named than a budget lets through.
    case outboundEntropy = "outbound_entropy"
    /// Refused calls.
    case denials
    /// Contacts as regular as a machine's.
    case beacon
    /// Untrusted text, private data and a write to the outside in one session.
    case dataFlow = "data_flow"
    /// Something planted was touched.
    case canary
    /// The same call again and again.
    case loop
    /// More calls in a session than the role's sessions have.
    case length
    /// A person put the agent in quarantine.
    case person

    /// Whether the signal rests on how usual something is. Such signals raise scrutiny, but the settings keep their sum
    /// below what ends an agent's work.
    public var isStatistical: Bool {
        switch self {
        case .hardRate, .outboundEntropy, .denials, .dataFlow, .canary, .person: false
        case .callRate, .burst, .newDestination, .newTool, .sequence, .outboundVolume, .beacon, .loop, .length: true
        }
    }

    /// By name.
    public static func < (left: Signal, right: Signal) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}
