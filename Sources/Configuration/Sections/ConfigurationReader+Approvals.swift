// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    /// Reads `approvals`.
    func readApprovals(_ value: Value) -> ApprovalConfiguration {
        var approvals = ApprovalConfiguration()
        guard var section = value.mapping("approvals") else { return approvals }
        let webhook = section.value("webhook")
        approvals = readLimits(&section, approvals, ApprovalConfiguration.fields)
        section.finish()
        approvals.webhook = webhook.flatMap { readWebhook($0) }
        return approvals
    }

    private func readWebhook(_ value: Value) -> ApprovalConfiguration.Webhook? {
        guard var section = value.mapping("a webhook") else { return nil }
        let url = section.required("url")
        let secret = section.required("secret").flatMap { self.secret($0) }
        let authority = section.value("ca").flatMap { self.secret($0, filesOnly: true) }
        let isPrivateAllowed = section.value("allow_private")?.bool() ?? false
        section.finish()
        guard let url, let text = readURL(url) else { return nil }
        guard text.utf8.starts(with: "https://".utf8) else {
            url.error("a URL that starts with https:// is expected here")
            return nil
        }
        guard let secret else { return nil }
        var webhook = ApprovalConfiguration.Webhook(url: text, secret: secret)
        webhook.authority = authority
        webhook.isPrivateAllowed = isPrivateAllowed
        return webhook
    }

    /// Reads `approval: required`.
    func readApproval(_ value: Value) -> Bool {
        let words: KeyValuePairs<String, Bool> = ["required": true, "none": false]
        return value.word(words) ?? false
    }
}
