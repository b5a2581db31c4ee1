// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where the secret comes from that seals the authority's private keys on disk.
public enum SealingKey: Sendable, Hashable {
    /// A key file beside the state, made with it. It keeps copies of the database alone useless, and no more.
    case besideState
    /// A file of at least 32 random bytes, such as a service manager's credential, a mounted secret or one that a TPM
    /// opens.
    case file(String)
    /// A file with a passphrase of at least 16 bytes; one newline at its end does not belong to it.
    case passphrase(file: String)
}
