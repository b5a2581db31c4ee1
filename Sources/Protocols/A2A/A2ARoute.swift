// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which request of A2A a request line means, as far as the line says it.
struct A2ARoute: Sendable {
    /// What is at a path.
    enum Place: Sendable {
        /// The agent's card.
        case card
        /// JSON-RPC: the body says the rest.
        case rpc
        /// The HTTP+JSON binding.
        case http(A2AMethod, task: String?, config: String?)
    }

    let place: Place

    private static let cards = ["agent-card.json", "agent.json"]

    /// Reads the line of a request. Paths are canonical; every segment is plain.
    init(method: String, path: String) throws(A2ARefusalReason) {
        guard path.utf8.count <= 1024 else { throw .path }
        var segments = path.utf8.split(separator: 0x2f, omittingEmptySubsequences: false).map(Array.init)
        if segments.first?.isEmpty ?? false { segments.removeFirst() }
        let verb = Array(method.utf8)
        let isGet = verb.elementsEqual("GET".utf8)
        let isPost = verb.elementsEqual("POST".utf8)
        if segments.count >= 2, segments[segments.count &- 2].elementsEqual(".well-known".utf8) {
            guard let name = segments.last, Self.cards.contains(where: { $0.utf8.elementsEqual(name) }),
                segments.dropLast(2).allSatisfy(A2ANames.isPlain)
            else { throw .path }
            guard isGet else { throw .httpMethod }
            place = .card
            return
        }
        if let place = try Self.http(segments, verb) {
            self.place = place
            return
        }
        // One slash at the end is a path of its own for many servers.
        if segments.last?.isEmpty ?? false { segments.removeLast() }
        guard segments.count <= 8, segments.allSatisfy({ A2ANames.isPlain($0) && !Self.isReserved($0) }) else {
            throw .path
        }
        guard isPost else { throw .httpMethod }
        place = .rpc
    }

    /// A segment that belongs to the other binding, in whatever case.
    private static func isReserved(_ segment: [UInt8]) -> Bool {
        let name = segment.map(ByteScan.lowercase)
        return ["tasks", "pushnotificationconfigs", "extendedagentcard", ".well-known"].contains {
            $0.utf8.elementsEqual(name)
        }
    }

    private static func http(_ segments: [[UInt8]], _ verb: [UInt8]) throws(A2ARefusalReason) -> Place? {
        guard let last = segments.last else { return nil }
        if last.elementsEqual("message:send".utf8) { return try place(segments, 1, verb, ["POST": .sendMessage]) }
        if last.elementsEqual("message:stream".utf8) { return try place(segments, 1, verb, ["POST": .streamMessage]) }
        if last.elementsEqual("tasks".utf8) { return try place(segments, 1, verb, ["GET": .listTasks]) }
        if last.elementsEqual("extendedAgentCard".utf8) {
            return try place(segments, 1, verb, ["GET": .extendedCard])
        }
        if last.elementsEqual("card".utf8), segments.dropLast().last?.elementsEqual("v1".utf8) ?? false {
            return try place(segments, 1, verb, ["GET": .extendedCard])
        }
        guard let tasks = segments.firstIndex(where: { $0.elementsEqual("tasks".utf8) }) else { return nil }
        let below = Array(segments[(tasks &+ 1)...])
        guard let named = below.first else { throw .path }
        if below.count == 1 {
            let parts = named.split(separator: 0x3a, omittingEmptySubsequences: false).map(Array.init)
            guard let task = parts.first, parts.count <= 2 else { throw .path }
            guard let verbPart = parts.dropFirst().first else {
                return try place(segments, 2, verb, ["GET": .getTask], task: task)
            }
            if verbPart.elementsEqual("cancel".utf8) {
                return try place(segments, 2, verb, ["POST": .cancelTask], task: task)
            }
            guard verbPart.elementsEqual("subscribe".utf8) else { throw .path }
            return try place(segments, 2, verb, ["POST": .subscribe, "GET": .subscribe], task: task)
        }
        guard below.count <= 3, below[1].elementsEqual("pushNotificationConfigs".utf8) else { throw .path }
        if below.count == 2 {
            return try place(segments, 3, verb, ["POST": .createPush, "GET": .listPush], task: named)
        }
        return try place(segments, 4, verb, ["GET": .getPush, "DELETE": .deletePush], task: named, config: below[2])
    }

    /// - Parameter count: How many segments at the end have a meaning; those before say where the agent begins, or whose
    ///   tenant it is.
    private static func place(
        _ segments: [[UInt8]], _ count: Int, _ verb: [UInt8], _ methods: KeyValuePairs<String, A2AMethod>,
        task: [UInt8]? = nil, config: [UInt8]? = nil
    ) throws(A2ARefusalReason) -> Place {
        let prefix = segments.dropLast(count)
        guard prefix.count <= 8, prefix.allSatisfy({ A2ANames.isPlain($0) && !isReserved($0) }) else { throw .path }
        for segment in [task, config] {
            if let segment, !A2ANames.isPlain(segment) { throw .identifier }
        }
        guard let method = methods.first(where: { $0.key.utf8.elementsEqual(verb) })?.value else { throw .httpMethod }
        return .http(
            method, task: task.map { String(decoding: $0, as: UTF8.self) },
            config: config.map { String(decoding: $0, as: UTF8.self) })
    }
}
