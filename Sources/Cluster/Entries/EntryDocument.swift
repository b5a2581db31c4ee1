// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// The value of an entry: a JSON object with a version and exactly the members that the version has.
struct EntryDocument {
    private let object: JSONObject

    /// The version that is written and read.
    static let version: Int64 = 1
    static let limits = JSONLimits(bytes: 64 * 1024, depth: 12, values: 8 * 1024)

    /// Reads a value.
    ///
    /// - Parameter members: The names that there may be beside `version`.
    init(_ value: [UInt8], members: Set<String>) throws(EntryFault) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: value, limits: Self.limits)
        } catch {
            throw .malformed("\(error)")
        }
        guard let object = json.object else { throw .malformed("it is no object") }
        guard let version = object["version"]?.integer else { throw .malformed("it has no version") }
        guard version == Self.version else { throw .version(version) }
        guard object.names.allSatisfy({ $0.utf8.elementsEqual("version".utf8) || members.contains($0) }) else {
            throw .malformed("it has a member that its version does not have")
        }
        self.object = object
    }

    /// A member of which there must be a value.
    func required<Value>(_ name: String, _ read: (JSONValue) -> Value?) throws(EntryFault) -> Value {
        guard let value = try optional(name, read) else { throw .malformed("'\(name)' is missing") }
        return value
    }

    /// A member that may be absent, but not malformed.
    func optional<Value>(_ name: String, _ read: (JSONValue) -> Value?) throws(EntryFault) -> Value? {
        guard let json = object[name] else { return nil }
        guard let value = read(json) else { throw .malformed("'\(name)' is wrong") }
        return value
    }

    /// Writes a value.
    static func text(_ members: [(name: String, value: JSONValue?)]) -> [UInt8] {
        var object = JSONObject()
        object["version"] = .integer(version)
        for member in members { object[member.name] = member.value }
        return Array(JSONValue.object(object).text.utf8)
    }
}

/// Why the value of an entry does not count.
public enum EntryFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is of a version that this program does not know.
    case version(Int64)
    /// It is not what its version says.
    case malformed(String)
    /// It is about something else than its key.
    case mismatch
    /// Nobody whose word counts has signed it.
    case untrusted(String)

    /// What is wrong, for a log line.
    public var description: String {
        switch self {
        case .version(let version): "version \(version) is not known here; run the same version of Yett on all gates"
        case .malformed(let what): what
        case .mismatch: "it is about something else than its key"
        case .untrusted(let why): why
        }
    }
}
