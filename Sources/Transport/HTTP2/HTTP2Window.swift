// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A window of what is received: how much may still come, of one stream or of all of a connection.
package struct HTTP2Window {
    /// How many more bytes may come.
    package var size: Int
    /// What it is brought back to.
    package var target: Int

    /// A window of so many bytes.
    package init(size: Int, target: Int) {
        self.size = size
        self.target = target
    }

    /// How much to open it by, once half of it is used up by what was taken; `nil` before.
    ///
    /// - Parameter held: Bytes that have come and were not taken yet.
    package func increment(holding held: Int) -> Int? {
        let room = size &+ held
        guard room <= target / 2, target > room else { return nil }
        return target &- room
    }
}
