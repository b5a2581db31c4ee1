// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A policy bundle, an entry of `policy.bundles`.
public struct BundleConfiguration: Sendable, Hashable {
    /// The name that the operator chose.
    public var name: String
    /// `path` or `url`.
    public var source: Source
    /// `polling`.
    public var polling = BundlePolling()
    /// `token`: the bearer token for the server.
    public var token: SecretReference?
    /// `tls`: what is not the system's own.
    public var tls: BundleTLS?
    /// `persist`: whether the last good version is kept for a start without the server.
    public var isPersistent = true
    /// `signing`: what its signature must be beyond one of a key of `policy.keys`.
    public var signing = BundleSigning()

    /// Names a bundle.
    public init(name: String, source: Source) {
        self.name = name
        self.source = source
    }

    /// Where a bundle is found.
    public enum Source: Sendable, Hashable {
        /// A directory or a `.tar.gz`, absolute or beside the configuration.
        case path(String)
        /// What a server sends.
        case url(String)
    }

    /// Whether it comes from a server.
    public var isRemote: Bool {
        if case .url = source { true } else { false }
    }
}

/// When a server is asked for a bundle, `polling`.
public struct BundlePolling: Sendable, Hashable {
    /// `min_delay`.
    public var minimumDelay: Duration = .seconds(60)
    /// `max_delay`.
    public var maximumDelay: Duration = .seconds(120)
    /// `long_polling`.
    public var longPolling: Duration = .zero
    /// `timeout`.
    public var timeout: Duration = .seconds(60)

    /// The defaults.
    public init() {}

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<BundlePolling>] = [
        .time("min_delay", \.minimumDelay, 100...86_400_000, "the shortest time between two requests"),
        .time("max_delay", \.maximumDelay, 100...86_400_000, "the longest time between two requests"),
        .time(
            "long_polling", \.longPolling, 0...600_000,
            "how long a server that can may hold its answer back until there is something new; 0 for not at all"),
        .time("timeout", \.timeout, 1_000...3_600_000, "one answer to its last byte, besides the time held back"),
    ]
}

/// TLS to the server of a bundle.
public struct BundleTLS: Sendable, Hashable {
    /// `ca`: a PEM file with the authorities that the server's certificate must come from, in place of the system's.
    public var authority: SecretReference?
    /// `certificate`: a PEM file with the gate's own chain, the leaf first.
    public var certificate: SecretReference?
    /// `key`: a PEM file with its private key.
    public var key: SecretReference?

    /// The system's authorities and no certificate.
    public init() {}
}

/// What a bundle's signature must be, `signing`.
public struct BundleSigning: Sendable, Hashable {
    /// `key_id`: which key of `policy.keys` it must be; absent for the one that the signature names.
    public var keyIdentifier: String?
    /// `scope`: what the signature must be for; absent for the scope of the key.
    public var scope: String?
    /// `exclude_files`: patterns of paths that need not be signed.
    public var excludedFiles: [String] = []

    /// Any key and every file.
    public init() {}
}

/// A key that vouches for bundles, an entry of `policy.keys`.
public struct BundleKeyConfiguration: Sendable, Hashable {
    /// The name by which signatures refer to it.
    public var name: String
    /// `key`: a public key or a certificate in PEM; for `HS*` the secret itself.
    public var key: SecretReference
    /// `algorithm`, by its name in JSON web signatures.
    public var algorithm = "RS256"
    /// `scope`: what its signatures are for.
    public var scope: String?

    /// Names a key.
    public init(name: String, key: SecretReference) {
        self.name = name
        self.key = key
    }
}
