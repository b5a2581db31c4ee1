// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How far the other side was told that nothing more comes.
package enum OutputState: UInt8 {
    /// Bytes can be written.
    case open
    /// The end stands behind bytes that are still to be delivered.
    case closing
    /// The kernel has everything, the end included.
    case delivered
}
