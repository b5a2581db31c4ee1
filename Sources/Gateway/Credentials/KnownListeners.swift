// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Synchronization

/// Where the gate listens, once that is known: nothing that it fetches may lead there.
final class KnownListeners: Sendable {
    private let known = Mutex<(@Sendable () -> [(IPAddress, UInt16)])?>(nil)

    var all: [(IPAddress, UInt16)] { known.withLock { $0 }?() ?? [] }
    func set(_ listeners: @escaping @Sendable () -> [(IPAddress, UInt16)]) { known.withLock { $0 = listeners } }
}
