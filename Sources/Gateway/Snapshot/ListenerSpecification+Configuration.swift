// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import EgressPlane
internal import NIOCore
internal import PKI
internal import Transport
internal import YettConfiguration

extension ListenerSpecification {
    /// The listener as the configuration has it.
    init(_ listener: ListenerConfiguration, tls: SVIDServerTLS?, handed: HandedSocket?) throws {
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
            address: address, identification: identification, protocols: protocols, tls: tls, handed: handed)
    }
}
