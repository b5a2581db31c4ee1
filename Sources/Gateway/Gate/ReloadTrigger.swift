// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What asks for a reload.
enum ReloadTrigger: String, Sendable {
    /// `yett reload`.
    case command
    /// The file was written or replaced.
    case file
    /// SIGHUP.
    case signal
}
