// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import AuditTree
internal import Decision
internal import Identity
internal import YettConfiguration

/// The facts of a decision as far as its record holds them.
struct RecordedFacts {
    /// The facts.
    let facts: Facts
    /// What the record does not hold.
    let notes: [String]

    /// Reads the facts out of a decision record.
    ///
    /// - Parameter services: The services of the configuration in force.
    /// - Returns: `nil` when the decision was made before there was a destination, as for a malformed request.
    init?(_ record: AuditRecord, services: [ServiceConfiguration]) {
        guard let text = record.text("host"), let host = try? Host(parsing: text),
            let port = record.number("port").flatMap({ UInt16(exactly: $0) })
        else { return nil }
        let name = record.text("operation").flatMap { Operation.Name(rawValue: $0) } ?? .tunnel
        var notes: [String] = []
        let plane = record.text("plane").flatMap { Plane(rawValue: $0) } ?? .egress
        let scheme: Destination.Scheme =
            switch name {
            case _ where plane == .service || plane == .mesh:
                Self.isSecure(record.text("service"), services) ? .https : .http
            case .request, .websocket, .toolCall, .modelCall, .skillCall, .session: .http
            default: port == 443 ? .https : .tcp
            }
        var facts = Facts(
            identity: Self.identity(record), plane: plane,
            operation: Operation(name, tool: record.text("tool")),
            destination: Destination(host: host, port: port, scheme: scheme),
            time: (record.number("time_us") ?? 0) / 1_000_000, source: .unknown)
        facts.service = record.text("service")
        if let method = record.text("method") {
            let path = record.text("path")
            let bare = path.map { Self.withoutParameters($0) }
            facts.http = HTTPFacts(method: method, path: bare)
            if path != bare { facts.http?.sentPath = path }
        }
        if let task = record.text("task") {
            facts.task = TaskFacts(id: task, purpose: "", expires: .max)
            notes.append("the record names the task but not when it ends; it is taken to be still open")
        }
        if let person = record.text("person") {
            let parts = person.split(separator: "#", maxSplits: 1).map(String.init)
            facts.person = Person(
                issuer: parts.first ?? "", subject: parts.count > 1 ? parts[1] : "", authenticationTime: facts.time)
        }
        if record.text("argument_sha256") != nil {
            notes.append("the record holds a digest of the arguments and not the arguments; they are not judged again")
        }
        self.facts = facts
        self.notes = notes
    }

    /// A path without the parameters of its segments, as it is judged first.
    private static func withoutParameters(_ path: String) -> String {
        let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let bare = segments.map { $0.prefix { $0 != UInt8(ascii: ";") } }
        return String(decoding: Array(bare.joined(separator: [UInt8(ascii: "/")])), as: UTF8.self)
    }

    /// Whether the gate speaks TLS to a service now.
    private static func isSecure(_ name: String?, _ services: [ServiceConfiguration]) -> Bool {
        guard let name, let service = services.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
            return false
        }
        return service.tls != .off
    }

    /// The reasons of refusals because of something that was revoked.
    private static let voids = Set(
        [ReasonCode.agentRevoked, .personRevoked, .tokenRevoked, .keyRevoked].map(\.rawValue))

    private static func identity(_ record: AuditRecord) -> VerifiedIdentity? {
        guard let agent = record.text("agent"), let id = try? SPIFFEID(parsing: agent) else { return nil }
        let name = record.text("proof")
        let proof = Proof.allCases.first { $0.description == name } ?? .none
        // Whatever it was, it was there when it was shown. What was void then is as old as can be.
        let wasVoid = record.list("reasons").contains { voids.contains($0) }
        let time = wasVoid ? nil : record.number("time_us")
        return VerifiedIdentity(proved: id, by: proof, basis: time.map { ProofBasis(since: $0) } ?? ProofBasis())
    }
}
