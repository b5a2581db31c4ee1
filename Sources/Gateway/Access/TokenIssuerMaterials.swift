// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import Protocols
internal import Resolver
internal import Synchronization
internal import YettConfiguration

/// The keys and authorities of the authorization servers of a configuration, read before anything of it counts.
struct TokenIssuerMaterials {
    /// What is known of one server.
    struct Material: Hashable {
        var configuration: TokenIssuerConfiguration
        /// The key set of a file.
        var keys: [UInt8]?
        /// The authorities of the certificate of a URL.
        var authority: [UInt8]?
    }

    private(set) var all: [Material] = []
    /// The files that were read.
    private(set) var paths: [String] = []

    /// Reads what the servers need.
    ///
    /// - Throws: ``GatewayError`` with everything that cannot be used.
    init(_ configuration: GateConfiguration) throws(GatewayError) {
        var problems: [String] = []
        for issuer in configuration.serviceProxy?.issuers ?? [] {
            var material = Material(configuration: issuer)
            material.configuration.place = .start
            do {
                switch issuer.keys {
                case .file(let path):
                    paths.append(path)
                    material.keys = try SmallFile.read(path, limit: JSONWebKeySet.limits.bytes)
                    _ = try Self.keys(of: material)
                case .url:
                    if let path = issuer.authority {
                        paths.append(path)
                        material.authority = try SmallFile.read(path, limit: SecretReader.largest)
                    }
                }
                all.append(material)
            } catch {
                problems.append("service_proxy.issuers.\(issuer.name): keys: \(error)")
            }
        }
        guard problems.isEmpty else { throw GatewayError(problems, isConfiguration: true) }
    }

    /// The usable keys of a file.
    fileprivate static func keys(of material: Material) throws -> VerificationKeys {
        let set = try JSONWebKeySet(parsing: material.keys ?? [])
        let keys = VerificationKeys(set)
        guard set.keys.contains(where: { $0.keyID.flatMap { keys[$0] } != nil }) else { throw NoKeys() }
        return keys
    }

    private struct NoKeys: Error, CustomStringConvertible {
        var description: String { "the set has no key with a kid that can verify" }
    }
}

/// The authorization servers of a running gate. What a reload does not touch keeps the keys that it has.
final class TokenIssuers: Sendable {
    private let names: any NameResolver
    private let listeners: @Sendable () -> [(IPAddress, UInt16)]
    private let known = Mutex<[TokenIssuerMaterials.Material: IssuerKeys]>([:])

    /// - Parameter listeners: Where the gate itself listens at present.
    init(names: any NameResolver, listeners: @escaping @Sendable () -> [(IPAddress, UInt16)]) {
        self.names = names
        self.listeners = listeners
    }

    /// The servers of a configuration.
    ///
    /// - Throws: ``GatewayError`` with the authorities that cannot be used.
    func registered(_ materials: TokenIssuerMaterials) throws(GatewayError) -> [RegisteredIssuer] {
        var problems: [String] = []
        var next: [TokenIssuerMaterials.Material: IssuerKeys] = [:]
        let present = known.withLock { $0 }
        for material in materials.all {
            do {
                next[material] = try present[material] ?? keys(of: material)
            } catch {
                problems.append("service_proxy.issuers.\(material.configuration.name): \(error)")
            }
        }
        guard problems.isEmpty else { throw GatewayError(problems, isConfiguration: true) }
        known.withLock { [next] in $0 = next }
        return materials.all.compactMap { material in
            next[material].map { RegisteredIssuer(issuer: material.configuration.issuer, keys: $0) }
        }
    }

    private func keys(of material: TokenIssuerMaterials.Material) throws -> IssuerKeys {
        guard case .url(let url) = material.configuration.keys else {
            return IssuerKeys(try TokenIssuerMaterials.keys(of: material))
        }
        return IssuerKeys(
            url,
            try GuardedFetcher(
                url, authority: material.authority, isPrivateAllowed: material.configuration.isPrivateAllowed,
                names: names, listeners: listeners))
    }
}
