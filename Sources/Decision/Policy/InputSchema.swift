// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// The members that an input document can have, each with the phases in which it is known.
struct InputSchema {
    /// What a member holds.
    indirect enum Node {
        /// A single value.
        case value(DecisionPhases)
        /// A list of values.
        case list(DecisionPhases)
        /// Members of any name.
        case map(DecisionPhases)
        /// Members of these names.
        case object([String: Node])

        var phases: DecisionPhases {
            switch self {
            case .value(let phases), .list(let phases), .map(let phases): phases
            case .object(let members): members.values.reduce(into: []) { $0.formUnion($1.phases) }
            }
        }
    }

    /// What stands at a path.
    enum Finding {
        /// A member that is known in these phases.
        case known(DecisionPhases)
        /// There is no such member; how far the path is right, and a name that looks like it.
        case unknown(depth: Int, near: String?)
    }

    let root: Node

    /// Looks a path up. `nil` stands for a key that is not known before the evaluation.
    func find(_ path: [Text]) -> Finding {
        var node = root
        for (depth, key) in path.enumerated() {
            switch node {
            case .map(let phases), .list(let phases): return .known(phases)
            case .value: return .unknown(depth: depth, near: nil)
            case .object(let members):
                guard let next = members[key.string] else {
                    return .unknown(depth: depth, near: Self.nearest(key.string, among: members.keys.sorted()))
                }
                node = next
            }
        }
        return .known(node.phases)
    }

    /// The facts of a request, one schema for all planes.
    static let facts = InputSchema(
        root: .object([
            "identity": .object([
                "id": .value(.all), "proof": .value(.all), "strength": .value(.all), "selectors": .list(.all),
            ]),
            "actor_chain": .list(.all),
            "person": .object([
                "issuer": .value(.all), "subject": .value(.all), "groups": .list(.all), "auth_time": .value(.all),
            ]),
            "task": .object([
                "id": .value(.all), "purpose": .value(.all), "expires": .value(.all),
                "spent": .object(["calls": .value([]), "tokens": .value([])]),
            ]),
            "plane": .value(.all),
            "service": .object([
                "name": .value(Self.named), "protocol": .value(Self.named), "labels": .map(Self.named),
            ]),
            "operation": .object([
                "name": .value(.all), "tool": .value(Self.calls), "arguments": .map(Self.calls),
                "canonical_sha256": .value([]),
            ]),
            "http": .object([
                "method": .value(Self.http), "path": .value(Self.http), "query": .value(Self.http),
                "headers": .map(Self.http),
            ]),
            "destination": .object([
                "host": .value(.all), "port": .value(.all), "scheme": .value(.all), "sni": .value([]),
                "addresses": .list([]),
            ]),
            "risk": .object(["score": .value(.all), "signals": .list(.all)]),
            "time": .value(.all),
            "source": .object([
                "address": .value(.all), "port": .value(.all), "pid": .value(.all), "uid": .value(.all),
                "gid": .value(.all),
            ]),
        ]))

    private static let named: DecisionPhases = [.service, .meshRequest]
    private static let http: DecisionPhases = [.egressRequest, .egressWebSocket, .service, .meshRequest]
    private static let calls: DecisionPhases = [
        .serviceRequest, .serviceToolCall, .serviceModelCall, .serviceSkillCall, .meshRequest,
    ]

    /// Envoy's `CheckRequest` as OPA's plugin shows it. What Envoy leaves out of a tunnel's request is absent there, too.
    static let envoy = InputSchema(
        root: .object([
            "attributes": .object([
                "source": peer(principal: .all), "destination": peer(principal: []),
                "request": .object([
                    "time": .value(.all),
                    "http": .object([
                        "id": .value(.meshRequest), "method": .value(.all), "path": .value(.all), "host": .value(.all),
                        "scheme": .value(.all), "protocol": .value(.all), "size": .value(.meshRequest),
                        "body": .value(.meshRequest), "rawBody": .value(.meshRequest), "raw_body": .value([]),
                        "fragment": .value([]), "query": .value([]),
                        "headers": .map(.all),
                    ]),
                ]),
                "contextExtensions": .map(.all), "metadataContext": .map([]), "routeMetadataContext": .map([]),
                "tlsSession": .map([]),
            ]),
            "version": .map(.all), "parsed_path": .list(.all), "parsed_query": .map(.all),
            "parsed_body": .map(.meshRequest), "truncated_body": .value(.all),
        ]))

    private static func peer(principal: DecisionPhases) -> Node {
        .object([
            "address": .object(["socketAddress": .object(["address": .value(.all), "portValue": .value(.all)])]),
            "principal": .value(principal), "service": .value([]), "labels": .map([]),
            "certificate": .value(.meshRequest),
        ])
    }

    /// The name that differs least, if it looks like a slip of the hand.
    private static func nearest(_ name: String, among names: [String]) -> String? {
        let wanted = Array(name.utf8.prefix(64))
        let ranked = names.map { (name: $0, distance: distance(wanted, Array($0.utf8))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, wanted.count / 3) ? best.name : nil
    }

    /// How many letters must be changed, added, removed or exchanged with their neighbour.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                var best = min(last[column + 1] + 1, current[column] + 1)
                best = min(best, last[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
