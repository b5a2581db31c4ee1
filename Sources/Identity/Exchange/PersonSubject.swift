// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto

/// A person as `sub` of tool tokens: pairwise for this gate, without e-mail address or name.
public enum PersonSubject {
    /// `u:`, a digest of the issuer, and the issuer's name for the person.
    public static func text(issuer: String, subject: String) -> String {
        let digest = StrictBase64.url.text(Array(SHA256.hash(data: Array(issuer.utf8)).prefix(12)))
        return "u:\(digest):\(subject)"
    }
}
