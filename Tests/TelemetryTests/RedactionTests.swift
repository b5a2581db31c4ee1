// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Telemetry
import Testing

@Suite struct RedactionTests {
    @Test(
        "takes credentials out of texts",
        arguments: [
            ("Authorization: Bearer abc.def-123_456", "Authorization: Bearer [redacted]"),
            ("proxy said BASIC dXNlcjpwYXNz for us", "proxy said BASIC [redacted] for us"),
            ("https://user:pass@example.com/x", "https://[redacted]@example.com/x"),
            ("two: Bearer aaaaaaaa and Bearer bbbbbbbb", "two: Bearer [redacted] and Bearer [redacted]"),
            ("Bearer abcdefgh", "Bearer [redacted]"),
        ])
    func credentials(text: String, expected: String) {
        #expect(Redaction.redact(text) == expected)
    }

    @Test(
        "leaves other texts as they are",
        arguments: [
            "the bearer of bad news", "a bearer token is missing", "https://example.com/a@b", "", "://", "x://y",
            "forbearer abcdefghij", "mail to a@b.example", "Bearer", "grüße an Bearer",
        ])
    func ordinary(text: String) {
        #expect(Redaction.redact(text) == text)
    }

    @Test("knows secret fields in any case", arguments: ["token", "Token", "PASSWORD", "Set-Cookie", "api_key"])
    func fields(name: String) {
        #expect(Redaction.isSecret(field: name))
    }
}
