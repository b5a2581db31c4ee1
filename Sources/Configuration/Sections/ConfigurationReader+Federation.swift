// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

extension ConfigurationReader {
    /// Reads `identity.federation`.
    func readFederation(_ value: Value, _ domain: TrustDomain) -> [FederationConfiguration] {
        let places = value.list("trust domains") { entry in
            readPartner(entry, domain).map { (partner: $0, value: entry) }
        }
        let partners = places ?? []
        var seen: Set<TrustDomain> = []
        for (partner, entry) in partners {
            if !seen.insert(partner.trustDomain).inserted {
                entry.error("the trust domain \(partner.trustDomain) occurs twice")
            }
            guard case .spiffe(let endpoint) = partner.profile else { continue }
            let known = partners.contains {
                $0.partner.trustDomain == endpoint.trustDomain
                    && ($0.partner.bundle != nil || $0.partner.trustDomain != partner.trustDomain)
            }
            guard endpoint.trustDomain != domain, !known else { continue }
            if endpoint.trustDomain == partner.trustDomain {
                entry.error(
                    "the first look needs the trust domain's bundle: name its file in bundle",
                    hint: "ask the other side for the document at its url")
            } else {
                entry.error("endpoint_id is of \(endpoint.trustDomain), whose bundle is not known here")
            }
        }
        return partners.map(\.partner)
    }

    private func readPartner(_ value: Value, _ domain: TrustDomain) -> FederationConfiguration? {
        guard var section = value.mapping("a trust domain") else { return nil }
        let name = section.required("trust_domain")
        let trustDomain = name?.parsed("a trust domain") { try TrustDomain(configured: $0) }
        let url = section.required("url").flatMap { readBundleURL($0) }
        let isWeb = section.required("profile")?.word(Self.profiles)
        let endpoint = section.value("endpoint_id")
        let authorities = section.value("ca")
        let bundle = section.value("bundle").flatMap { path($0) }
        let networks = section.value("networks")?.list("networks") { block($0) } ?? []
        section.finish()
        if let trustDomain, trustDomain == domain { name?.error("this is the gate's own trust domain") }
        for network in networks where network.prefixLength == 0 {
            value.error("networks must not hold every address: \(network)")
        }
        guard let trustDomain, let url, let isWeb,
            let profile = profile(isWeb, endpoint: endpoint, authorities: authorities, of: value)
        else { return nil }
        return FederationConfiguration(
            trustDomain: trustDomain, url: url, profile: profile, bundle: bundle, networks: networks)
    }

    private static var profiles: KeyValuePairs<String, Bool> { ["https_spiffe": false, "https_web": true] }

    private func profile(
        _ isWeb: Bool, endpoint: Value?, authorities: Value?, of value: Value
    ) -> FederationConfiguration.Profile? {
        if isWeb {
            endpoint?.error("endpoint_id belongs to profile: https_spiffe")
            return endpoint == nil ? .web(ca: authorities.flatMap { path($0) }) : nil
        }
        authorities?.error("ca belongs to profile: https_web")
        guard let endpoint else {
            value.error("profile: https_spiffe needs the endpoint's SPIFFE ID in endpoint_id")
            return nil
        }
        let id = endpoint.parsed("a SPIFFE ID such as spiffe://partner.example/bundle-endpoint") {
            try SPIFFEID(parsing: $0)
        }
        if let id, id.path.isEmpty {
            endpoint.error("endpoint_id names a workload, with a path")
            return nil
        }
        return id.map { .spiffe(endpoint: $0) }
    }

    /// `https`, a host, perhaps a port and a path; what it means is found out when it is fetched.
    private func readBundleURL(_ value: Value) -> String? {
        let expected = "a URL such as https://partner.example/bundle"
        guard let text = value.text(expected) else { return nil }
        let prefix = "https://"
        let rest = text.utf8.dropFirst(prefix.utf8.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard text.utf8.starts(with: prefix.utf8), text.utf8.count <= 2048,
            rest.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") }),
            (try? Endpoint(parsing: String(decoding: authority, as: UTF8.self), defaultPort: 443)) != nil
        else {
            value.error("\(expected) is expected here, without user name and fragment")
            return nil
        }
        return text
    }

    /// Reads `identity.bundle_endpoint`.
    func readBundleEndpoint(_ value: Value) -> BundleEndpointConfiguration? {
        guard var section = value.mapping("the bundle endpoint") else { return nil }
        let address = section.required("address").flatMap {
            socketAddress($0, "an address with a port such as \"0.0.0.0:8444\"", minimumPort: 0)
        }
        let place = section.value("path")
        let isWeb = section.required("profile")?.word(Self.profiles)
        let certificate = section.value("certificate")
        let key = section.value("key")
        section.finish()
        var path: String? = "/"
        if let place { path = readEndpointPath(place) }
        if isWeb == false {
            for (name, value) in [("certificate", certificate), ("key", key)] {
                value?.error("\(name) belongs to profile: https_web")
            }
        }
        if isWeb == true, certificate == nil || key == nil {
            value.error("profile: https_web needs certificate and key")
        }
        guard let address, let path, let isWeb else { return nil }
        var endpoint = BundleEndpointConfiguration(address: address.address, port: address.port, path: path)
        if isWeb {
            guard let certificate = certificate.flatMap({ self.path($0) }),
                let key = key.flatMap({ secret($0, filesOnly: true) })
            else { return nil }
            endpoint.profile = .web(certificate: certificate, key: key)
        }
        return endpoint
    }

    private func readEndpointPath(_ value: Value) -> String? {
        let expected = "a path such as /bundle"
        guard let text = value.text(expected) else { return nil }
        let isPlain = Self.consists(text, ofLettersDigitsAnd: "-._~/")
        let segments = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isAmbiguous = segments.contains { segment in
            [".".utf8, "..".utf8].contains { segment.elementsEqual($0) } || segment.isEmpty && segments.count > 1
        }
        guard text.utf8.first == UInt8(ascii: "/"), text.utf8.count <= 256, isPlain, !isAmbiguous else {
            value.error("\(expected) is expected here, of letters, digits, '-', '.', '_' and '~'")
            return nil
        }
        return text
    }
}
