// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protocols

extension IdentityConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        switch source {
        case .none: return
        case .embedded:
            writer.entry("source", "embedded")
            writer.entry("directory", directory)
        case .workloadAPI(let socket):
            writer.entry("source", "workload-api")
            writer.entry("workload_api", raw: YAMLScalar.quoted("\(socket)"))
        }
        switch sealing {
        case .key(let reference): writer.section("sealing") { $0.entry("key", reference.description) }
        case .passphrase(let reference): writer.section("sealing") { $0.entry("passphrase", reference.description) }
        case nil: break
        }
        if let socket { writer.entry("socket", socket) }
        if let endpoints {
            writer.section("endpoints") { writer in
                let address = ListenerConfiguration.Address.tcp(endpoints.address, port: endpoints.port)
                writer.entry("address", raw: YAMLScalar.quoted("\(address)"))
                writer.entry("issuer", raw: YAMLScalar.quoted(endpoints.issuer))
            }
        }
        writer.list("dns_names", dnsNames)
        writeLimits(Self.fields, self, &writer)
        if let bundleEndpoint { writer.section("bundle_endpoint") { bundleEndpoint.write(&$0) } }
        if !federation.isEmpty {
            writer.section("federation") { writer in
                for partner in federation { writer.item { partner.write(&$0) } }
            }
        }
        guard !entries.isEmpty else { return }
        writer.section("entries") { writer in
            for entry in entries { writer.item { entry.write(&$0) } }
        }
    }
}

extension RegistrationEntry {
    fileprivate func write(_ writer: inout YAMLWriter) {
        writer.entry("id", raw: YAMLScalar.quoted(spiffeID.description))
        writer.entry("parent", raw: YAMLScalar.quoted(parentID.description))
        writer.list("selectors", selectors.map(\.description))
        if let x509Lifetime { writer.entry("x509_lifetime", raw: Quantity.time(Int(x509Lifetime) * 1000)) }
        if let jwtLifetime { writer.entry("jwt_lifetime", raw: Quantity.time(Int(jwtLifetime) * 1000)) }
        if !hint.isEmpty { writer.entry("hint", raw: YAMLScalar.quoted(hint)) }
        if !dnsNames.isEmpty { writer.list("dns_names", dnsNames) }
        if !federatesWith.isEmpty { writer.list("federates_with", federatesWith.map(\.name)) }
    }
}
