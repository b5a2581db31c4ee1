// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Protocols

/// What an entry says, whoever wrote it.
///
/// What restricts counts even where nobody can be believed; what widens counts only where ``fault`` is `nil`.
public struct EntryClaim: Sendable, Hashable {
    /// What is said.
    public let payload: [UInt8]
    /// The gate that signed it; `nil` where no gates are named, and where none of them did.
    public let signer: String?
    /// Why it is not believed.
    public let fault: EntryFault?

    /// Describes what an entry says.
    public init(payload: [UInt8], signer: String?, fault: EntryFault?) {
        self.payload = payload
        self.signer = signer
        self.fault = fault
    }

    /// Believes whoever wrote an entry, signed or not, as a gate does that names no others.
    public init(believing value: [UInt8]) {
        let envelope = try? StatementEnvelope(value)
        self.init(payload: envelope.map { Array($0.payload.utf8) } ?? value, signer: nil, fault: nil)
    }
}

/// The form of a statement.
struct StatementEnvelope {
    let gate: String
    let payload: String
    let signature: [UInt8]

    init(_ value: [UInt8]) throws(EntryFault) {
        let document = try EntryDocument(value, members: ["gate", "payload", "signature"])
        gate = try document.required("gate") { $0.string }
        payload = try document.required("payload") { $0.string }
        signature = try document.required("signature") { json in json.string.flatMap { Base64.decode($0.utf8) } }
    }
}
