// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Dispatch

/// Holds threads until it is opened, for good.
package final class Latch: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    /// Closed.
    package init() {}

    /// Lets everybody through.
    package func open() { semaphore.signal() }

    /// Waits until it is open.
    ///
    /// - Returns: Whether it was opened in time.
    @discardableResult
    package func wait(within seconds: Double = RawSocket.patience) -> Bool {
        guard semaphore.wait(timeout: .now() + seconds) == .success else { return false }
        semaphore.signal()
        return true
    }
}
