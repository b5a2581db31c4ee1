// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import PKI
internal import YettConfiguration

/// What the TLS listeners of a configuration present and whom they trust, read before anything of it counts.
struct ListenerMaterials {
    private var all: [String: TLSMaterial] = [:]
    /// The files that were read.
    private(set) var paths: [String] = []

    /// Reads the material of every listener.
    ///
    /// - Parameter identity: The gate's own identity.
    /// - Throws: ``GatewayError`` with everything that cannot be used.
    init(_ configuration: GateConfiguration, identity: (any IdentitySource)?) throws(GatewayError) {
        var mistakes: [String] = []
        for (key, listener) in configuration.egress.namedListeners {
            let place = "egress.listeners: \(listener.address): tls"
            switch listener.tls {
            case nil: break
            case .svid:
                if let identity {
                    all[key] = .identity(identity)
                } else {
                    mistakes.append("\(place): the gate has no identity")
                }
            case .files(let files):
                do {
                    all[key] = try Self.read(files, configuration.trustDomain)
                    paths += [files.certificate, files.key, files.clientAuthority].compactMap {
                        try? SecretReader.path(of: $0)
                    }
                } catch {
                    mistakes.append("\(place): \(error)")
                }
            }
        }
        guard mistakes.isEmpty else { throw GatewayError(mistakes, isConfiguration: true) }
    }

    /// The material of one listener; see ``EgressConfiguration/namedListeners``.
    subscript(key: String) -> TLSMaterial? { all[key] }

    /// What is wrong with the files that a configuration names.
    ///
    /// - Throws: ``GatewayError`` with everything that cannot be used.
    static func check(_ configuration: GateConfiguration) throws(GatewayError) {
        var configuration = configuration
        configuration.egress.listeners.removeAll { $0.tls == .svid }
        _ = try ListenerMaterials(configuration, identity: nil)
    }

    private static func read(_ files: ListenerTLS.Files, _ trustDomain: TrustDomain) throws -> TLSMaterial {
        try .files(
            certificate: try SecretReader.read(files.certificate), key: try SecretReader.read(files.key),
            clientAuthorities: try SecretReader.read(files.clientAuthority), trustDomain: trustDomain)
    }
}

extension EgressConfiguration {
    /// The listeners under names of their own: several may let the system choose their ports.
    var namedListeners: [(key: String, listener: ListenerConfiguration)] {
        var seen: [String: Int] = [:]
        return listeners.map { listener in
            let address = listener.address.description
            let number = seen[address, default: 0]
            seen[address] = number &+ 1
            return ("\(address) \(number)", listener)
        }
    }
}
