// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Why an encoded event, input or baseline was not read.
public struct BehaviorDecodingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    init(_ description: String) { self.description = description }
}

extension BehaviorEvent {
    /// Reads an event in exactly the form in which ``encoded`` writes it: any other spelling of the same is refused, so
    /// that what is replayed has the bytes that were kept.
    public init(decoding bytes: [UInt8]) throws(BehaviorDecodingError) {
        var members = try FlatMembers(bytes)
        try self.init(&members)
        try members.end()
        guard encoded == bytes else { throw BehaviorDecodingError("the event is not in canonical form") }
    }

    init(_ members: inout FlatMembers) throws(BehaviorDecodingError) {
        guard let id = HexadecimalText.parse(try members.required("id")) else {
            throw BehaviorDecodingError("'id' is not 16 hexadecimal digits")
        }
        guard let time = try members.number("time") else { throw BehaviorDecodingError("'time' is missing") }
        self.init(id: id, time: time, agent: try members.required("agent"), role: try members.required("role"))
        if let digits = try members.text("arguments") {
            guard let arguments = HexadecimalText.parse(digits) else {
                throw BehaviorDecodingError("'arguments' is not 16 hexadecimal digits")
            }
            self.arguments = arguments
        }
        outboundBits = try members.number("bits") ?? 0
        bytesDown = try members.number("bytes_down") ?? 0
        bytesUp = try members.number("bytes_up") ?? 0
        touchesCanary = try members.flag("canary")
        isContinuation = try members.flag("continuation")
        if let text = try members.text("effect") {
            guard let effect = Effect(rawValue: text) else { throw BehaviorDecodingError("'effect' is unknown") }
            self.effect = effect
        }
        let (host, domain, isNamed) = (try members.text("host"), try members.text("domain"), try members.flag("named"))
        if let host, let domain { destination = Destination(host: host, domain: domain, isNamed: isNamed) }
        guard let labels = Labels(names: try members.list("labels")) else {
            throw BehaviorDecodingError("'labels' has an unknown label")
        }
        self.labels = labels
        guard let outcome = Outcome(text: try members.required("outcome")) else {
            throw BehaviorDecodingError("'outcome' is unknown")
        }
        self.outcome = outcome
        plane = try members.text("plane") ?? ""
        service = try members.text("service")
        session = try members.text("session")
        task = try members.text("task")
        tool = try members.text("tool")
    }
}

/// The members of a flat JSON object, each taken once.
struct FlatMembers {
    private static let limits = JSONLimits(
        bytes: BehaviorLimits.eventBytes, depth: 2, values: 64, stringBytes: 6 * BehaviorLimits.agentBytes,
        numberBytes: 20)

    private var object: JSONObject

    init(_ bytes: [UInt8]) throws(BehaviorDecodingError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, limits: Self.limits)
        } catch {
            throw BehaviorDecodingError("no JSON: \(error)")
        }
        guard case .object(let object) = value else { throw BehaviorDecodingError("not an object") }
        self.object = object
    }

    /// Takes the member, nil when there is none.
    private mutating func take(_ name: String) -> JSONValue? {
        guard let value = object[name] else { return nil }
        object[name] = nil
        return value
    }

    mutating func text(_ name: String) throws(BehaviorDecodingError) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.string else { throw BehaviorDecodingError("'\(name)' is not a string") }
        guard text.utf8.count <= BehaviorLimits.agentBytes else { throw BehaviorDecodingError("'\(name)' is too long") }
        return text
    }

    mutating func required(_ name: String) throws(BehaviorDecodingError) -> String {
        guard let text = try text(name) else { throw BehaviorDecodingError("'\(name)' is missing") }
        return text
    }

    mutating func number(_ name: String) throws(BehaviorDecodingError) -> Int64? {
        guard let value = take(name) else { return nil }
        guard let number = value.integer, (0...BehaviorLimits.largestNumber).contains(number) else {
            throw BehaviorDecodingError("'\(name)' is not a whole number from 0 to 2^53 - 1")
        }
        return number
    }

    mutating func flag(_ name: String) throws(BehaviorDecodingError) -> Bool {
        guard let value = take(name) else { return false }
        guard let flag = value.bool else { throw BehaviorDecodingError("'\(name)' is neither true nor false") }
        return flag
    }

    mutating func list(_ name: String) throws(BehaviorDecodingError) -> [String] {
        guard let value = take(name) else { return [] }
        guard let list = value.array else { throw BehaviorDecodingError("'\(name)' is not a list") }
        var texts: [String] = []
        for element in list {
            guard let text = element.string else { throw BehaviorDecodingError("'\(name)' has more than strings") }
            texts.append(text)
        }
        return texts
    }

    /// Refuses what nobody asked for.
    func end() throws(BehaviorDecodingError) {
        if let name = object.members.first?.name {
            throw BehaviorDecodingError("unknown member \(VisibleText.quoted(name))")
        }
    }
}
