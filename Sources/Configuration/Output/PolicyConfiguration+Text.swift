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
        writer.entry("entry_point", entryPoint.joined(separator: "/"))
        writer.entry("input", effectiveInput.rawValue)
        writer.entry("on_builtin_error", onBuiltinError.rawValue)
        writer.entry("strict", raw: "\(isStrict)")
        writer.list("allow_builtins", allowedBuiltins)
        writer.section("limits") { writeLimits(PolicyLimits.fields, limits, &$0) }
    }
}
