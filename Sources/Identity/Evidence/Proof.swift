// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How an identity was proved, ordered by ``strength``.
public enum Proof: UInt8, Hashable, Sendable, CaseIterable, Comparable, CustomStringConvertible {
    /// Nothing was proved; every decision is a denial.
    case none
    /// The network the caller's address lies in. Weak: an address can be borrowed.
    case sourceAddress
    /// A bearer token. Whoever holds it is taken for the agent.
    case token
    /// The kernel's credentials of the process at the other end of a Unix socket.
    case peerCredentials
    /// A program that `yett exec` started, known by the socket made for that launch and by the kernel.
    case launched
    /// A client certificate whose private key the caller proved to hold in a TLS handshake.
    case x509SVID

    /// The rank that grants name in `require.strength`: 0 for a source address, 4 for a certificate.
    public var strength: Int {
        switch self {
        case .none: -1
        case .sourceAddress: 0
        case .token: 1
        case .peerCredentials: 2
        case .launched: 3
        case .x509SVID: 4
        }
    }

    /// The name used in facts, records and configuration.
    public var description: String {
        switch self {
        case .none: "none"
        case .sourceAddress: "source-address"
        case .token: "token"
        case .peerCredentials: "peer-credentials"
        case .launched: "launched"
        case .x509SVID: "x509-svid"
        }
    }

    /// Orders proofs from the weakest to the strongest.
    public static func < (left: Proof, right: Proof) -> Bool { left.rawValue < right.rawValue }
}
