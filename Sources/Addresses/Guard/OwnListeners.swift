// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where the gate listens, and which addresses lead there.
struct OwnListeners: Sendable {
    private let byPort: [UInt16: [IPAddress]]
    private let localAddresses: Set<IPAddress>?

    /// `localAddresses` nil means that the machine's addresses are not known.
    init(_ listeners: [(IPAddress, UInt16)], localAddresses: Set<IPAddress>?) {
        byPort = Dictionary(grouping: listeners, by: \.1).mapValues { $0.map { Self.unmapped($0.0) } }
        self.localAddresses = localAddresses.map { Set($0.map(Self.unmapped)) }
    }

    /// Whether dialling the address on the port may reach one of the listeners.
    ///
    /// An unspecified address leads to the machine itself, so it reaches any listener on the port. A wildcard listener is
    /// reached through loopback and every local address; when those are not known, through every address that is not
    /// globally reachable.
    func contain(_ address: IPAddress, port: UInt16) -> Bool {
        guard let listeners = byPort[port] else { return false }
        let address = Self.unmapped(address)
        if address.isUnspecified || listeners.contains(address) { return true }
        guard listeners.contains(where: \.isUnspecified) else { return false }
        if address.isLoopback { return true }
        if let localAddresses { return localAddresses.contains(address) }
        return !SpecialPurposeRegistry.standard.isGloballyReachable(address)
    }

    /// The kernel sends an IPv4-mapped destination as IPv4.
    private static func unmapped(_ address: IPAddress) -> IPAddress {
        guard case .v6(let outer) = address, let embedded = EmbeddedIPv4(in: outer), embedded.mechanism == .mapped
        else {
            return address
        }
        return .v4(embedded.address)
    }
}
