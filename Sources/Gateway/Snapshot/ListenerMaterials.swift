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
        for (key, section, listener) in configuration.namedListeners {
            let place = "\(section.rawValue).listeners: \(listener.address): tls"
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

    /// The material of one listener; see ``GateConfiguration/namedListeners``.
    subscript(key: String) -> TLSMaterial? { all[key] }

    /// What is wrong with the files that a configuration names.
    ///
    /// - Throws: ``GatewayError`` with everything that cannot be used.
    static func check(_ configuration: GateConfiguration) throws(GatewayError) {
        var configuration = configuration
        configuration.egress.listeners.removeAll { $0.tls == .svid }
        configuration.serviceProxy?.listeners.removeAll { $0.tls == .svid }
        _ = try ListenerMaterials(configuration, identity: nil)
    }

    private static func read(_ files: ListenerTLS.Files, _ trustDomain: TrustDomain) throws -> TLSMaterial {
        try .files(
            certificate: try SecretReader.read(files.certificate), key: try SecretReader.read(files.key),
            clientAuthorities: try SecretReader.read(files.clientAuthority), trustDomain: trustDomain)
    }
}

/// The sections of the configuration whose listeners are for agents.
enum ListenerSection: String {
    /// The forward proxy.
    case egress
    /// The reverse proxy.
    case service = "service_proxy"
}

extension GateConfiguration {
    /// The listeners for agents under names of their own: several may let the system choose their ports.
    var namedListeners: [(key: String, section: ListenerSection, listener: ListenerConfiguration)] {
        let all =
            egress.listeners.map { (ListenerSection.egress, $0) }
            + (serviceProxy?.listeners ?? []).map { (ListenerSection.service, $0) }
        var seen: [String: Int] = [:]
        return all.map { section, listener in
            let address = "\(section.rawValue) \(listener.address)"
            let number = seen[address, default: 0]
            seen[address] = number &+ 1
            return ("\(address) \(number)", section, listener)
        }
    }
}
