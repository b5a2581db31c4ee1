// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a record says of the data of a call, for the flow of data through a session.
public enum DataLabel: String, Sendable, CaseIterable {
    /// Text was read that a stranger may have written.
    case untrustedRead = "untrusted_read"
    /// Private data was read.
    case privateRead = "private_read"
    /// Somebody outside is told something, or sees a change.
    case externalWrite = "external_write"
    /// A service or a grant names exactly this destination.
    case namedDestination = "named_destination"
}
