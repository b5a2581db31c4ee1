// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

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
