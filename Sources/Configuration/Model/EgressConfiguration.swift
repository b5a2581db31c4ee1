// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// The forward proxy.
public struct EgressConfiguration: Sendable {
    /// `listeners`: where clients connect.
    public var listeners: [ListenerConfiguration] = []
    /// `resolver`: how names become addresses.
    public var resolver = ResolverConfiguration()
    /// `exceptions`: addresses that the guard would refuse and this gate may dial.
    public var exceptions: [ExceptionConfiguration] = []
    /// `limits`.
    public var limits = EgressLimits()

    /// Defaults: no listener, the system's name servers, no exception.
    public init() {}
}

/// An exception as it stands in the file.
public struct ExceptionConfiguration: Sendable, Hashable {
    /// The triple of host, port and block.
    public var exception: AddressException
    /// Where it stands in the file.
    public var place: Place

    /// Wraps an exception.
    public init(_ exception: AddressException, at place: Place = .start) {
        self.exception = exception
        self.place = place
    }
}

/// One listener of the forward proxy.
public struct ListenerConfiguration: Sendable, Hashable {
    /// Where it listens.
    public var address: Address
    /// `identify`: the ways to learn who is asking, the strongest that gives an answer counting.
    public var identification: Set<Identification>
    /// `protocols`: what clients may speak; told apart by their first byte.
    public var protocols: Set<ClientProtocol> = [.http, .socks5]
    /// `tls`: the listener's certificate and who may present one to it.
    public var tls: ListenerTLS?
    /// Where it stands in the file.
    public var place = Place.start

    /// Makes a listener.
    public init(address: Address, identification: Set<Identification>) {
        self.address = address
        self.identification = identification
    }

    /// The kinds of sockets.
    public enum Address: Sendable, Hashable, CustomStringConvertible {
        /// `address: "127.0.0.1:3128"`; port 0 lets the system choose.
        case tcp(IPAddress, port: UInt16)
        /// `unix: /path` with the permission bits of `mode`.
        case unix(path: String, mode: UInt32)

        /// The address as it is written.
        public var description: String {
            switch self {
            case .tcp(.v4(let address), let port): "\(address):\(port)"
            case .tcp(.v6(let address), let port): "[\(address)]:\(port)"
            case .unix(let path, _): path
            }
        }
    }

    /// Ways to learn who is asking, named as in `attest`.
    public enum Identification: String, Sendable, Hashable, CaseIterable {
        /// A client certificate; needs `tls`.
        case x509
        /// The kernel's credentials of the peer; on Unix sockets only.
        case unix
        /// A bearer token in `Proxy-Authorization` or as the SOCKS5 password.
        case token
        /// The network of the caller's address; on TCP only.
        case source
    }

    /// What clients may speak.
    public enum ClientProtocol: String, Sendable, Hashable, CaseIterable {
        /// HTTP/1.1.
        case http
        /// SOCKS5.
        case socks5
    }
}

/// TLS of a listener.
public enum ListenerTLS: Sendable, Hashable {
    /// `svid`: the gate's own identity and everybody's trust bundles, from `identity`.
    case svid
    /// Files.
    case files(Files)

    /// What the files of a listener are.
    public struct Files: Sendable, Hashable {
        /// `certificate`: a PEM file with the chain, the leaf first.
        public var certificate: SecretReference
        /// `key`: a PEM file with the private key.
        public var key: SecretReference
        /// `client_ca`: a PEM file with the authorities that client certificates must come from.
        public var clientAuthority: SecretReference

        /// Collects the parts.
        public init(certificate: SecretReference, key: SecretReference, clientAuthority: SecretReference) {
            self.certificate = certificate
            self.key = key
            self.clientAuthority = clientAuthority
        }
    }
}

/// How names become addresses.
public struct ResolverConfiguration: Sendable, Hashable {
    /// `servers`: addresses with ports, asked in this order; empty for those of `/etc/resolv.conf`.
    public var servers: [Server] = []
    /// `timeout`: for one answer.
    public var timeout: Duration = .milliseconds(1_500)
    /// `total`: for one look-up, whatever has been tried.
    public var total: Duration = .seconds(5)
    /// `cache_entries`.
    public var cacheEntries = 10_000
    /// `maximum_ttl`: how long an answer is kept at most.
    public var maximumTTL: Duration = .seconds(300)
    /// `negative_ttl`: how long it is remembered that a name does not exist.
    public var negativeTTL: Duration = .seconds(10)
    /// `hosts`: names with fixed addresses, which are never looked up.
    public var hosts: [HostName: [IPAddress]] = [:]

    /// A name server.
    public struct Server: Sendable, Hashable, CustomStringConvertible {
        /// The address.
        public var address: IPAddress
        /// The port.
        public var port: UInt16

        /// Names a server.
        public init(address: IPAddress, port: UInt16) {
            self.address = address
            self.port = port
        }

        /// Address and port as they are written.
        public var description: String { ListenerConfiguration.Address.tcp(address, port: port).description }
    }

    /// The defaults.
    public init() {}
}
