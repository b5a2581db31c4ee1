// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Credentials
import Crypto
import Decision
import NIOCore
import Protocols
import Transport

/// A call as a person is asked about it: what an approval is bound to, and what is shown.
///
/// Bound is the request as it is sent, besides fields that differ from one attempt to the next and mean nothing to the
/// service. Numbers count with the digits that they are written with, so that no two calls that a service could tell apart
/// have one digest.
struct HeldRequest {
    /// SHA-256 of what an approval is bound to.
    let digest: [UInt8]
    /// What a person is shown, with secrets left out.
    let shown: String

    /// Fields that a repeated request may have otherwise.
    private static let volatile: Set<String> = [
        "accept", "accept-encoding", "accept-language", "baggage", "content-length", "date", "expect", "host", "prefer",
        "priority", "traceparent", "tracestate", "transfer-encoding", "user-agent", "via", "x-request-id",
    ]

    /// A call of which a mediation says what is in it.
    init(_ content: HeldContent, secrets: SecretPatterns?) {
        digest = Array(SHA256.hash(data: content.bound))
        shown = Self.text(content.shown, secrets)
    }

    /// A request as it is sent.
    ///
    /// - Parameters:
    ///   - head: The head without the gate's credential.
    ///   - trailers: The fields behind the body that pass.
    init(_ head: WrittenHead, body: ByteBuffer?, trailers: [TrailerField], secrets: SecretPatterns?) {
        var hash = SHA256()
        var text: [UInt8] = []
        let kept = head.fields.filter { !Self.volatile.contains(String(decoding: $0.name, as: UTF8.self)) }
        for line in [head.requestLine] + kept.map(\.line) {
            hash.update(data: Self.length(line.count))
            hash.update(data: Array(line))
            text += line + [0x0A]
        }
        let body = body.map { Array($0.readableBytesView) } ?? []
        // No line is empty, so this ends them.
        hash.update(data: Self.length(0))
        hash.update(data: Self.length(body.count))
        hash.update(data: body)
        if !body.isEmpty { text += [0x0A] + body }
        for trailer in trailers {
            let line = Array("\(trailer.name): \(trailer.value)".utf8)
            hash.update(data: Self.length(line.count))
            hash.update(data: line)
            text += [0x0A] + line
        }
        digest = Array(hash.finalize())
        shown = Self.text(text, secrets)
    }

    private static func length(_ count: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 &- $0 &* 8)) }
    }

    /// A text without the secrets that the gate keeps; what is no UTF-8 becomes visible.
    private static func text(_ bytes: [UInt8], _ secrets: SecretPatterns?) -> String {
        String(decoding: secrets.map { $0.redact(bytes).0 } ?? bytes, as: UTF8.self)
    }
}

/// What a mediation says of a call that is held.
struct HeldContent {
    /// What an approval is bound to.
    var bound: [UInt8]
    /// What a person is shown; nothing of it is a secret.
    var shown: [UInt8]
}

extension Mediation {
    /// Nothing is known.
    func foresee(_ facts: Facts) -> Verdict? { nil }
    /// The approval that the message itself brought along.
    var broughtApproval: ApprovalID? { nil }
    /// What an approval is bound to; `nil` where that is the request as it is sent.
    var heldContent: HeldContent? { nil }
    /// Tells a client to come back for a person's answer; `nil` where it has to wait.
    func pending(_ approval: ApprovalID) -> MediatedAnswer? { nil }
}
