// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// Counts the connections of each network, so that none of them takes all.
final class ConnectionCounts: Sendable {
    private let most: Int
    private let counts = Mutex<[SourceNetwork: Int]>([:])

    /// - Parameter most: The most of one network.
    init(most: Int) { self.most = most }

    /// Counts one more, if there may be one.
    func enter(_ network: SourceNetwork) -> Bool {
        counts.withLock { counts in
            let count = counts[network, default: 0]
            guard count < most else { return false }
            counts[network] = count + 1
            return true
        }
    }

    /// Counts one fewer.
    func leave(_ network: SourceNetwork) {
        counts.withLock { counts in
            guard let count = counts[network] else { return }
            counts[network] = count > 1 ? count - 1 : nil
        }
    }
}

/// What one owner easily has all addresses of: a /24 of IPv4, also where it is written as IPv6, or a /64 of IPv6.
struct SourceNetwork: Hashable {
    private let family: UInt8
    private let prefix: UInt64

    /// The network of an address; what is none shares one network.
    init(_ text: String?) {
        switch text.flatMap({ IPAddress($0) }) {
        case .v4(let address)?: (family, prefix) = (4, UInt64(address.rawValue >> 8))
        case .v6(let address)? where address.high == 0 && address.low >> 32 == 0xffff:
            (family, prefix) = (4, (address.low & 0xffff_ffff) >> 8)
        case .v6(let address)?: (family, prefix) = (6, address.high)
        case nil: (family, prefix) = (0, 0)
        }
    }
}

/// Takes a connection only when its network has not too many.
struct CountedChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let counts: ConnectionCounts

    private struct TooMany: Error {}

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        let network = SourceNetwork(channel.remoteAddress?.ipAddress)
        guard counts.enter(network) else {
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(TooMany())
        }
        channel.closeFuture.whenComplete { [counts] _ in counts.leave(network) }
        return base.setup(channel: channel, logger: logger)
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
