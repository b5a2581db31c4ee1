// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Credentials
import Decision
import Transport

extension CarriedMessage {
    /// What the service gets of a request that is allowed, by what Envoy says of it and is told to change.
    ///
    /// - Returns: `nil` when a policy changes the query, which Envoy writes then.
    init?(_ question: MeshQuestion, _ outcome: Check.Outcome) {
        if let changes = outcome.verdict.changes {
            guard changes.query.isEmpty, changes.removedQuery.isEmpty else { return nil }
        }
        let requestFields = outcome.requestFields
        let added = requestFields.map { (name: $0.name.lowercased(), value: $0.value) }
        let gone = Set(
            outcome.removedFields(besides: requestFields) + SigV4Signer.fieldNames + added.map(\.name) + ["host"])
        let target = question.target.utf8
        let mark = target.firstIndex(of: UInt8(ascii: "?"))
        self.init(
            method: question.method, path: String(target[..<(mark ?? target.endIndex)]) ?? "",
            query: mark.flatMap { String(target[target.index(after: $0)...]) },
            fields: question.fields.filter { !gone.contains($0.name) } + added, body: question.body)
    }
}
