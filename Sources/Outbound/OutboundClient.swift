// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import NIOCore
public import NIOPosix

/// Fetches what the gate needs for itself: bundles of other trust domains, metadata and keys of those who sign people in.
///
/// Whoever chose the URL may want to reach what only the gate can reach. So each name is looked up once, every address of
/// it is judged by the guard, and an address that was judged is dialled, not the name. Loopback, private, metadata and other
/// special addresses are refused unless an exception of the guard names host, port and block. Redirects are failures
/// unless the request says otherwise, and are then judged in the same way. The environment is not asked for a proxy.
///
/// ```swift
/// let client = OutboundClient(
///     addressGuard: AddressGuard(exceptions: exceptions, ownListeners: listeners),
///     lookup: { name, done in resolver.resolve(name) { done($0.map(\.addresses).mapError { $0 }) } },
///     trust: try .web())
/// let response = try await client.send(OutboundRequest(OutboundURL(parsing: "https://idp.example.com/jwks")))
/// ```
public struct OutboundClient: Sendable {
    /// Looks a name up and calls the completion exactly once, on any thread, within a time of its own.
    public typealias Lookup =
        @Sendable (HostName, @escaping @Sendable (Result<[IPAddress], any Error>) -> Void) -> Void
    /// Where a judged address really is: itself, except in tests.
    package typealias Route = @Sendable (JudgedAddress) throws -> SocketAddress

    let addressGuard: AddressGuard
    let lookup: Lookup
    let trust: OutboundTrust
    let limits: OutboundLimits
    let route: Route
    private let group: any EventLoopGroup

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - addressGuard: Judges every address; its exceptions are the only way to one that is not public.
    ///   - lookup: The resolver.
    ///   - trust: Whom it takes for the server.
    public init(
        addressGuard: AddressGuard, lookup: @escaping Lookup, trust: OutboundTrust, limits: OutboundLimits = .init(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.init(addressGuard: addressGuard, lookup: lookup, trust: trust, limits: limits, group: group) { judged in
            try SocketAddress(ipAddress: "\(judged.address)", port: Int(judged.port))
        }
    }

    package init(
        addressGuard: AddressGuard, lookup: @escaping Lookup, trust: OutboundTrust, limits: OutboundLimits = .init(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, route: @escaping Route
    ) {
        self.addressGuard = addressGuard
        self.lookup = lookup
        self.trust = trust
        self.limits = limits
        self.group = group
        self.route = route
    }

    /// Sends a request and takes the whole answer.
    ///
    /// - Returns: An answer of any status but those that redirect.
    /// - Throws: ``OutboundError``.
    public func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let deadline = NIODeadline.now() + limits.total
        var request = request
        var moves = 0
        while true {
            let response = try await fetch(request, by: deadline)
            guard [301, 302, 303, 307, 308].contains(response.status) else { return response }
            guard case .followed(let most, let isAllowed) = request.redirects, request.isGet, moves < most,
                let location = response.only("location")
            else { throw .redirect(response.status) }
            let url = try response.url.following(location)
            guard isAllowed(url) else { throw .redirect(response.status) }
            moves &+= 1
            request = request.moved(to: url)
        }
    }

    /// Sends a request on one event loop and takes the whole answer, of any status.
    ///
    /// - Returns: A failure is an ``OutboundError``, but for those of the system.
    package func send(_ request: OutboundRequest, on loop: any EventLoop) -> EventLoopFuture<OutboundResponse> {
        do {
            return try OutboundExchange(self, request, on: loop).start(by: NIODeadline.now() + limits.total)
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    private func fetch(
        _ request: OutboundRequest, by deadline: NIODeadline
    ) async throws(OutboundError) -> OutboundResponse {
        let exchange = try OutboundExchange(self, request, on: group.next())
        do {
            return try await withTaskCancellationHandler {
                try await exchange.start(by: deadline).get()
            } onCancel: {
                exchange.cancel()
            }
        } catch let error as OutboundError {
            throw error
        } catch {
            throw .unreachable(OutboundError.legible(error))
        }
    }
}
