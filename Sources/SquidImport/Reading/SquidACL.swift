// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

/// An access list: what it certainly matches and what it may match.
///
/// They differ where something is not known here: what a name resolves to, what an address is called, what a file holds.
/// A rule that allows is taken by what it certainly matches, one that denies by what it may match.
struct SquidACL {
    let type: String
    /// What it certainly matches; of use after ``seal()``.
    private(set) var certain: Region
    /// What it may match.
    private(set) var possible: Region
    /// What is not known, in words.
    private(set) var unknowns: [String] = []
    private var values = Values()

    /// The values in the form in which they are collected.
    private struct Values {
        var ranges4: [ClosedRange<UInt128>] = []
        var ranges6: [ClosedRange<UInt128>] = []
        var ports: [ClosedRange<UInt128>] = []
        var methods: Set<String> = []
        var names: [String] = []
        var suffixes: [String] = []
        /// Whether a name may be meant by an address or the other way round.
        var mayBeAnyName = false
        var mayBeAnyAddress = false

        mutating func add(_ addresses: AddressSet) {
            ranges4 += addresses.v4.ranges
            ranges6 += addresses.v6.ranges
        }
    }

    /// A list that matches nothing yet.
    init(type: String) {
        self.type = type
        certain = Region(sources: .empty)
        possible = certain
    }

    /// Works out what the list matches, once all values are there.
    mutating func seal() {
        let addresses = AddressSet(v4: IntervalSet(values.ranges4), v6: IntervalSet(values.ranges6))
        switch type {
        case "src": certain = Region(sources: addresses)
        case "port": certain = Region(ports: IntervalSet(values.ports))
        case "method": certain = Region(methods: MethodRegion(names: values.methods, isComplement: false))
        case "dst", "dstdomain", "dstdom_regex":
            let names = NameSet(exact: values.names, below: values.suffixes)
            certain = Region(hosts: HostSet(names: names, literals: addresses))
        default: certain = Region(sources: .empty)
        }
        possible = unknowns.isEmpty ? certain : .all
        if values.mayBeAnyName { possible.hosts.names = .all }
        if values.mayBeAnyAddress { possible.hosts.literals = .all }
    }

    /// The types whose values are understood.
    static let types = ["src", "dst", "dstdomain", "dstdom_regex", "port", "method"]

    /// The lists that Squid defines by itself.
    static func predefined() -> [String: SquidACL] {
        func list(_ type: String, _ values: [String]) -> SquidACL {
            var list = SquidACL(type: type)
            for value in values { list.add(.init(text: value)) }
            list.seal()
            return list
        }
        return [
            "all": list("src", ["all"]), "localhost": list("src", ["127.0.0.1", "::1"]),
            "to_localhost": list("dst", ["127.0.0.0/8", "0.0.0.0/32", "::1", "::"]),
            "to_linklocal": list("dst", ["169.254.0.0/16", "fe80::/10"]), "CONNECT": list("method", ["CONNECT"]),
            // Requests to Squid's own cache manager, which do not exist here.
            "manager": list("method", []),
        ]
    }

    /// Adds one value of an `acl` line.
    ///
    /// - Returns: Why the value is not understood.
    @discardableResult
    mutating func add(_ value: SquidLine.Word, looksUpAddresses: Bool = true) -> String? {
        if value.isQuoted { return unknown("the file \(value.text) is not read") }
        let text = value.text
        switch type {
        case "src":
            guard let addresses = Self.addresses(text) else { return unknown("'\(text)' is no network") }
            values.add(addresses)
        case "dst":
            guard let addresses = Self.addresses(text) else { return unknown("'\(text)' is no network") }
            values.add(addresses)
            // A name may resolve to any of them, unless the gate's guard refuses them all.
            if !addresses.subtracting(.guarded).isEmpty { values.mayBeAnyName = true }
        case "dstdomain", "dstdom_regex":
            guard let hosts = type == "dstdomain" ? Self.domain(text) : SquidPattern.hosts(text) else {
                return unknown(
                    type == "dstdomain"
                        ? "'\(text)' is no domain"
                        : "'\(text)' is not one of the simple patterns ^name$, \\.suffix$ and (^|\\.)suffix$")
            }
            values.names += hosts.names
            values.suffixes += hosts.suffixes
            values.add(hosts.literals)
            // Squid asks for the name of an address and compares that as well.
            if looksUpAddresses { values.mayBeAnyAddress = true }
        case "port":
            guard let ports = Self.ports(text) else { return unknown("'\(text)' is no port") }
            values.ports.append(ports)
        case "method":
            let isName =
                !text.isEmpty && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x2D || $0 == 0x5F }
            guard isName, text.utf8.count <= 32 else { return unknown("'\(text)' is no method in capital letters") }
            values.methods.insert(text)
        default: return unknown("the type \(type) has no equal")
        }
        return nil
    }

    /// Something that is not understood may match anything.
    @discardableResult
    mutating func unknown(_ reason: String) -> String {
        unknowns.append(reason)
        return reason
    }

    /// The requests that the list certainly does not match, and those that it may not match.
    var negated: (certain: Region, possible: Region) { (complement(of: possible), complement(of: certain)) }

    private func complement(of region: Region) -> Region {
        switch type {
        case "port": Region(ports: Region.allPorts.subtracting(region.ports))
        case "method": Region(methods: region.methods.complement)
        case "dst", "dstdomain", "dstdom_regex": Region(hosts: HostSet.all.subtracting(region.hosts))
        default: Region(sources: AddressSet.all.subtracting(region.sources))
        }
    }

    // MARK: Values

    /// `address`, `address/bits`, `address/mask`, `first-last`, `all`, `ipv4`, `ipv6`.
    static func addresses(_ text: String) -> AddressSet? {
        switch text {
        case "all": return .all
        case "ipv4": return .all4
        case "ipv6": return .all6
        default: break
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let first = IPAddress(ends[0]) else { return nil }
        if ends.count == 2 {
            guard parts.count == 1, let last = IPAddress(ends[1]) else { return nil }
            return AddressSet(from: first, to: last)
        }
        guard ends.count == 1 else { return nil }
        guard parts.count == 2 else { return AddressSet(from: first, to: first) }
        guard let length = prefixLength(parts[1], of: first) else { return nil }
        return AddressSet(masked(first, length))
    }

    private static func prefixLength(_ text: String, of address: IPAddress) -> Int? {
        let width: Int
        if case .v4 = address { width = 32 } else { width = 128 }
        if let length = Int(text), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return (0...width).contains(length) ? length : nil
        }
        guard width == 32, case .v4(let mask)? = IPAddress(text) else { return nil }
        let length = (~mask.rawValue).leadingZeroBitCount
        return mask.rawValue == (length == 0 ? 0 : UInt32.max << UInt32(32 - length)) ? length : nil
    }

    private static func masked(_ address: IPAddress, _ length: Int) -> AddressBlock {
        let first: IPAddress
        switch address {
        case .v4(let address):
            first = .v4(IPv4Address(rawValue: address.rawValue & (UInt32.max << UInt32(32 - length))))
        case .v6(let address):
            first = .v6(IPv6Address(rawValue: address.rawValue & (UInt128.max << UInt128(128 - length))))
        }
        return AddressBlock(first: first, prefixLength: length) ?? AddressBlock(only: address)
    }

    /// Names, suffixes and addresses that one value speaks of.
    struct Hosts {
        var names: [String] = []
        var suffixes: [String] = []
        var literals = AddressSet.empty
    }

    /// `name`, or `.name` for the name and all below it.
    private static func domain(_ text: String) -> Hosts? {
        if let address = IPAddress(text), let set = AddressSet(from: address, to: address) {
            return Hosts(literals: set)
        }
        let isTree = text.utf8.first == UInt8(ascii: ".")
        guard let name = try? HostName(parsing: isTree ? String(text.dropFirst()) : text) else { return nil }
        return Hosts(names: [name.description], suffixes: isTree ? [name.description] : [])
    }

    private static func ports(_ text: String) -> ClosedRange<UInt128>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard (1...2).contains(ends.count), let low = ends[0], let high = ends.last ?? nil, low <= high, high > 0 else {
            return nil
        }
        return UInt128(max(1, low))...UInt128(high)
    }
}
