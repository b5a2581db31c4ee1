// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import Protocols
internal import Rego

/// Reads facts back from an input document, for questions that are not requests: OPA's API, tests, replays.
enum FactsReader {
    /// Why a document is no request.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a document; what it lacks and a decision needs is a problem.
    static func read(_ document: Value) -> Result<Facts, Problem> {
        guard document.tag == .object else { return .failure(Problem(description: "the input is no object")) }
        let place = document["destination"]
        guard let host = try? Host(parsing: place["host"].string) else {
            return .failure(Problem(description: "input.destination.host is no host"))
        }
        guard let port = place["port"].exactInteger.flatMap({ UInt16(exactly: $0) }) else {
            return .failure(Problem(description: "input.destination.port is no port"))
        }
        let operation = document["operation"]
        guard let name = Operation.Name(rawValue: operation["name"].string) else {
            return .failure(Problem(description: "input.operation.name is no operation"))
        }
        let plane = document["plane"].isUndefined ? .egress : Plane(rawValue: document["plane"].string)
        guard let plane else { return .failure(Problem(description: "input.plane is no plane")) }
        let scheme = Destination.Scheme(rawValue: place["scheme"].string) ?? (port == 443 ? .https : .tcp)
        var facts = Facts(
            identity: identity(document["identity"]), plane: plane, operation: Operation(name),
            destination: Destination(host: host, port: port, scheme: scheme),
            time: document["time"].exactInteger ?? 0, source: .unknown)
        if operation["tool"].isString { facts.operation.tool = operation["tool"].string }
        facts.operation.arguments = json(operation["arguments"])
        let http = document["http"]
        if http["method"].isString {
            let path = http["path"].isString ? http["path"].string : nil
            let query = http["query"].isString ? http["query"].string : nil
            facts.http = HTTPFacts(method: http["method"].string, path: path, query: query)
        }
        facts.actorChain = document["actor_chain"].elements.compactMap { try? SPIFFEID(parsing: $0.string) }
        if document["service"]["name"].isString { facts.service = document["service"]["name"].string }
        facts.person = person(document["person"])
        facts.task = task(document["task"])
        return .success(facts)
    }

    private static func identity(_ value: Value) -> VerifiedIdentity? {
        guard let id = try? SPIFFEID(parsing: value["id"].string) else { return nil }
        let name = value["proof"].string
        guard let proof = Proof.allCases.first(where: { $0.description == name }) else { return nil }
        return VerifiedIdentity(proved: id, by: proof, selectors: value["selectors"].elements.map(\.string))
    }

    private static func person(_ value: Value) -> Person? {
        guard value["issuer"].isString, value["subject"].isString else { return nil }
        return Person(
            issuer: value["issuer"].string, subject: value["subject"].string,
            groups: value["groups"].elements.map(\.string), authenticationTime: value["auth_time"].exactInteger ?? 0)
    }

    private static func task(_ value: Value) -> TaskFacts? {
        guard value["id"].isString else { return nil }
        return TaskFacts(
            id: value["id"].string, purpose: value["purpose"].string, expires: value["expires"].exactInteger ?? 0)
    }

    private static func json(_ value: Value) -> JSONValue? {
        value.isUndefined ? nil : try? JSONValue(parsing: Rego.JSONWriter.bytes(value))
    }
}

extension Value {
    /// The member of a name, undefined if there is none.
    fileprivate subscript(name: StaticString) -> Value {
        guard tag == .object else { return .undefined }
        return members.first { $0.key.utf8.elementsEqual(name.withUTF8Buffer { Array($0) }) }?.value ?? .undefined
    }
}
