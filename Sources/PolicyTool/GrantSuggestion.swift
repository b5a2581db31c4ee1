// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Protocols
public import Rego

/// The smallest grants that cover what an agent asked for, for a person to review.
public struct GrantSuggestion: Sendable {
    /// One grant.
    public struct Grant: Sendable, Hashable {
        /// A name made of the first host.
        public var name: String
        /// Exact names or addresses.
        public var hosts: [String]
        /// Exact ports.
        public var ports: [Int64]
        /// Exact methods.
        public var methods: [String]
        /// Prefixes; none for tunnels.
        public var paths: [String]
        /// The weakest proof with which all of it was asked for.
        public var strength: Int64
        /// How many requests it covers.
        public var requests: Int
        /// How many of them were refused, by the reason.
        public var refused: [String: Int]
    }

    /// What one kind of request asks for.
    private struct Wish: Hashable {
        var host: String
        var port: Int64
        var method: String
        var path: String?
    }

    private struct Tally {
        var requests = 0
        var refused: [String: Int] = [:]
        var strength = Int64.max

        mutating func add(_ other: Tally) {
            requests += other.requests
            refused.merge(other.refused) { $0 + $1 }
            strength = min(strength, other.strength)
        }
    }

    private let agent: String
    private let pathLimit: Int
    private var wishes: [Wish: Tally] = [:]
    /// How many requests no grant can cover, by the cause.
    public private(set) var uncovered: [String: Int] = [:]

    /// Begins a suggestion.
    ///
    /// - Parameters:
    ///   - agent: the agent's name in the configuration.
    ///   - pathLimit: from how many paths below one directory on the directory is granted.
    public init(agent: String, pathLimit: Int = 5) {
        self.agent = agent
        self.pathLimit = max(1, pathLimit)
    }

    /// Takes a decision about a request of the agent into account.
    public mutating func add(_ decision: RecordedDecision) {
        if let cause = decision.otherCause {
            uncovered[cause, default: 0] += 1
            return
        }
        guard let host = decision.record.text("host"), let port = decision.record.number("port") else { return }
        let operation = decision.record.text("operation") ?? "tunnel"
        guard ["tunnel", "request", "websocket"].contains(operation) else {
            // A grant for the method and path would cover everything that can be called there.
            uncovered["it is read in a protocol of its own, so that its grant is written by hand", default: 0] += 1
            return
        }
        var wish = Wish(host: host, port: port, method: "CONNECT", path: nil)
        if !operation.utf8.elementsEqual("tunnel".utf8) {
            guard let method = decision.record.text("method"), let path = decision.record.text("path") else {
                uncovered["the record does not hold the path", default: 0] += 1
                return
            }
            wish.method = method
            wish.path = path
        }
        var tally = Tally(requests: 1, strength: decision.record.number("strength") ?? 0)
        if !decision.isAllowed { tally.refused[decision.reason] = 1 }
        wishes[wish, default: Tally()].add(tally)
    }

    /// The grants, those for the same methods and paths merged.
    public var grants: [Grant] {
        var byPlace: [Wish: [(path: String?, methods: Set<String>, tally: Tally)]] = [:]
        for (place, entries) in Dictionary(
            grouping: wishes, by: { Wish(host: $0.key.host, port: $0.key.port, method: "", path: nil) })
        {
            var paths: [String?: (methods: Set<String>, tally: Tally)] = [:]
            for (wish, tally) in entries {
                paths[wish.path, default: ([], Tally())].methods.insert(wish.method)
                paths[wish.path, default: ([], Tally())].tally.add(tally)
            }
            byPlace[place] = paths.map { ($0.key, $0.value.methods, $0.value.tally) }
        }
        var grants: [Grant] = []
        for (place, paths) in byPlace {
            for (methods, entries) in Dictionary(grouping: paths, by: { $0.methods.sorted() }) {
                var tally = Tally()
                for entry in entries { tally.add(entry.tally) }
                grants.append(
                    Grant(
                        name: "", hosts: [place.host], ports: [place.port], methods: methods,
                        paths: PathMerge.prefixes(of: entries.compactMap(\.path), limit: pathLimit),
                        strength: tally.strength == .max ? 0 : tally.strength, requests: tally.requests,
                        refused: tally.refused))
            }
        }
        grants = merged(grants, alike: { $0.hosts == $1.hosts }) { $0.ports += $1.ports }
        grants = merged(grants, alike: { $0.ports == $1.ports }) { $0.hosts += $1.hosts }
        return named(grants)
    }

    /// Merges grants that differ in one thing only.
    private func merged(
        _ grants: [Grant], alike: (Grant, Grant) -> Bool, _ merge: (inout Grant, Grant) -> Void
    ) -> [Grant] {
        var result: [Grant] = []
        for grant in grants.sorted(by: { $0.order.lexicographicallyPrecedes($1.order) }) {
            let other = result.firstIndex { known in
                known.methods == grant.methods && known.paths == grant.paths && known.strength == grant.strength
                    && alike(known, grant)
            }
            guard let other else {
                result.append(grant)
                continue
            }
            merge(&result[other], grant)
            result[other].requests += grant.requests
            result[other].refused.merge(grant.refused) { $0 + $1 }
        }
        return result
    }

    private func named(_ grants: [Grant]) -> [Grant] {
        var used: [String: Int] = [:]
        return grants.map { grant in
            var grant = grant
            let letters = (grant.hosts.first ?? "").utf8.prefix(48).map { byte in
                (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39) ? byte : UInt8(ascii: "-")
            }
            let name = "allow-" + String(decoding: letters, as: UTF8.self)
            let count = used[name, default: 0] + 1
            used[name] = count
            grant.name = count == 1 ? name : "\(name)-\(count)"
            return grant
        }
    }

    /// The grants as a part of the configuration, each with what it covers.
    public var yaml: String {
        let grants = grants
        let refused = grants.reduce(0) { $0 + $1.refused.values.reduce(0, +) }
        let requests = grants.reduce(0) { $0 + $1.requests }
        var text = "# \(requests) requests, \(refused) of them refused. Review each grant before you add it.\n"
        for (cause, count) in uncovered.sorted(by: { $0.key < $1.key }) {
            text += "# not covered: \(count), \(cause)\n"
        }
        guard !grants.isEmpty else { return text }
        text += "agents:\n  \(agent):\n    grants:\n"
        for grant in grants {
            text += "      # \(grant.requests) requests"
            let reasons = grant.refused.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            text += reasons.isEmpty ? ", all allowed\n" : ", refused: \(reasons.joined(separator: ", "))\n"
            text += "      - name: \(grant.name)\n"
            text += "        hosts: [\(grant.hosts.map(YAMLScalar.quoted).joined(separator: ", "))]\n"
            text += "        ports: [\(grant.ports.map { "\($0)" }.joined(separator: ", "))]\n"
            text += "        methods: [\(grant.methods.map(YAMLScalar.quoted).joined(separator: ", "))]\n"
            if !grant.paths.isEmpty {
                text += "        paths: [\(grant.paths.map(YAMLScalar.quoted).joined(separator: ", "))]\n"
            }
            if grant.strength > 0 { text += "        require: {strength: \(grant.strength)}\n" }
        }
        return text
    }

    /// The grants for programs.
    public var json: SyntaxValue {
        .fields([
            ("agent", .text(agent)),
            (
                "grants",
                .array(
                    grants.map { grant in
                        .fields([
                            ("name", .text(grant.name)), ("hosts", .array(grant.hosts.map { .text($0) })),
                            ("ports", .array(grant.ports.map { .integer($0) })),
                            ("methods", .array(grant.methods.map { .text($0) })),
                            ("paths", .array(grant.paths.map { .text($0) })), ("strength", .integer(grant.strength)),
                            ("requests", .integer(grant.requests)),
                            (
                                "refused",
                                .fields(grant.refused.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
                            ),
                        ])
                    })
            ),
            ("not_covered", .fields(uncovered.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })),
        ])
    }
}

extension GrantSuggestion.Grant {
    fileprivate var order: [String] {
        [hosts.first ?? "", "\(100_000 + (ports.first ?? 0))"] + methods + paths
    }
}
