// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

extension RatifiedBaseline {
    /// The baseline as canonical JSON (RFC 8785) with who ratified it and when.
    public var encoded: [UInt8] {
        baseline.document(
            ratified: JSONObject([("person", .string(person)), ("time", .integer(time))]).map(JSONValue.object))
    }
}

extension Baseline {
    /// What the member `format` says.
    static let format = "yett-baseline-1"

    /// The baseline as canonical JSON (RFC 8785): `format` and `roles`, each with `role`, `sessions`, `days`, `tools`
    /// (`service`, `tool`, `is_read`, `sessions`), `domains` (`name`, `sessions`), `transitions` ([from, to, count] by
    /// position, -1 for the start) and, where they are known, `surprise_limit`, `session_calls`, `session_bytes`,
    /// `destination_bytes` ([median, deviation]) and `minute_calls`.
    public var encoded: [UInt8] { document(ratified: nil) }

    fileprivate func document(ratified: JSONValue?) -> [UInt8] {
        var document = JSONObject()
        document["format"] = .string(Self.format)
        document["ratified"] = ratified
        document["roles"] = .array(roles.map(\.json))
        return JSONValue.object(document).canonicalBytes
    }
}

extension RoleProfile {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["days"] = .integer(days)
        object["destination_bytes"] = destinationBytes?.json
        object["domains"] = .array(domains.map(\.json))
        object["minute_calls"] = minuteCalls.map { .integer($0) }
        object["role"] = .string(role)
        object["session_bytes"] = sessionBytes?.json
        object["session_calls"] = sessionCalls?.json
        object["sessions"] = .integer(sessions)
        object["surprise_limit"] = surpriseLimit.map { .integer($0) }
        object["tools"] = .array(tools.map(\.json))
        object["transitions"] = .array(
            transitions.map { .array([.integer($0.from), .integer($0.to), .integer($0.count)]) })
        return .object(object)
    }
}

extension RoleProfile.Tool {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["is_read"] = .bool(isRead)
        object["service"] = .string(service)
        object["sessions"] = .integer(sessions)
        object["tool"] = .string(tool)
        return .object(object)
    }
}

extension RoleProfile.Domain {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["name"] = .string(name)
        object["sessions"] = .integer(sessions)
        return .object(object)
    }
}

extension Spread {
    fileprivate var json: JSONValue { .array([.integer(median), .integer(deviation)]) }
}
