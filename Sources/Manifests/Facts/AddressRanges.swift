// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import YettConfiguration

/// What of the gate's connections can be said in addresses, for packet filters that know no names.
struct AddressRanges {
    /// A block with the ports that are open there.
    struct Opening: Hashable {
        let block: AddressBlock
        /// The ports; `nil` for every port.
        let ports: PortSet?
        let reasons: [String]
    }

    /// Blocks that the configuration names.
    private(set) var openings: [Opening] = []
    /// The ports on which names are reached, wherever they are in the public Internet; `nil` where no names are.
    private(set) var publicPorts: PortSet?
    /// Whose names these are.
    private(set) var publicReasons: [String] = []
    /// The namespaces of Services of the cluster that the configuration names, with whose names these are.
    private(set) var namespaces: [(name: ClusterName, reasons: [String])] = []

    /// Reads where the gate may connect.
    init(_ configuration: GateConfiguration) {
        var blocks: [(AddressBlock, PortSet, String)] = []
        var ports: [ClosedRange<UInt16>] = []
        for destination in configuration.grantedDestinations + configuration.ownDestinations {
            switch destination.host.kind {
            case .address(let address):
                blocks.append((AddressBlock(only: address), destination.ports, destination.reason))
            case .block(let block): blocks.append((block, destination.ports, destination.reason))
            case .exact(let name):
                if let fixed = configuration.egress.resolver.hosts[name] {
                    blocks += fixed.map { (AddressBlock(only: $0), destination.ports, destination.reason) }
                } else if let namespace = Self.namespace(of: name) {
                    add(namespace, destination.reason)
                } else {
                    ports += destination.ports.ranges
                    publicReasons.append(destination.reason)
                }
            case .subdomains, .any:
                ports += destination.ports.ranges
                publicReasons.append(destination.reason)
            }
        }
        for exception in configuration.egress.exceptions.map(\.exception) {
            blocks.append((exception.block, PortSet([exception.port...exception.port]), "egress.exceptions"))
        }
        publicPorts = ports.isEmpty ? nil : PortSet(ports)
        publicReasons = Self.unique(publicReasons)
        openings = Self.merge(blocks.filter { !$0.0.first.isLoopback })
    }

    private mutating func add(_ namespace: ClusterName, _ reason: String) {
        if let index = namespaces.firstIndex(where: { $0.name == namespace }) {
            namespaces[index].reasons = Self.unique(namespaces[index].reasons + [reason])
        } else {
            namespaces.append((namespace, [reason]))
        }
    }

    /// The namespace of a Service, where the name is one of the cluster: `service.namespace.svc` and what stands behind it.
    private static func namespace(of name: HostName) -> ClusterName? {
        let labels = name.labels.map(String.init)
        guard labels.count == 3 || Array(labels.dropFirst(3)) == ["cluster", "local"], labels[2] == "svc" else {
            return nil
        }
        return ClusterName(labels[1])
    }

    /// One opening for each block, in the order in which they were named first.
    private static func merge(_ blocks: [(AddressBlock, PortSet, String)]) -> [Opening] {
        var order: [AddressBlock] = []
        var ports: [AddressBlock: [ClosedRange<UInt16>]] = [:]
        var reasons: [AddressBlock: [String]] = [:]
        for (block, set, reason) in blocks {
            if ports[block] == nil { order.append(block) }
            ports[block, default: []] += set.ranges
            reasons[block, default: []].append(reason)
        }
        return order.map { block in
            Opening(block: block, ports: PortSet(ports[block] ?? []), reasons: unique(reasons[block] ?? []))
        }
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<[UInt8]> = []
        return texts.filter { seen.insert(Array($0.utf8)).inserted }
    }

    /// The blocks of IPv4 that are not public: those of the special-purpose registries and of cloud metadata services, none
    /// within another.
    static let notPublicIPv4 = notPublic(within: AddressBlock("0.0.0.0/0"))
    /// The same of the IPv6 addresses that are public at all, 2000::/3.
    static let notPublicIPv6 = notPublic(within: AddressBlock("2000::/3"))

    private static func notPublic(within whole: AddressBlock?) -> [AddressBlock] {
        guard let whole else { return [] }
        let blocks =
            SpecialPurposeRegistry.standard.rows.filter { $0.reach != .yes }.map(\.block)
            + CloudMetadata.addresses.map { AddressBlock(only: $0) }
        let inside = blocks.filter { whole.contains($0.first) && $0.prefixLength > whole.prefixLength }
        let outermost = inside.filter { block in
            !inside.contains { $0 != block && $0.contains(block.first) && $0.prefixLength <= block.prefixLength }
        }
        return Set(outermost).sorted { ($0.first.sortKey, $0.prefixLength) < ($1.first.sortKey, $1.prefixLength) }
    }
}

extension IPAddress {
    fileprivate var sortKey: UInt128 {
        switch self {
        case .v4(let address): UInt128(address.rawValue)
        case .v6(let address): UInt128(address.high) << 64 | UInt128(address.low)
        }
    }
}
