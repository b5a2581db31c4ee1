// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Decision

/// One agent: how it is recognised and what it may do.
public struct AgentConfiguration: Sendable {
    /// The short name, the last segment of the SPIFFE ID.
    public var name: String
    /// What the agent is for; agents of one role are expected to behave alike.
    public var role: String?
    /// `attest`: any of these identifies the agent.
    public var attestations: [Attestation] = []
    /// `grants`, in the order of the file.
    public var grants: [GrantConfiguration] = []
    /// `canaries.environment`: what is planted in the environment of each of its launches, by what it looks like.
    public var canaries: [String] = []
    /// `canaries.files`: what is planted in the home directory of each of its launches, by what it looks like.
    public var canaryFiles: [String] = []
    /// Where the agent stands in the file.
    public var place = Place.start

    /// The words for ``canaries``.
    public static let canaryKinds = ["aws", "github", "openai", "stripe", "slack", "postgres", "password"]
    /// The words for ``canaryFiles``.
    public static let canaryFileKinds = canaryKinds + ["pem"]

    /// Names an agent.
    public init(name: String) { self.name = name }
}

/// One way to recognise an agent.
public struct Attestation: Sendable, Hashable {
    /// The evidence.
    public var kind: Kind
    /// Where it stands in the file.
    public var place: Place

    /// Records a way to recognise an agent.
    public init(_ kind: Kind, at place: Place = .start) {
        self.kind = kind
        self.place = place
    }

    /// The kinds of evidence, from the strongest to the weakest.
    public enum Kind: Sendable, Hashable {
        /// A client certificate with the agent's SPIFFE ID (strength 4).
        case x509
        /// A start by `yett exec` (strength 3).
        case launch
        /// The kernel's credentials of a Unix socket's peer (strength 2).
        case unix(UnixSelector)
        /// A bearer token known by its SHA-256 digest of 32 bytes (strength 1).
        case tokenDigest([UInt8])
        /// A bearer token that stands elsewhere (strength 1).
        case token(SecretReference)
        /// An access token of an authorization server (strength 1).
        case jwt(IssuedTokenSelector)
        /// Networks (strength 0).
        case source([AddressBlock])
    }
}

/// A condition on a process; every part that is given must hold.
public struct UnixSelector: Sendable, Hashable {
    /// `uid`.
    public var uid: UInt32?
    /// `gid`.
    public var gid: UInt32?
    /// `user`: a name in the system's user database, looked up when the configuration is loaded.
    public var user: String?
    /// `path`: the executable.
    public var path: String?

    /// No condition yet.
    public init() {}
}

/// A grant as it stands in the file.
public struct GrantConfiguration: Sendable {
    /// The grant, with a service's host and port filled in.
    public var grant: Grant
    /// `service`, when the grant names one instead of hosts and ports.
    public var service: String?
    /// Where the grant stands in the file.
    public var place = Place.start

    /// Wraps a grant.
    public init(_ grant: Grant) { self.grant = grant }
}
