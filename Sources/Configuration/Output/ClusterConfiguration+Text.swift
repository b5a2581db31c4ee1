// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protocols

extension ClusterConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writer.entry("gate", gate)
        writer.list("endpoints", endpoints.map(\.description))
        if !members.isEmpty { writer.list("members", members) }
        switch tls {
        case .files(let authority, let certificate, let key)?:
            writer.section("tls") { writer in
                writer.entry("ca", authority.description)
                if let certificate { writer.entry("certificate", certificate.description) }
                if let key { writer.entry("key", key.description) }
            }
        case .identities(let ids)?: writer.section("tls") { $0.list("servers", ids.map(\.description)) }
        case nil: break
        }
        writer.entry("clock_skew", raw: clockSkewMode.rawValue)
        writeLimits(Self.fields, self, &writer)
    }
}

extension ClusterConfiguration.Endpoint: CustomStringConvertible {
    /// `host:port`, an IPv6 address in brackets.
    public var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
