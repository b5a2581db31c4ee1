// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A set of methods: some, or all but some.
struct MethodRegion: Hashable, Sendable {
    var names: Set<String>
    var isComplement: Bool

    static let all = MethodRegion(names: [], isComplement: true)
    static let empty = MethodRegion(names: [], isComplement: false)

    /// The methods that stand for all when some are taken away (RFC 9110, section 9; RFC 5789).
    static let common = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

    var isEmpty: Bool { !isComplement && names.isEmpty }

    var complement: MethodRegion { MethodRegion(names: names, isComplement: !isComplement) }

    func contains(_ name: String) -> Bool { names.contains(name) != isComplement }

    func intersection(_ other: MethodRegion) -> MethodRegion {
        switch (isComplement, other.isComplement) {
        case (false, false): MethodRegion(names: names.intersection(other.names), isComplement: false)
        case (false, true): MethodRegion(names: names.subtracting(other.names), isComplement: false)
        case (true, false): MethodRegion(names: other.names.subtracting(names), isComplement: false)
        case (true, true): MethodRegion(names: names.union(other.names), isComplement: true)
        }
    }

    func union(_ other: MethodRegion) -> MethodRegion { complement.intersection(other.complement).complement }

    func subtracting(_ other: MethodRegion) -> MethodRegion { intersection(other.complement) }
}

/// A set of destination hosts: names, and addresses that stand in the place of a name.
struct HostSet: Hashable, Sendable {
    var names: NameSet
    var literals: AddressSet

    static let all = HostSet(names: .all, literals: .all)
    static let empty = HostSet(names: .empty, literals: .empty)

    var isEmpty: Bool { names.isEmpty && literals.isEmpty }

    func union(_ other: HostSet) -> HostSet {
        HostSet(names: names.union(other.names), literals: literals.union(other.literals))
    }

    func intersection(_ other: HostSet) -> HostSet {
        HostSet(names: names.intersection(other.names), literals: literals.intersection(other.literals))
    }

    func subtracting(_ other: HostSet) -> HostSet {
        HostSet(names: names.subtracting(other.names), literals: literals.subtracting(other.literals))
    }
}

/// A set of requests: all whose source, host, port and method each lie in a set.
struct Region: Hashable, Sendable {
    var sources: AddressSet = .all
    var hosts: HostSet = .all
    var ports = Region.allPorts
    var methods: MethodRegion = .all

    static let allPorts = IntervalSet([1...65_535])
    static let all = Region()

    var isEmpty: Bool { sources.isEmpty || hosts.isEmpty || ports.isEmpty || methods.isEmpty }

    func intersection(_ other: Region) -> Region {
        Region(
            sources: sources.intersection(other.sources), hosts: hosts.intersection(other.hosts),
            ports: ports.intersection(other.ports), methods: methods.intersection(other.methods))
    }

    /// What is left without another region, as regions that do not overlap.
    func subtracting(_ other: Region) -> [Region] {
        // The names are the most work, so they come last.
        guard !sources.intersection(other.sources).isEmpty, !ports.intersection(other.ports).isEmpty,
            !methods.intersection(other.methods).isEmpty
        else { return [self] }
        let common = intersection(other)
        guard !common.isEmpty else { return [self] }
        var result: [Region] = []
        var rest = self
        func add(_ change: (inout Region) -> Void) {
            var piece = rest
            change(&piece)
            if !piece.isEmpty { result.append(piece) }
        }
        add { $0.sources = sources.subtracting(other.sources) }
        rest.sources = common.sources
        add { $0.methods = methods.subtracting(other.methods) }
        rest.methods = common.methods
        add { $0.ports = ports.subtracting(other.ports) }
        rest.ports = common.ports
        add { $0.hosts = hosts.subtracting(other.hosts) }
        return result
    }
}
