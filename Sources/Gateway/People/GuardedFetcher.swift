// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import IdentityPlane
internal import NIOCore
internal import Outbound
internal import Resolver
internal import YettConfiguration

/// Asks one provider under the gate's own guard: what a provider says of itself leads to no address that nobody allowed.
struct GuardedFetcher: ProviderFetcher {
    private let exceptions: [AddressException]
    private let listeners: @Sendable () -> [(IPAddress, UInt16)]
    private let lookup: OutboundClient.Lookup
    private let trust: OutboundTrust

    /// The networks that `allow_private` opens, for the provider's own host and port and for nothing else.
    static let privateBlocks = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1/128",
    ]

    /// Prepares to ask a provider.
    ///
    /// - Parameter listeners: Where the gate itself listens at present.
    /// - Throws: What is wrong with the authorities of its certificate.
    init(
        _ provider: ProviderConfiguration, names: any NameResolver,
        listeners: @escaping @Sendable () -> [(IPAddress, UInt16)]
    ) throws {
        var exceptions: [AddressException] = []
        if provider.isPrivateAllowed {
            let endpoint = provider.provider.issuer.endpoint
            exceptions = try Self.privateBlocks.map {
                try AddressException(host: "\(endpoint.host)", port: "\(endpoint.port)", block: $0)
            }
        }
        self.exceptions = exceptions
        self.listeners = listeners
        lookup = { name, done in
            names.resolve(name) { done($0.map(\.addresses).mapError { $0 }) }
        }
        trust = try Self.trust(provider)
    }

    /// Whom it takes for the provider.
    static func trust(_ provider: ProviderConfiguration) throws -> OutboundTrust {
        try .web(authorities: try provider.authority.map { try SecretReader.read($0) })
    }

    func fetch(_ request: ProviderFetch) async throws(ProviderFetchFailure) -> ProviderAnswer {
        let client = OutboundClient(
            addressGuard: AddressGuard(
                exceptions: exceptions, ownListeners: listeners(), localAddresses: LocalAddresses.all()),
            lookup: lookup, trust: trust, limits: OutboundLimits(total: .seconds(10)))
        do throws(OutboundError) {
            var outbound = OutboundRequest(try OutboundURL(parsing: request.url.description))
            if let form = request.form {
                outbound.method = .post(Array(form.utf8), type: FormText.mediaType)
            }
            if let authorization = request.authorization { outbound.fields.append(("authorization", authorization)) }
            let response = try await client.send(outbound)
            return ProviderAnswer(status: Int(response.status), body: response.body)
        } catch {
            throw ProviderFetchFailure(error.description)
        }
    }
}
