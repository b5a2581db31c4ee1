// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Decision
internal import Synchronization

/// Holds a launch's socket to one process: the relay that carries all of the launched program's connections.
package final class LaunchPeer: Sendable {
    private struct Pin {
        let pid: Int32
        let uid: UInt32
    }

    private let users: ClosedRange<UInt32>
    private let pin = Mutex<Pin?>(nil)

    /// Nobody has used the socket yet.
    ///
    /// - Parameter users: The users the relay may run as.
    package init(users: ClosedRange<UInt32>) {
        self.users = users
    }

    /// Whether a process may use the socket. The first one that may is the only one from then on.
    package func admits(_ process: ProcessCredentials) -> Bool {
        guard users.contains(process.uid) else { return false }
        return pin.withLock { pin in
            if let pin { return pin.pid == process.pid && pin.uid == process.uid }
            pin = Pin(pid: process.pid, uid: process.uid)
            return true
        }
    }
}
