// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import EgressPlane
internal import NIOCore
internal import NIOSSL
internal import PKI
internal import Transport
internal import YettConfiguration

extension ListenerSpecification {
    /// The listener as the configuration has it, its TLS material read.
    init(_ listener: ListenerConfiguration) throws {
        let address: Address =
            switch listener.address {
            case .tcp(let address, let port): .tcp(try SocketAddress(address, port: port))
            case .unix(let path, let mode): .unix(path: path, mode: mode)
            }
        var identification: Identification = []
        for way in listener.identification {
            switch way {
            case .x509: identification.insert(.certificate)
            case .unix: identification.insert(.process)
            case .token: identification.insert(.token)
            case .source: identification.insert(.source)
            }
        }
        var protocols: Protocols = []
        if listener.protocols.contains(.http) { protocols.insert(.http) }
        if listener.protocols.contains(.socks5) { protocols.insert(.socks5) }
        self.init(
            address: address, identification: identification, protocols: protocols,
            tls: try listener.tls.map { try Self.context($0, at: listener.address) })
    }

    private static func context(
        _ tls: ListenerTLS, at address: ListenerConfiguration.Address
    ) throws(GatewayError) -> NIOSSLContext {
        let place = "egress.listeners: \(address): tls"
        guard let authority = tls.clientAuthority else {
            throw GatewayError(
                ["\(place): client_ca is missing; a TLS listener demands client certificates"], isConfiguration: true)
        }
        do {
            return try TLSContextFactory.server(
                certificate: try SecretReader.read(tls.certificate), key: try SecretReader.read(tls.key),
                clientAuthorities: try SecretReader.read(authority))
        } catch {
            throw GatewayError(["\(place): \(error)"], isConfiguration: true)
        }
    }
}
