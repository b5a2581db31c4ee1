// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CLauncher

/// Whether this kernel has Landlock: what it adds is expected only there.
enum Landlock {
    static let isPresent = yett_landlock_version() > 0
}
