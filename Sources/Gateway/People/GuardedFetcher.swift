// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import IdentityPlane
internal import Outbound
internal import Resolver
internal import YettConfiguration

/// Asks one provider under the gate's own guard: what a provider says of itself leads to no address that nobody allowed.
struct GuardedFetcher: ProviderFetcher {
    private let client: GuardedClient

    /// Prepares to ask a provider.
    ///
    /// - Parameter listeners: Where the gate itself listens at present.
    /// - Throws: What is wrong with the authorities of its certificate.
    init(
        _ provider: ProviderConfiguration, names: any NameResolver,
        listeners: @escaping @Sendable () -> [(IPAddress, UInt16)]
    ) throws {
        client = try GuardedClient(
            provider.provider.issuer.endpoint, isPrivateAllowed: provider.isPrivateAllowed,
            trust: try Self.trust(provider), names: names, listeners: listeners)
    }

    /// Prepares to ask a server for its keys.
    ///
    /// - Parameters:
    ///   - authority: The PEM text of the authorities of its certificate; `nil` for the system's.
    ///   - listeners: Where the gate itself listens at present.
    /// - Throws: What is wrong with the authorities.
    init(
        _ url: ProviderURL, authority: [UInt8]?, isPrivateAllowed: Bool, names: any NameResolver,
        listeners: @escaping @Sendable () -> [(IPAddress, UInt16)]
    ) throws {
        client = try GuardedClient(
            url.endpoint, isPrivateAllowed: isPrivateAllowed, trust: try .web(authorities: authority), names: names,
            listeners: listeners)
    }

    /// Whom it takes for the provider.
    static func trust(_ provider: ProviderConfiguration) throws -> OutboundTrust {
        try .web(authorities: try provider.authority.map { try SecretReader.read($0) })
    }

    func fetch(_ request: ProviderFetch) async throws(ProviderFetchFailure) -> ProviderAnswer {
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
