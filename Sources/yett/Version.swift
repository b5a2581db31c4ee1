// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The version of the program.
enum Version {
    static let text = "0.1.0"
}
