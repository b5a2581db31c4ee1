// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

extension DecisionLogConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        if let file { writer.entry("file", file) }
        if let url { writer.entry("url", raw: YAMLScalar.quoted(url)) }
        if let token { writer.entry("token", token.description) }
        if !labels.isEmpty {
            writer.section("labels") { writer in
                for (name, text) in labels.sorted(by: { $0.key < $1.key }) {
                    writer.entry(name, raw: YAMLScalar.quoted(text))
                }
            }
        }
        writeLimits(Self.fields, self, &writer)
    }
}

extension PolicyConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writer.list("files", files)
        if !keys.isEmpty { writer.section("keys") { writeKeys(&$0) } }
        if !bundles.isEmpty { writer.section("bundles") { writeBundles(&$0) } }
        if let rollout { writer.section("rollout") { rollout.write(&$0) } }
        writer.entry("persistence_directory", persistenceDirectory)
        writer.entry("entry_point", entryPoint.joined(separator: "/"))
        writer.entry("input", effectiveInput.rawValue)
        writer.entry("on_builtin_error", onBuiltinError.rawValue)
        writer.entry("strict", raw: "\(isStrict)")
        writer.list("allow_builtins", allowedBuiltins)
        writer.section("limits") { writeLimits(PolicyLimits.fields, limits, &$0) }
    }
}

extension PolicyRollout {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writer.entry("share", raw: ShareText.of(perMillion: perMillion))
        if let files { writer.list("files", files) }
        guard !bundles.isEmpty else { return }
        writer.section("bundles") { writer in
            for bundle in bundles { writer.entry(bundle.name, bundle.candidate) }
        }
    }
}

extension PolicyConfiguration {
    private func writeKeys(_ writer: inout YAMLWriter) {
        for key in keys {
            writer.section(key.name) { writer in
                writer.entry("algorithm", key.algorithm)
                writer.entry("key", key.key.description)
                if let scope = key.scope { writer.entry("scope", raw: YAMLScalar.quoted(scope)) }
            }
        }
    }

    private func writeBundles(_ writer: inout YAMLWriter) {
        for bundle in bundles {
            writer.section(bundle.name) { bundle.write(&$0) }
        }
    }
}

extension BundleConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        switch source {
        case .path(let path): writer.entry("path", path)
        case .url(let url):
            writer.entry("url", raw: YAMLScalar.quoted(url))
            writer.section("polling") { writeLimits(BundlePolling.fields, polling, &$0) }
            if let token { writer.entry("token", token.description) }
            if let tls, tls != BundleTLS() {
                writer.section("tls") { writer in
                    if let authority = tls.authority { writer.entry("ca", authority.description) }
                    if let certificate = tls.certificate { writer.entry("certificate", certificate.description) }
                    if let key = tls.key { writer.entry("key", key.description) }
                }
            }
            writer.entry("persist", raw: "\(isPersistent)")
        }
        guard signing != BundleSigning() else { return }
        writer.section("signing") { writer in
            if let key = signing.keyIdentifier { writer.entry("key_id", key) }
            if let scope = signing.scope { writer.entry("scope", raw: YAMLScalar.quoted(scope)) }
            if !signing.excludedFiles.isEmpty { writer.list("exclude_files", signing.excludedFiles) }
        }
    }
}
