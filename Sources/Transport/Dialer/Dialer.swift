// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Decision
public import NIOCore
internal import NIOPosix

/// Turns a permit and judged addresses into a connection. There is no other way upstream.
public struct Dialer: Sendable {
    /// Where a judged address really is: itself, except in tests, which record the dial and answer from loopback.
    public typealias Route = @Sendable (IPAddress, UInt16) throws -> SocketAddress

    private let route: Route

    /// Dials the judged addresses themselves.
    public init() {
        self.init { address, port in try SocketAddress(address, port: port) }
    }

    /// Dials wherever `route` says.
    public init(route: @escaping Route) {
        self.route = route
    }

    /// Where a judged address really is, for what the gate asks on its own account.
    package func place(of judged: JudgedAddress) throws -> SocketAddress { try route(judged.address, judged.port) }

    /// Opens a connection to the first judged address that accepts.
    ///
    /// - Parameters:
    ///   - permit: Evidence of the verdict; consumed. It must be for the very host and port that were judged.
    ///   - addresses: Evidence of the address guard, in the order in which they are tried.
    ///   - eventLoop: The loop of the client's connection; the new one lives there too.
    ///   - timeout: For each address.
    ///   - initializer: Builds the pipeline; called once for each attempt, on the loop.
    public func dial(
        _ permit: consuming Permit, to addresses: [JudgedAddress], on eventLoop: any EventLoop, timeout: TimeAmount,
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<Dialled> {
        let destination = permit.destination
        guard addresses.allSatisfy({ $0.host == destination.host && $0.port == destination.port }) else {
            return eventLoop.makeFailedFuture(DialError.permitForAnotherDestination)
        }
        let attempt = Attempt(
            addresses: addresses, route: route, timeout: timeout, eventLoop: eventLoop, initializer: initializer)
        return attempt.dial(at: 0)
    }

    /// Opens a connection to the server that a client brought along.
    ///
    /// - Parameters:
    ///   - permit: Evidence of the verdict; consumed. It must be for a server of this kind.
    ///   - eventLoop: The loop of the client's connection; the new one lives there too.
    ///   - initializer: Builds the pipeline, on the loop.
    public func dial(
        _ permit: consuming Permit, to server: AttachedServer, on eventLoop: any EventLoop,
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<any Channel> {
        let destination = permit.destination
        guard destination.host == AttachedServer.host, destination.port == AttachedServer.port else {
            return eventLoop.makeFailedFuture(DialError.permitForAnotherDestination)
        }
        do {
            return ClientBootstrap(group: eventLoop)
                .channelInitializer { channel in
                    RelayOptions.set(on: channel)
                    return initializer(channel)
                }
                .withConnectedSocket(try server.connect())
        } catch {
            return eventLoop.makeFailedFuture(error)
        }
    }

    private struct Attempt: Sendable {
        let addresses: [JudgedAddress]
        let route: Route
        let timeout: TimeAmount
        let eventLoop: any EventLoop
        let initializer: @Sendable (any Channel) -> EventLoopFuture<Void>

        func dial(at index: Int) -> EventLoopFuture<Dialled> {
            guard index < addresses.count else {
                return eventLoop.makeFailedFuture(DialError.noAddress)
            }
            let judged = addresses[index]
            let target: SocketAddress
            do {
                target = try route(judged.address, judged.port)
            } catch {
                return eventLoop.makeFailedFuture(error)
            }
            let connected = ClientBootstrap(group: eventLoop)
                .connectTimeout(timeout)
                .channelInitializer { channel in
                    RelayOptions.set(on: channel)
                    return initializer(channel)
                }
                .connect(to: target)
                .map { Dialled(channel: $0, address: judged.address) }
            guard index + 1 < addresses.count else { return connected }
            return connected.flatMapError { _ in dial(at: index + 1) }
        }
    }
}

/// A connection and the judged address it leads to.
public struct Dialled: Sendable {
    /// The connection.
    public let channel: any Channel
    /// The address that was judged and dialled.
    public let address: IPAddress
}

/// Why nothing was dialled.
public enum DialError: Error, Sendable {
    /// The permit was given for another host or port than the addresses were judged for.
    case permitForAnotherDestination
    /// There was no address left to try.
    case noAddress
}
