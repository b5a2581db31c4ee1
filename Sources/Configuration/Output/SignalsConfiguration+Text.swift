// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import Protocols

extension SignalsConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        if let address {
            let listener = ListenerConfiguration.Address.tcp(address, port: port)
            writer.entry("address", raw: YAMLScalar.quoted("\(listener)"))
        }
        if let tls {
            writer.section("tls") { writer in
                writer.entry("certificate", tls.certificate.description)
                writer.entry("key", tls.key.description)
            }
        }
        if receivers.isEmpty {
            writer.entry("receivers", raw: "[]")
        } else {
            writer.section("receivers") { writer in
                for receiver in receivers { writer.item { receiver.write(&$0) } }
            }
        }
        guard !streams.isEmpty else { return }
        writer.section("transmitter") { writer in
            writer.section("streams") { writer in
                for stream in streams { writer.item { stream.write(&$0) } }
            }
        }
    }
}

extension SignalReceiverConfiguration {
    fileprivate func write(_ writer: inout YAMLWriter) {
        writer.entry("name", name)
        writer.entry("issuer", raw: YAMLScalar.quoted(transmitter.issuer.description))
        writer.entry("audience", raw: YAMLScalar.quoted(transmitter.audience))
        switch keys {
        case .file(let path): writer.entry("keys", path)
        case .url(let url): writer.entry("keys_url", raw: YAMLScalar.quoted(url.description))
        }
        writer.list("algorithms", transmitter.algorithms.map(\.rawValue).sorted())
        writer.list("people", transmitter.people.map(\.description))
        writer.list("trust_domains", transmitter.trustDomains.map(\.name))
        writer.entry("opaque_subjects", raw: "\(transmitter.hasOpaqueSubjects)")
        writer.entry("max_age", raw: Quantity.time(Int(transmitter.maximumAge) * 1000))
        if let authority { writer.entry("ca", authority.description) }
        writer.entry("allow_private", raw: "\(isPrivateAllowed)")
        switch delivery {
        case .push(let path, let credential):
            writer.section("push") { writer in
                writer.entry("path", path)
                writer.entry("credential", credential.description)
            }
        case .poll(let poll):
            writer.section("poll") { writer in
                writer.entry("url", raw: YAMLScalar.quoted(poll.url))
                writer.entry("credential", poll.credential.description)
                writeLimits(SignalPollConfiguration.fields, poll, &writer)
            }
        }
    }
}

extension SignalStreamConfiguration {
    fileprivate func write(_ writer: inout YAMLWriter) {
        writer.entry("name", name)
        writer.entry("url", raw: YAMLScalar.quoted(url))
        writer.entry("audience", raw: YAMLScalar.quoted(audience))
        writer.entry("credential", credential.description)
        if let authority { writer.entry("ca", authority.description) }
        writer.entry("allow_private", raw: "\(isPrivateAllowed)")
    }
}
