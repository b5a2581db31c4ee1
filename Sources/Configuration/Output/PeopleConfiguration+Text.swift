// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protocols

extension PeopleConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writeListener(address, port: port, url: url?.description, tls: tls, &writer)
        writeLimits(Self.fields, self, &writer)
        if let taskMaximumAge {
            writer.entry("task_max_age", raw: Quantity.time(Int(taskMaximumAge.components.seconds) * 1000))
        }
        writer.section("providers") { writer in
            for provider in providers { writer.item { provider.write(&$0) } }
        }
    }
}

extension ProviderConfiguration {
    fileprivate func write(_ writer: inout YAMLWriter) {
        writer.entry("name", provider.name)
        writer.entry("issuer", raw: YAMLScalar.quoted(provider.issuer.description))
        writer.entry("client_id", raw: YAMLScalar.quoted(provider.clientID))
        if let secret { writer.entry("client_secret", secret.description) }
        if let authority { writer.entry("ca", authority.description) }
        writer.list("scopes", provider.scopes)
        if let claim = provider.groupsClaim { writer.entry("groups_claim", raw: YAMLScalar.quoted(claim)) }
        writer.list("algorithms", provider.algorithms.map(\.rawValue).sorted())
        if !provider.frontEnds.isEmpty { writer.list("front_ends", provider.frontEnds) }
        if provider.assumesS256 { writer.entry("assume_s256", raw: "true") }
        writer.entry("allow_private", raw: "\(isPrivateAllowed)")
    }
}
