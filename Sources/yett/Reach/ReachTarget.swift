// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses

/// Something that an agent might reach, and how it is tried.
struct ReachTarget: Hashable {
    /// How it is tried.
    enum Way: Hashable {
        /// A TCP connection.
        case tcp(IPAddress, UInt16)
        /// A question to a name server, which carries no name of anybody: the root's name servers.
        case nameServer(IPAddress, UInt16)
        /// An echo request.
        case echo(IPAddress)
        /// A connection to a Unix socket.
        case unix(String)
    }

    /// What would be behind it, and with that who can close it.
    enum Kind: String, Hashable {
        case gate
        case publicAddress = "public-address"
        case destination
        case nameServer = "name-server"
        case metadata
        case clusterAPI = "cluster-api"
        case proxy
        case localSocket = "local-socket"
        case operators
        case other
    }

    let way: Way
    let kind: Kind
    /// What it is, for people.
    let what: String

    /// The way as `--target` takes it.
    var text: String {
        switch way {
        case .tcp(let address, let port): "tcp:\(Host.address(address)):\(port)"
        case .nameServer(let address, let port): "dns:\(Host.address(address)):\(port)"
        case .echo(let address): "icmp:\(address)"
        case .unix(let path): "unix:\(path)"
        }
    }

    init(_ way: Way, _ kind: Kind, _ what: String) {
        self.way = way
        self.kind = kind
        self.what = what
    }

    /// Reads `tcp:ADDRESS:PORT`, `dns:ADDRESS:PORT`, `icmp:ADDRESS` or `unix:PATH`.
    init?(parsing text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "icmp":
            guard let address = IPAddress(parts[1]) else { return nil }
            self.init(.echo(address), .other, "an echo")
        case "unix":
            guard parts[1].utf8.first == UInt8(ascii: "/"), parts[1].utf8.count <= 107 else { return nil }
            self.init(.unix(parts[1]), .localSocket, "a Unix socket")
        case "tcp", "dns":
            guard let endpoint = try? Endpoint(parsing: parts[1]), case .address(let address) = endpoint.host else {
                return nil
            }
            let isTCP = parts[0].utf8.elementsEqual("tcp".utf8)
            self.init(
                isTCP ? .tcp(address, endpoint.port) : .nameServer(address, endpoint.port),
                isTCP ? .other : .nameServer, isTCP ? "an address" : "a name server")
        default: return nil
        }
    }
}

/// What an attempt came to.
enum ReachOutcome: Hashable {
    /// Something answered: there is a way.
    case reached(String)
    /// Something refused at once, the target or a filter on the way: a way has to be assumed.
    case refused(String)
    /// Nothing came back, or the system refused.
    case closed(String)
    /// The attempt itself could not be made.
    case untried(String)
}
