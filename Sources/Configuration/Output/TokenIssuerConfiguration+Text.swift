// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protocols

extension TokenIssuerConfiguration {
    /// Writes the entry.
    func write(_ writer: inout YAMLWriter) {
        writer.entry("name", name)
        writer.entry("issuer", raw: YAMLScalar.quoted(issuer.issuer.description))
        switch keys {
        case .file(let path): writer.entry("keys", path)
        case .url(let url):
            writer.entry("keys_url", raw: YAMLScalar.quoted(url.description))
            if let authority { writer.entry("ca", authority) }
            writer.entry("allow_private", raw: "\(isPrivateAllowed)")
        }
        writer.list("algorithms", issuer.algorithms.map(\.rawValue).sorted())
        writer.list("types", issuer.types.map(\.rawValue).sorted())
        if let time = issuer.issuedAfter { writer.entry("issued_after", raw: Timestamp.text(time)) }
    }
}

extension IssuedTokenSelector {
    /// Writes the condition.
    func write(_ writer: inout YAMLWriter) {
        writer.entry("issuer", issuer)
        writer.section("claims") { writer in
            for (name, text) in claims.sorted(by: { $0.key < $1.key }) {
                writer.entry(name, raw: YAMLScalar.quoted(text))
            }
        }
    }
}

extension ResourceConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writer.list("scopes", scopes)
        guard !toolScopes.isEmpty else { return }
        writer.section("tool_scopes") { writer in
            for (name, scopes) in toolScopes.sorted(by: { $0.key < $1.key }) { writer.list(name, scopes) }
        }
    }
}
