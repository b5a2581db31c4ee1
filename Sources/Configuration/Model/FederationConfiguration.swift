// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity

/// A foreign trust domain whose identities are recognised, and where its bundle is fetched.
public struct FederationConfiguration: Sendable, Hashable {
    /// `trust_domain`.
    public var trustDomain: TrustDomain
    /// `url`: `https`.
    public var url: String
    /// `profile`.
    public var profile: Profile
    /// `bundle`: the file of the bundle document until one was fetched.
    public var bundle: String?
    /// `networks`: addresses of the endpoint that are not public and are allowed nevertheless.
    public var networks: [AddressBlock]

    /// Describes a trust domain.
    public init(
        trustDomain: TrustDomain, url: String, profile: Profile, bundle: String? = nil, networks: [AddressBlock] = []
    ) {
        self.trustDomain = trustDomain
        self.url = url
        self.profile = profile
        self.bundle = bundle
        self.networks = networks
    }

    /// How an endpoint is known.
    public enum Profile: Sendable, Hashable {
        /// `https_web`: by the web's authorities, or those of the PEM file `ca`.
        case web(ca: String?)
        /// `https_spiffe`: by an X509-SVID of `endpoint_id`.
        case spiffe(endpoint: SPIFFEID)
    }
}

/// Where others fetch the bundle of the gate's own trust domain.
public struct BundleEndpointConfiguration: Sendable, Hashable {
    /// `address`; port 0 lets the system choose.
    public var address: IPAddress
    /// The port of `address`.
    public var port: UInt16
    /// `path`.
    public var path: String
    /// `profile`.
    public var profile: Profile

    /// Describes the listener.
    public init(address: IPAddress, port: UInt16, path: String = "/", profile: Profile = .spiffe) {
        self.address = address
        self.port = port
        self.path = path
        self.profile = profile
    }

    /// What the listener shows.
    public enum Profile: Sendable, Hashable {
        /// `https_spiffe`: the gate's own X509-SVID.
        case spiffe
        /// `https_web`: the PEM file `certificate`, with its `key`.
        case web(certificate: String, key: SecretReference)
    }
}
