// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
public import Protocols

/// Tasks as they are kept on disk. What cannot be read whole is no task: a limit that got lost would be a wider task.
extension AgentTask {
    /// The task as JSON, without what was spent.
    public var json: JSONValue {
        var object = JSONObject()
        object["id"] = .string(id.description)
        object["handle"] = .array(handleDigest.map { .integer($0) })
        object["origin"] = .string(origin)
        object["person"] = person.map { Self.json($0) }
        object["agent"] = .string(agent.description)
        object["purpose"] = .string(purpose)
        object["grants"] = .array(grants.map(\.json))
        object["calls"] = budget?.calls.map { .integer($0) }
        object["bytes"] = budget?.bytes.map { .integer($0) }
        object["tokens"] = budget?.tokens.map { .integer($0) }
        object["cost"] = budget?.cost.map { .integer($0.picos) }
        object["started"] = .integer(started)
        object["expires"] = .integer(expires)
        object["parent"] = parent.map { .string($0.description) }
        if let stop {
            object["stopped"] = .integer(stop.time)
            object["why"] = stop.why.map { .string($0) }
        }
        return .object(object)
    }

    /// Reads what ``json`` wrote.
    public init?(_ json: JSONValue) {
        let known: Set = [
            "id", "handle", "origin", "person", "agent", "purpose", "grants", "calls", "bytes", "tokens", "cost",
            "started", "expires", "parent", "stopped", "why",
        ]
        guard let object = json.object, object.names.allSatisfy(known.contains),
            let id = object["id"]?.string.flatMap({ TaskID($0) }),
            let digest = object["handle"]?.array?.compactMap({ $0.integer.flatMap { UInt8(exactly: $0) } }),
            digest.count == 32, let origin = object["origin"]?.string,
            let agent = object["agent"]?.string.flatMap({ try? SPIFFEID(parsing: $0) }),
            let purpose = object["purpose"]?.string, let entries = object["grants"]?.array,
            let started = object["started"]?.integer, let expires = object["expires"]?.integer
        else { return nil }
        let grants = entries.compactMap { TaskGrant($0) }
        guard grants.count == entries.count else { return nil }
        do throws(MalformedMember) {
            let calls = try object.count("calls")
            let bytes = try object.count("bytes")
            let tokens = try object.count("tokens")
            let cost = try object.count("cost").map { Money(picos: $0) }
            let isLimited = calls != nil || bytes != nil || tokens != nil || cost != nil
            let stopped = try object.optional("stopped") { $0.integer }
            let why = try object.optional("why") { $0.string }
            self.init(
                id: id, handleDigest: digest, origin: origin,
                person: try object.optional("person") { Self.person($0) }, agent: agent, purpose: purpose,
                grants: grants,
                budget: isLimited ? GrantBudget(calls: calls, bytes: bytes, tokens: tokens, cost: cost) : nil,
                started: started, expires: expires,
                parent: try object.optional("parent") { $0.string.flatMap { TaskID($0) } },
                stop: stopped.map { Stop(time: $0, why: why) })
        } catch {
            return nil
        }
    }

    private static func json(_ person: Person) -> JSONValue {
        var object = JSONObject()
        object["issuer"] = .string(person.issuer)
        object["subject"] = .string(person.subject)
        object["groups"] = .array(person.groups.map { .string($0) })
        object["auth_time"] = .integer(person.authenticationTime)
        if !person.names.isEmpty { object["names"] = .array(person.names.map { .string($0) }) }
        return .object(object)
    }

    private static func person(_ json: JSONValue) -> Person? {
        guard let issuer = json["issuer"]?.string, let subject = json["subject"]?.string,
            let groups = json["groups"]?.array?.compactMap(\.string), let time = json["auth_time"]?.integer
        else { return nil }
        let names = (json["names"]?.array ?? []).compactMap(\.string)
        return Person(issuer: issuer, subject: subject, groups: groups, authenticationTime: time, names: names)
    }
}

extension TaskGrant {
    /// The part as JSON, as it is kept with its task.
    public var json: JSONValue {
        var object = JSONObject()
        object["name"] = .string(name)
        object["hosts"] = hosts.map { .array($0.map { .string($0.description) }) }
        object["ports"] = ports.map { ports in
            .array(ports.ranges.map { [.integer($0.lowerBound), .integer($0.upperBound)] })
        }
        object["methods"] = methods.map { .array($0.map { .string($0) }) }
        object["paths"] = paths.map { .array($0.map { .string($0.description) }) }
        object["tools"] = tools.map { .array($0.map { .string($0) }) }
        object["expires"] = expires.map { .integer($0) }
        object["calls"] = calls.map { .integer($0) }
        object["bytes"] = bytes.map { .integer($0) }
        if needsApproval { object["approval"] = true }
        return .object(object)
    }

    /// Reads what ``json`` wrote.
    public init?(_ json: JSONValue) {
        let known: Set = [
            "name", "hosts", "ports", "methods", "paths", "tools", "expires", "calls", "bytes", "approval",
        ]
        guard let object = json.object, object.names.allSatisfy(known.contains), let name = object["name"]?.string
        else {
            return nil
        }
        self.init(name)
        do throws(MalformedMember) {
            hosts = try object.list("hosts") { text in try? HostPattern(parsing: text, permitsAny: true) }
            ports = try object.optional("ports") { Self.ports($0) }
            methods = try object.list("methods") { $0 }
            paths = try object.list("paths") { text in try? PathPrefix(parsing: text) }
            tools = try object.list("tools") { $0 }
            expires = try object.optional("expires") { $0.integer }
            calls = try object.count("calls")
            bytes = try object.count("bytes")
            needsApproval = try object.optional("approval") { $0.bool } ?? false
        } catch {
            return nil
        }
    }

    private static func ports(_ json: JSONValue) -> PortSet? {
        guard let pairs = json.array else { return nil }
        var ranges: [ClosedRange<UInt16>] = []
        for pair in pairs {
            guard let bounds = pair.array?.compactMap({ $0.integer.flatMap { UInt16(exactly: $0) } }),
                bounds.count == 2, let first = bounds.first, let last = bounds.last, first <= last
            else { return nil }
            ranges.append(first...last)
        }
        return PortSet(ranges)
    }
}

private struct MalformedMember: Error {}

extension JSONObject {
    /// A member that may be missing, but not malformed.
    fileprivate func optional<Value>(
        _ name: String, _ read: (JSONValue) -> Value?
    ) throws(MalformedMember) -> Value? {
        guard let json = self[name] else { return nil }
        guard let value = read(json) else { throw MalformedMember() }
        return value
    }

    fileprivate func list<Element>(
        _ name: String, _ read: (String) -> Element?
    ) throws(MalformedMember) -> [Element]? {
        try optional(name) { json in
            guard let texts = json.array else { return nil }
            let elements = texts.compactMap { $0.string.flatMap(read) }
            return elements.count == texts.count ? elements : nil
        }
    }

    fileprivate func count(_ name: String) throws(MalformedMember) -> Int? {
        try optional(name) { $0.integer.flatMap { Int(exactly: $0) } }
    }
}
