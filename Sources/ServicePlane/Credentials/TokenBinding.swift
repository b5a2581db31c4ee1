// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Credentials
import Decision
import Identity

/// Who shares a token. The less is shared, the more tokens there are.
public enum TokenBinding: Sendable, Hashable {
    /// All callers: the token is the gate's own.
    case service
    /// The calls of one agent in one task, on behalf of one person, known as strongly.
    case caller
    /// The same, for one tool.
    case call
    /// Nobody: each decision has a token of its own.
    case decision

    /// What two requests must have in common to share a token; `nil` when nothing is shared.
    func key(_ request: CredentialRequest) -> TokenCacheKey? {
        switch self {
        case .service: TokenCacheKey(caller: [])
        case .caller: TokenCacheKey(caller: Self.caller(request.facts))
        case .call:
            TokenCacheKey(
                caller: Self.caller(request.facts),
                audience: Self.joined([
                    request.facts.operation.name.rawValue, request.facts.operation.tool ?? "",
                    request.facts.operation.tool == nil ? "" : "t",
                ]))
        case .decision: nil
        }
    }

    /// Everything that a token says of a caller, each part behind its length so that no two callers look the same.
    private static func caller(_ facts: Facts) -> [UInt8] {
        var parts = [
            facts.identity?.id.description ?? "", facts.identity.map { "\($0.strength)" } ?? "",
            facts.task?.id ?? "", facts.task == nil ? "" : "t",
        ]
        if let person = facts.person {
            parts += [person.issuer, person.subject, "\(person.authenticationTime)"]
        }
        return joined(parts)
    }

    private static func joined(_ parts: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            let text = part.utf8
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.count)) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: text)
        }
        return bytes
    }
}
