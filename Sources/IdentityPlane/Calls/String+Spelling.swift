// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension StringProtocol {
    /// Whether both have the same bytes.
    func isSpelled(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
