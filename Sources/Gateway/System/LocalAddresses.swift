// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import NIOCore
internal import Transport

/// The addresses of the machine, so that a listener on all of them is known on each.
enum LocalAddresses {
    /// Every address of every network interface, or `nil` when they cannot be read.
    static func all() -> Set<IPAddress>? {
        guard let devices = try? System.enumerateDevices() else { return nil }
        return Set(devices.compactMap { $0.address?.endpoint?.address })
    }
}
