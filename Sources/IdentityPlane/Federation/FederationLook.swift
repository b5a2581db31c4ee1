// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import Outbound
internal import PKI
internal import Synchronization

/// Fetches one trust domain's document, over the profile that is configured for it.
struct FederationLook: Sendable {
    let partner: FederationPartner
    let limits: FederationLimits
    let addressGuard: @Sendable ([AddressException]) -> AddressGuard
    let lookup: OutboundClient.Lookup
    let now: (@Sendable () -> Int64)?
    /// The bundles that an endpoint's X509-SVID is verified with.
    let trusted: @Sendable () -> TrustBundles

    /// The document as it came.
    func fetch() async throws(FederationError) -> [UInt8] {
        let server = ServerSeen()
        let exceptions: [AddressException]
        do throws(AddressExceptionError) {
            exceptions = try partner.exceptions()
        } catch {
            throw .networks("\(error)")
        }
        let response: OutboundResponse
        do throws(OutboundError) {
            let client = OutboundClient(
                addressGuard: addressGuard(exceptions), lookup: lookup, trust: try trust(server), limits: limits.fetch)
            let redirects = OutboundRequest.Redirects.followed(
                atMost: limits.redirects, where: partner.allowsRedirect)
            response = try await client.send(OutboundRequest(partner.url, redirects: redirects))
        } catch {
            throw .fetch(error, server.refusal)
        }
        guard response.status == 200 else { throw .status(response.status) }
        return response.body
    }

    private func trust(_ server: ServerSeen) throws(OutboundError) -> OutboundTrust {
        switch partner.profile {
        case .web(let authorities): return try .web(authorities: authorities)
        case .spiffe(let endpoint):
            // Servers of others may know no TLS 1.3, and the specification asks for 1.2.
            let tls = SVIDClientTLS(identity: nil, expected: [endpoint], minimum: .tls12, now: now) {
                [trusted] () throws(IdentitySourceError) in trusted()
            }
            return OutboundTrust { name in
                let connection = try tls.connection(serverName: name)
                server.peer.withLock { $0 = connection.server }
                return connection.handler
            }
        }
    }
}

/// The server that was last connected to, to say why it was not recognised.
private final class ServerSeen: Sendable {
    let peer = Mutex<TLSPeer?>(nil)

    var refusal: String? { peer.withLock { $0?.refusal }.map { "\($0)" } }
}
