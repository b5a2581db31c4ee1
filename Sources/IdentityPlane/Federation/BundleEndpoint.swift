// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity
public import NIOCore
public import NIOPosix
public import ServiceLifecycle
internal import Synchronization
internal import Transport

/// Serves the own trust domain's bundle to whoever federates with it: one document at one path, over TLS, to anybody.
///
/// Source: SPIFFE Federation, section 5. For `https_spiffe` the TLS is that of the gate's own X509-SVID, for `https_web`
/// that of a certificate of the web's authorities, see ``BundleEndpointTLS``.
public struct BundleEndpoint: Service {
    private let address: IPAddress
    private let port: UInt16
    private let path: String
    private let tls: BundleEndpointTLS
    private let bundle: @Sendable () -> TrustBundle?
    private let limits: BundleEndpointLimits
    private let group: any EventLoopGroup
    private let onListening: @Sendable (UInt16) -> Void
    private let places: Places

    /// Prepares the endpoint; nothing is opened before ``run()``.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - path: Where the document is, exactly so.
    ///   - bundle: The own bundle at this moment; nil while there is none.
    ///   - onListening: Told the port once requests are taken.
    public init(
        address: IPAddress, port: UInt16, path: String = "/", tls: BundleEndpointTLS,
        bundle: @escaping @Sendable () -> TrustBundle?, limits: BundleEndpointLimits = .init(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        onListening: @escaping @Sendable (UInt16) -> Void = { _ in }
    ) {
        self.address = address
        self.port = port
        self.path = path
        self.tls = tls
        self.bundle = bundle
        self.limits = limits
        self.group = group
        self.onListening = onListening
        places = Places(limits.connections)
    }

    /// How many connections there are.
    public var connections: Int { places.taken }

    /// Serves until the service group shuts down or the task is cancelled.
    public func run() async throws {
        let target = try SocketAddress(address, port: port)
        let listener = try await BoundListener.bind(tcp: target, on: group) { channel in open(channel) }
        onListening(listener.port ?? port)
        let (never, continuation) = AsyncStream<Never>.makeStream()
        await cancelWhenGracefulShutdown {
            for await _ in never {}
            await listener.close()
        }
        continuation.finish()
        places.close()
    }

    private func open(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard places.enter(channel) else {
            channel.close(promise: nil)
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        channel.closeFuture.whenComplete { [places] _ in places.leave(channel) }
        return channel.eventLoop.makeCompletedFuture {
            try tls.protect(channel)
            try channel.pipeline.syncOperations.addHandler(
                BundleRequestHandler(path: path, time: limits.request, bundle: bundle))
        }
    }

    /// The connections that there are, up to a limit.
    private final class Places: Sendable {
        private let limit: Int
        private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

        init(_ limit: Int) { self.limit = limit }

        var taken: Int { channels.withLock { $0.count } }

        func enter(_ channel: any Channel) -> Bool {
            channels.withLock { channels in
                guard channels.count < limit else { return false }
                channels[ObjectIdentifier(channel)] = channel
                return true
            }
        }

        func leave(_ channel: any Channel) {
            channels.withLock { channels in _ = channels.removeValue(forKey: ObjectIdentifier(channel)) }
        }

        func close() {
            for channel in channels.withLock({ Array($0.values) }) { channel.close(promise: nil) }
        }
    }
}

/// How much of the endpoint strangers may hold at once.
public struct BundleEndpointLimits: Sendable, Hashable {
    /// Connections. One serves one request.
    public var connections = 256
    /// Within which a connection has to bring its request and take the answer.
    public var request: TimeAmount = .seconds(10)

    /// The limits that hold unless it is said otherwise.
    public init() {}
}
