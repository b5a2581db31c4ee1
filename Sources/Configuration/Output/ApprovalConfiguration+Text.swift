// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

extension ApprovalConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writeLimits(Self.fields, self, &writer)
        guard let webhook else { return }
        writer.section("webhook") { writer in
            writer.entry("url", raw: YAMLScalar.quoted(webhook.url))
            writer.entry("secret", webhook.secret.description)
            if let authority = webhook.authority { writer.entry("ca", authority.description) }
            writer.entry("allow_private", raw: "\(webhook.isPrivateAllowed)")
        }
    }
}
