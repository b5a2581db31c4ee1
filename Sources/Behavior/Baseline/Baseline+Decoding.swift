// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

extension Baseline {
    /// Reads a baseline in exactly the form in which ``encoded`` writes it.
    public init(decoding bytes: [UInt8]) throws(BehaviorDecodingError) {
        let (baseline, ratified) = try Self.read(bytes)
        guard ratified == nil, baseline.encoded == bytes else {
            throw BehaviorDecodingError("the baseline is not in canonical form")
        }
        self = baseline
    }

    fileprivate static func read(_ bytes: [UInt8]) throws(BehaviorDecodingError) -> (Baseline, JSONObject?) {
        let limits = JSONLimits(
            bytes: Limits.bytes, depth: 5, values: 2_000_000, stringBytes: 6 * BehaviorLimits.nameBytes,
            numberBytes: 20)
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes, limits: limits) } catch {
            throw BehaviorDecodingError("no JSON: \(error)")
        }
        var document = try BaselineObject(value, "the baseline")
        guard try document.text("format").utf8.elementsEqual(format.utf8) else {
            throw BehaviorDecodingError("'format' is not \(format)")
        }
        let ratified = document.take("ratified")
        var roles: [RoleProfile] = []
        for element in try document.list("roles", atMost: Limits.roles) {
            let profile = try RoleProfile(element)
            if let last = roles.last, ByteName(last.role) >= ByteName(profile.role) {
                throw BehaviorDecodingError("'roles' is not in order")
            }
            roles.append(profile)
        }
        try document.end()
        return (Baseline(roles: roles), ratified?.object)
    }
}

extension RatifiedBaseline {
    /// Reads a ratified baseline in exactly the form in which ``encoded`` writes it.
    public init(decoding bytes: [UInt8]) throws(BehaviorDecodingError) {
        let (baseline, ratified) = try Baseline.read(bytes)
        guard let ratified else { throw BehaviorDecodingError("nobody has ratified the baseline") }
        var object = try BaselineObject(.object(ratified), "'ratified'")
        let person = try object.text("person")
        let time = try object.number("time", atMost: BehaviorLimits.largestNumber)
        self.init(baseline: baseline, person: person, time: time)
        try object.end()
        guard encoded == bytes else { throw BehaviorDecodingError("the baseline is not in canonical form") }
    }
}

extension RoleProfile {
    fileprivate init(_ value: JSONValue) throws(BehaviorDecodingError) {
        var object = try BaselineObject(value, "a role")
        self.init(role: try object.text("role"))
        sessions = try object.number("sessions")
        days = try object.number("days")
        for element in try object.list("tools", atMost: Baseline.Limits.tools) {
            var members = try BaselineObject(element, "a tool")
            let tool = Tool(
                service: try members.text("service"), tool: try members.text("tool"),
                isRead: try members.flag("is_read"), sessions: try members.number("sessions"))
            try members.end()
            if let last = tools.last, last.name >= tool.name { throw BehaviorDecodingError("'tools' is not in order") }
            tools.append(tool)
        }
        for element in try object.list("domains", atMost: Baseline.Limits.domains) {
            var members = try BaselineObject(element, "a domain")
            let domain = Domain(name: try members.text("name"), sessions: try members.number("sessions"))
            try members.end()
            if let last = domains.last, ByteName(last.name) >= ByteName(domain.name) {
                throw BehaviorDecodingError("'domains' is not in order")
            }
            domains.append(domain)
        }
        for element in try object.list("transitions", atMost: Baseline.Limits.transitions) {
            transitions.append(try Transition(element, after: transitions.last, tools: Int64(tools.count)))
        }
        surpriseLimit = try object.optionalNumber("surprise_limit")
        sessionCalls = try object.spread("session_calls")
        sessionBytes = try object.spread("session_bytes")
        destinationBytes = try object.spread("destination_bytes")
        minuteCalls = try object.optionalNumber("minute_calls")
        try object.end()
    }
}

extension RoleProfile.Transition {
    fileprivate init(
        _ value: JSONValue, after last: Self?, tools: Int64
    ) throws(BehaviorDecodingError) {
        guard let numbers = value.array, numbers.count == 3, let from = numbers[0].integer,
            let to = numbers[1].integer, let count = numbers[2].integer, (-1..<tools).contains(from),
            (0..<tools).contains(to), (1...BaselineObject.largest).contains(count)
        else { throw BehaviorDecodingError("a transition is not [from, to, count]") }
        self.init(from: from, to: to, count: count)
        if let last, (last.from, last.to) >= (from, to) {
            throw BehaviorDecodingError("'transitions' is not in order")
        }
    }
}

/// The members of an object in a baseline, each taken once.
struct BaselineObject {
    /// The largest number, so that no sum or product of a few leaves 64 bits.
    static let largest: Int64 = 1 << 40

    private var object: JSONObject
    private let what: String

    init(_ value: JSONValue, _ what: String) throws(BehaviorDecodingError) {
        guard case .object(let object) = value else { throw BehaviorDecodingError("\(what) is not an object") }
        self.object = object
        self.what = what
    }

    mutating func take(_ name: String) -> JSONValue? {
        guard let value = object[name] else { return nil }
        object[name] = nil
        return value
    }

    mutating func text(_ name: String) throws(BehaviorDecodingError) -> String {
        guard let text = take(name)?.string, text.utf8.count <= BehaviorLimits.nameBytes else {
            throw BehaviorDecodingError(
                "'\(name)' of \(what) is no string of at most \(BehaviorLimits.nameBytes) bytes")
        }
        return text
    }

    mutating func flag(_ name: String) throws(BehaviorDecodingError) -> Bool {
        guard let flag = take(name)?.bool else { throw BehaviorDecodingError("'\(name)' of \(what) is no Boolean") }
        return flag
    }

    mutating func number(_ name: String, atMost most: Int64 = largest) throws(BehaviorDecodingError) -> Int64 {
        guard let number = take(name)?.integer, (0...most).contains(number) else {
            throw BehaviorDecodingError("'\(name)' of \(what) is no whole number from 0 to \(most)")
        }
        return number
    }

    mutating func optionalNumber(_ name: String) throws(BehaviorDecodingError) -> Int64? {
        object[name] == nil ? nil : try number(name)
    }

    mutating func spread(_ name: String) throws(BehaviorDecodingError) -> Spread? {
        guard let value = take(name) else { return nil }
        guard let numbers = value.array, numbers.count == 2, let median = numbers[0].integer,
            let deviation = numbers[1].integer, (0...Self.largest).contains(median),
            (0...Self.largest).contains(deviation)
        else { throw BehaviorDecodingError("'\(name)' of \(what) is not [median, deviation]") }
        return Spread(median: median, deviation: deviation)
    }

    mutating func list(_ name: String, atMost most: Int) throws(BehaviorDecodingError) -> [JSONValue] {
        guard let list = take(name)?.array, list.count <= most else {
            throw BehaviorDecodingError("'\(name)' of \(what) is no list of at most \(most)")
        }
        return list
    }

    func end() throws(BehaviorDecodingError) {
        if let name = object.members.first?.name {
            throw BehaviorDecodingError("\(what) has an unknown member \(VisibleText.quoted(name))")
        }
    }
}
