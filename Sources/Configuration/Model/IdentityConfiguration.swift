// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity

/// Where identities come from: the authority in the gate, or a SPIRE agent on the same machine.
public struct IdentityConfiguration: Sendable, Hashable {
    /// `source`.
    public var source: Source = .none
    /// `directory`: the state of the embedded authority.
    public var directory = "/var/lib/yett/identity"
    /// `sealing`: what seals the authority's private keys on disk; a key file beside them when it is `nil`.
    public var sealing: Sealing?
    /// `socket`: where workloads of this machine ask the embedded authority for their identities; nowhere when it is `nil`.
    public var socket: String?
    /// `endpoints`: where tokens are exchanged, and the metadata and keys for whoever verifies them.
    public var endpoints: TokenEndpoints?
    /// `dns_names`: the names under which others reach the gate.
    public var dnsNames: [String] = []
    /// `entries`: who gets which identity.
    public var entries: [RegistrationEntry] = []
    /// `bundle_endpoint`: where others fetch the trust domain's bundle; nowhere when it is `nil`.
    public var bundleEndpoint: BundleEndpointConfiguration?
    /// `federation`: foreign trust domains whose identities are recognised.
    public var federation: [FederationConfiguration] = []
    /// `x509_lifetime`.
    public var x509Lifetime: Duration = .seconds(3600)
    /// `jwt_lifetime`.
    public var jwtLifetime: Duration = .seconds(300)
    /// `intermediate_lifetime`.
    public var intermediateLifetime: Duration = .seconds(86_400)
    /// `root_lifetime`.
    public var rootLifetime: Duration = .seconds(365 * 86_400)
    /// `jwt_key_lifetime`.
    public var jwtKeyLifetime: Duration = .seconds(86_400)
    /// `refresh_hint`.
    public var refreshHint: Duration = .seconds(60)

    /// The defaults: no identities.
    public init() {}

    /// Who issues identities.
    public enum Source: Sendable, Hashable {
        /// Nobody.
        case none
        /// The authority in the gate.
        case embedded
        /// The Workload API on this socket.
        case workloadAPI(WorkloadSocket)
    }

    /// An HTTPS listener with the gate's own certificate.
    public struct TokenEndpoints: Sendable, Hashable {
        /// `address`; port 0 lets the system choose.
        public var address: IPAddress
        /// The port of `address`.
        public var port: UInt16
        /// `issuer`: the URL under which others reach the listener, and `iss` of tool tokens.
        public var issuer: String

        /// Describes the listener.
        public init(address: IPAddress, port: UInt16, issuer: String) {
            self.address = address
            self.port = port
            self.issuer = issuer
        }
    }

    /// What seals private keys on disk.
    public enum Sealing: Sendable, Hashable {
        /// `key`: a file of at least 32 random bytes.
        case key(SecretReference)
        /// `passphrase`: a file with a passphrase.
        case passphrase(SecretReference)
    }

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<IdentityConfiguration>] = [
        .time("x509_lifetime", \.x509Lifetime, 1000...86_400_000, "how long an X509-SVID holds"),
        .time("jwt_lifetime", \.jwtLifetime, 1000...300_000, "how long a JWT-SVID holds"),
        .time(
            "intermediate_lifetime", \.intermediateLifetime, 2000...604_800_000,
            "how long the intermediate in memory holds; renewed at half of it"),
        .time(
            "root_lifetime", \.rootLifetime, 6000...315_360_000_000,
            "how long a root holds; the next one is published long before"),
        .time(
            "jwt_key_lifetime", \.jwtKeyLifetime, 6000...2_592_000_000,
            "how long a key for JWT-SVIDs holds; the next one is published at half of it"),
        .time("refresh_hint", \.refreshHint, 1000...86_400_000, "how often others look for a new trust bundle"),
    ]
}
