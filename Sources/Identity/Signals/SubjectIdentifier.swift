// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// Whom a security event is about (RFC 9493), as far as somebody here can be meant by it.
///
/// People are known by issuer and subject and workloads by their SPIFFE ID. Addresses of mail, telephone numbers and
/// account names change hands; none of them is an identity.
public indirect enum SubjectIdentifier: Sendable, Hashable {
    /// `iss_sub`: a person at an issuer.
    case person(PersonIdentifier)
    /// `opaque`: a name that the transmitter gave.
    case opaque(String)
    /// `uri` with a SPIFFE ID.
    case workload(SPIFFEID)
    /// `complex` or a subject without a format: parts that describe one subject together, by their names.
    case complex([String: SubjectIdentifier])
    /// `aliases`: several names of one subject.
    case aliases([SubjectIdentifier])
    /// A format that names nobody here.
    case other(format: String)

    /// The most parts or aliases.
    private static let mostParts = 8
    /// Subjects inside one another.
    private static let depth = 3
    private static let longestText = 1024
    private static let longestFormat = 64

    /// Reads a subject identifier.
    ///
    /// - Throws: ``ClaimsError/malformed(_:)`` with `sub_id`: a member that the format demands is missing or of a wrong type,
    ///   or there are too many.
    public init(_ value: JSONValue) throws(ClaimsError) { try self.init(value, depth: Self.depth) }

    private init(_ value: JSONValue, depth: Int) throws(ClaimsError) {
        guard let object = value.object, depth > 0 else { throw .malformed("sub_id") }
        guard let member = object["format"] else {
            // Drafts had no format for subjects of several parts.
            self = .complex(try Self.parts(of: object, depth: depth))
            return
        }
        guard let format = member.string, (1...Self.longestFormat).contains(format.utf8.count),
            format.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { throw .malformed("sub_id") }
        if format.isExactly("iss_sub") {
            let (issuer, subject) = (try Self.text("iss", of: object), try Self.text("sub", of: object))
            guard let person = PersonIdentifier(issuer: issuer, subject: subject) else { throw .malformed("sub_id") }
            self = .person(person)
        } else if format.isExactly("opaque") {
            self = .opaque(try Self.text("id", of: object))
        } else if format.isExactly("uri") {
            let uri = try Self.text("uri", of: object)
            self = (try? SPIFFEID(parsing: uri)).map { .workload($0) } ?? .other(format: format)
        } else if format.isExactly("complex") {
            self = .complex(try Self.parts(of: object, depth: depth))
        } else if format.isExactly("aliases") {
            guard let elements = object["identifiers"]?.array, (1...Self.mostParts).contains(elements.count) else {
                throw .malformed("sub_id")
            }
            var aliases: [SubjectIdentifier] = []
            for element in elements { aliases.append(try SubjectIdentifier(element, depth: depth - 1)) }
            self = .aliases(aliases)
        } else {
            self = .other(format: format)
        }
    }

    private static func parts(
        of object: JSONObject, depth: Int
    ) throws(ClaimsError) -> [String: SubjectIdentifier] {
        let names = object.names.filter { !$0.isExactly("format") }
        guard (1...mostParts).contains(names.count) else { throw .malformed("sub_id") }
        var parts: [String: SubjectIdentifier] = [:]
        for name in names {
            guard let value = object[name], name.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                throw .malformed("sub_id")
            }
            parts[name] = try SubjectIdentifier(value, depth: depth - 1)
        }
        return parts
    }

    private static func text(_ name: String, of object: JSONObject) throws(ClaimsError) -> String {
        guard let text = object[name]?.string, (1...longestText).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
        else { throw .malformed("sub_id") }
        return text
    }

    /// The identifier as JSON, for subjects that the gate itself speaks about.
    public var json: JSONValue {
        var object = JSONObject()
        switch self {
        case .person(let person):
            object["format"] = "iss_sub"
            object["iss"] = .string(person.issuer)
            object["sub"] = .string(person.subject)
        case .opaque(let id):
            object["format"] = "opaque"
            object["id"] = .string(id)
        case .workload(let id):
            object["format"] = "uri"
            object["uri"] = .string(id.description)
        case .complex(let parts):
            object["format"] = "complex"
            for (name, part) in parts.sorted(by: { $0.key < $1.key }) { object[name] = part.json }
        case .aliases(let aliases):
            object["format"] = "aliases"
            object["identifiers"] = .array(aliases.map(\.json))
        case .other(let format): object["format"] = .string(format)
        }
        return .object(object)
    }
}

/// Somebody here whom a security event can be about.
public enum SignalSubject: Sendable, Hashable {
    /// A person.
    case person(PersonIdentifier)
    /// An agent, or another workload.
    case workload(SPIFFEID)
}

extension SubjectIdentifier {
    /// Who is meant: of several parts the user, whatever narrows that down, else the one workload or person among them.
    ///
    /// A transmitter may mean one session or one device of a person. Sessions of others have no names here, so that the whole
    /// person is meant: too much ends rather than too little.
    ///
    /// - Parameter transmitter: Says whose opaque names are subjects.
    public func subjects(for transmitter: SecurityEventTransmitter) -> Set<SignalSubject> {
        switch self {
        case .person(let person): return [.person(person)]
        case .workload(let id): return [.workload(id)]
        case .opaque(let id):
            guard transmitter.hasOpaqueSubjects else { return [] }
            let person = PersonIdentifier(issuer: transmitter.issuer.description, subject: id)
            return person.map { [.person($0)] } ?? []
        case .aliases(let aliases): return Set(aliases.flatMap { $0.subjects(for: transmitter) })
        case .complex(let parts):
            if let user = parts["user"] { return user.subjects(for: transmitter) }
            let found = Set(parts.values.flatMap { $0.subjects(for: transmitter) })
            return found.count == 1 ? found : []
        case .other: return []
        }
    }
}
