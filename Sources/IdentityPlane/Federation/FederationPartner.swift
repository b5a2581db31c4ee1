// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity
public import Outbound

/// A foreign trust domain, and where its bundle is fetched. Name, URL and profile are three settings: none is ever concluded
/// from another.
///
/// Source: SPIFFE Federation, section 5.
public struct FederationPartner: Sendable {
    /// How the endpoint is known.
    public enum Profile: Sendable, Hashable {
        /// `https_web`: by the web's authorities, or by those of this PEM text, and the host's name.
        case web(authorities: [UInt8]?)
        /// `https_spiffe`: by an X509-SVID of exactly this ID, verified with the latest bundle of the ID's trust domain.
        case spiffe(endpoint: SPIFFEID)
    }

    /// The trust domain that the document is taken for, whatever the document says.
    public let trustDomain: TrustDomain
    /// Where the document is.
    public let url: OutboundURL
    /// How the endpoint is known.
    public let profile: Profile
    /// The bundle until one was fetched.
    public let initial: TrustBundle?
    /// Addresses of the endpoint that are not public and are allowed nevertheless.
    public let networks: [AddressBlock]

    /// Describes a trust domain. An initial bundle of another one is not used.
    public init(
        trustDomain: TrustDomain, url: OutboundURL, profile: Profile, initial: TrustBundle? = nil,
        networks: [AddressBlock] = []
    ) {
        self.trustDomain = trustDomain
        self.url = url
        self.profile = profile
        self.initial = initial?.trustDomain == trustDomain ? initial : nil
        self.networks = networks
    }

    /// What the address guard is told about the endpoint.
    func exceptions() throws(AddressExceptionError) -> [AddressException] {
        let pattern: HostPattern
        switch url.host {
        case .name(let name): pattern = HostPattern(.exact(name))
        case .address(let address): pattern = HostPattern(.address(address))
        }
        var exceptions: [AddressException] = []
        for block in networks {
            exceptions.append(try AddressException(hosts: pattern, port: url.port, block: block))
        }
        return exceptions
    }

    /// Where the endpoint may say that its document is. The ID of an `https_spiffe` endpoint is the same at each place; by
    /// the web's means only the same host is.
    func allowsRedirect(to url: OutboundURL) -> Bool {
        switch profile {
        case .web: url.host == self.url.host
        case .spiffe: true
        }
    }
}
