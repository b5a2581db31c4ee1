// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `net.*`.
enum NetBuiltins {
    private static let networks: RegoType = {
        let network = RegoType.union([.string, .anyArray])
        return .union([.string, .list(network), .set(network), .map(.string, network)])
    }()

    static let all: [Builtin] = [
        Builtin("net.cidr_contains", [.string, .string], .boolean, evaluate: contains),
        Builtin("net.cidr_overlap", [.string, .string], .boolean, traits: .deprecated, evaluate: contains),
        Builtin(
            "net.cidr_contains_matches", [networks, networks], .set(.array([.any, .any], rest: nil)),
            evaluate: containsMatches),
        Builtin("net.cidr_intersects", [.string, .string], .boolean, evaluate: intersects),
        Builtin("net.cidr_expand", [.string], .set(.string), evaluate: expand),
        Builtin("net.cidr_merge", [.union([.list(.string), .set(.string)])], .set(.string), evaluate: merge),
        Builtin("net.cidr_is_valid", [.string], .boolean) { arguments, _ in
            .boolean(arguments[0].isString && NetworkPrefix(arguments[0].utf8) != nil)
        },
        Builtin(
            "net.lookup_ip_addr", [.string], .set(.string), traits: [.nondeterministic, .reachesOutside],
            evaluate: lookUp),
    ]

    private static func contains(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let network = try prefix(arguments[0])
        return .boolean(try contains(network, arguments[1]))
    }

    private static func contains(_ network: NetworkPrefix, _ member: Value) throws(BuiltinFailure) -> Bool {
        guard member.isString else { throw .operand(1, mustBe: "string", got: member) }
        if let address = NetworkAddress(member.utf8) { return network.contains(address) }
        guard let other = NetworkPrefix(member.utf8) else {
            throw .value("not a valid textual representation of an IP address or CIDR: \(member.string)")
        }
        return network.contains(other.first) && network.contains(other.last)
    }

    private static func intersects(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let left = try prefix(arguments[0])
        let right = try prefix(arguments[1])
        return .boolean(left.contains(right.address) || right.contains(left.address))
    }

    private static func containsMatches(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let heap = context.heap
        let result = heap.emptySet()
        for left in candidates(arguments[0], context) {
            let network = try text(of: left, operand: 1)
            for right in candidates(arguments[1], context) {
                try context.charge(4)
                let member = try text(of: right, operand: 2)
                guard try contains(prefix(network), member) else { continue }
                try context.checkElement(after: result.count)
                heap.insert(heap.array([left.index, right.index]), into: result)
            }
        }
        return result
    }

    /// What stands for a network in the result, and the network or an array that begins with it.
    private struct Candidate {
        let index: Value
        let value: Value
    }

    private static func candidates(_ operand: Value, _ context: BuiltinContext) -> [Candidate] {
        switch operand.tag {
        case .string: [Candidate(index: operand, value: operand)]
        case .array: operand.elements.enumerated().map { Candidate(index: .integer(Int64($0)), value: $1) }
        case .set: operand.elements.map { Candidate(index: $0, value: $0) }
        case .object: operand.members.map { Candidate(index: $0.key, value: $0.value) }
        default: []
        }
    }

    private static func text(of candidate: Candidate, operand: Int) throws(BuiltinFailure) -> Value {
        if candidate.value.isString { return candidate.value }
        guard candidate.value.tag == .array, candidate.value.count > 0 else {
            throw .value("operand \(operand): element must be string or non-empty array")
        }
        return candidate.value.elements[0]
    }

    private static func expand(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let network = try prefix(arguments[0])
        let size = 128 &- network.length
        guard size < 32 else { throw .limit(.collection) }
        let count = 1 << size
        try context.checkCollection(count)
        let result = context.heap.emptySet(capacity: count)
        for offset in 0..<count {
            let address = NetworkAddress(bits: network.first.bits &+ UInt128(offset))
            context.heap.insert(context.heap.string(address.description), into: result)
            if context.heap.isExhausted { throw .limit(.memory) }
        }
        return result
    }

    private static func merge(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        guard arguments[0].tag == .array || arguments[0].tag == .set else { throw .value("operand must be an array") }
        try context.charge(arguments[0].count &* 8)
        var networks: [NetworkPrefix] = []
        for element in arguments[0].elements {
            guard element.isString else { throw .value("element must be string") }
            if let address = NetworkAddress(element.utf8) {
                guard address.isIPv4 else { throw .value("IPv6 invalid: needs prefix length") }
                networks.append(NetworkPrefix(classOf: address))
            } else {
                networks.append(try prefix(element))
            }
        }
        let merged = NetworkRange.merge(networks)
        try context.checkCollection(merged.count)
        return context.heap.set(merged.map { context.heap.string($0.description) })
    }

    /// Answers for addresses and for the names of this host (RFC 6761) without asking anybody.
    private static func lookUp(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let name = try arguments.string(0)
        if let address = NetworkAddress(name.utf8) {
            return context.heap.set([context.heap.string(address.description)])
        }
        if name.utf8.elementsEqual("localhost".utf8) {
            return context.heap.set([context.heap.string("127.0.0.1"), context.heap.string("::1")])
        }
        throw .value("lookup \(name.string): names are not looked up during a decision")
    }

    private static func prefix(_ operand: Value) throws(BuiltinFailure) -> NetworkPrefix {
        guard operand.isString else { throw .operand(1, mustBe: "string", got: operand) }
        guard let prefix = NetworkPrefix(operand.utf8) else {
            throw .value("invalid CIDR address: \(operand.string)")
        }
        return prefix
    }
}
