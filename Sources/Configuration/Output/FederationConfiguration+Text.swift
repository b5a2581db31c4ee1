// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import Protocols

extension FederationConfiguration {
    /// Writes one trust domain.
    func write(_ writer: inout YAMLWriter) {
        writer.entry("trust_domain", trustDomain.name)
        writer.entry("url", raw: YAMLScalar.quoted(url))
        switch profile {
        case .web(let authorities):
            writer.entry("profile", "https_web")
            if let authorities { writer.entry("ca", authorities) }
        case .spiffe(let endpoint):
            writer.entry("profile", "https_spiffe")
            writer.entry("endpoint_id", raw: YAMLScalar.quoted(endpoint.description))
        }
        if let bundle { writer.entry("bundle", bundle) }
        if !networks.isEmpty { writer.list("networks", networks.map(\.description)) }
    }
}

extension BundleEndpointConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        let place = ListenerConfiguration.Address.tcp(address, port: port)
        writer.entry("address", raw: YAMLScalar.quoted("\(place)"))
        writer.entry("path", path)
        switch profile {
        case .spiffe: writer.entry("profile", "https_spiffe")
        case .web(let certificate, let key):
            writer.entry("profile", "https_web")
            writer.entry("certificate", certificate)
            writer.entry("key", key.description)
        }
    }
}
