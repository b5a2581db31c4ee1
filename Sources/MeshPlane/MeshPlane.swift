// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Decision
internal import Identity
internal import NIOCore
internal import Synchronization
public import Transport

/// Decisions for Envoys: external authorization over gRPC (`envoy.service.auth.v3`), HTTP/2 and HTTP/1.1, and what Envoys tell of
/// ended requests (`envoy.service.accesslog.v3`), on TCP with certificates of both sides and on a Unix socket.
///
/// Envoy carries the bytes. What it says of a request is believed because it has shown that it is one of the configured
/// Envoys; who asks is what it verified in TLS, and nothing that the request itself says.
public final class MeshPlane: Sendable {
    let core: MeshCore
    private let listeners: PlaneListeners

    /// Makes the plane; it listens nowhere yet.
    ///
    /// - Parameters:
    ///   - registry: Holds the requests that are followed.
    ///   - services: Reads requests to services, and obtains what they are shown.
    ///   - leaks: Looks for what must not get out.
    ///   - isAuditAvailable: Whether records can be written at this moment.
    package init(
        loops: LoopGroup, authorizer: Authorizer, registry: Registry, settings: MeshSettings,
        services: CarriedServices, leaks: LeakInspector, isAuditAvailable: @escaping @Sendable () -> Bool
    ) {
        let core = MeshCore(
            authorizer: authorizer, registry: registry, settings: settings, services: services, leaks: leaks,
            isAuditAvailable: isAuditAvailable)
        self.core = core
        let contexts = loops.mapContexts { LoopBound($0, on: $0.eventLoop) }
        listeners = PlaneListeners(loops: loops) { channel, index, caller in
            try Self.accept(channel, MeshConnection(core, contexts[index].unwrapped, caller))
        }
    }

    /// Applies other settings from the next request on.
    public func replace(_ settings: MeshSettings) { core.settings = settings }

    /// Opens a listener.
    public func listen(on specification: ListenerSpecification) async throws -> BoundListener {
        try await listeners.listen(on: specification)
    }

    /// Stops accepting and answers nothing more: Envoys refuse what they cannot ask about.
    public func close() async {
        core.channels.close()
        await listeners.close()
    }

    private static func accept(_ channel: any Channel, _ connection: MeshConnection) throws {
        guard connection.mayStay, connection.core.channels.enter(channel) else {
            channel.close(promise: nil)
            return
        }
        channel.closeFuture.whenComplete { [channels = connection.core.channels] _ in channels.leave(channel) }
        try channel.pipeline.syncOperations.addHandler(MeshOpening(connection))
    }
}
