// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
import Synchronization

/// Answers from a script instead of a network, and remembers what it was asked.
///
/// Each name has one response per lookup, in order; the last one repeats. A name without a script has those of `*`, or is
/// not found.
public final class ScriptedResolver: NameResolver {
    /// The outcome of one lookup.
    public typealias Response = Result<Answers, ResolveError>

    private struct State {
        var positions: [String: Int] = [:]
        var queries: [HostName] = []
        var held: [(@Sendable (Response) -> Void, Response)] = []
    }

    private let script: [String: [Response]]
    private let holdsAnswers: Bool
    private let state = Mutex(State())

    /// Makes a resolver of responses by name. With `holdsAnswers`, lookups wait for `releaseAnswers()`.
    public init(_ script: [String: [Response]], holdsAnswers: Bool = false) {
        self.script = Dictionary(script.map { (Self.key($0), $1) }, uniquingKeysWith: { first, _ in first })
        self.holdsAnswers = holdsAnswers
    }

    /// Makes a resolver of zone-like records: for each name one list per lookup of `A address`, `AAAA address` or
    /// `CNAME name`, each with an optional `ttl=seconds` (60 without) and words that are passed over. A record that does
    /// not read as such makes its lookup a server failure.
    public convenience init(records: [String: [[String]]], holdsAnswers: Bool = false) {
        let records = Dictionary(records.map { (Self.key($0), $1) }, uniquingKeysWith: { first, _ in first })
        let script = records.mapValues { lookups in
            lookups.indices.map { ScriptedRecords(records: records).response(lookups[$0], lookup: $0) }
        }
        self.init(script, holdsAnswers: holdsAnswers)
    }

    /// Looks a name up in the script.
    public func resolve(_ name: HostName, completion: @escaping @Sendable (Response) -> Void) {
        let response = state.withLock { state -> Response? in
            state.queries.append(name)
            let key = script[name.description] == nil ? "*" : name.description
            let responses = script[key] ?? []
            let position = state.positions[name.description, default: 0]
            state.positions[name.description] = position + 1
            let response = position < responses.count ? responses[position] : responses.last ?? .failure(.notFound)
            guard holdsAnswers else { return response }
            state.held.append((completion, response))
            return nil
        }
        if let response { completion(response) }
    }

    /// Completes every lookup that waits.
    public func releaseAnswers() {
        let held = state.withLock { state in
            let held = state.held
            state.held = []
            return held
        }
        for (completion, response) in held { completion(response) }
    }

    /// How many lookups there were.
    public var queryCount: Int {
        state.withLock { $0.queries.count }
    }

    /// The names that were looked up, in order.
    public var queries: [HostName] {
        state.withLock { $0.queries }
    }

    private static func key(_ name: String) -> String {
        (try? HostName(parsing: name))?.description ?? name
    }
}
