// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import LeakDetection
package import NIOCore
internal import Protocols

/// Looks through both directions of a WebSocket: each message as a whole, whatever its fragments, and what the messages of
/// one direction form one after the other. A message is never rewritten; what would have to be taken out of it ends the
/// socket.
package struct LeakSocket: Sendable {
    /// A close frame of the gate's own: a policy was violated (1008, RFC 6455 section 7.4.1).
    package static let farewell = ByteBuffer(bytes: [0x88, 0x02, 0x03, 0xF0])

    private var up: LeakMessages
    private var down: LeakMessages

    init(_ matcher: LeakMatcher, _ rules: LeakRules, isEnforced: Bool) {
        up = LeakMessages(matcher, on: .body, rules, from: .client, isEnforced: isEnforced)
        down = LeakMessages(matcher, on: .result, rules, from: .server, isEnforced: isEnforced)
    }

    /// Takes bytes of the client.
    package mutating func takeUp(_ bytes: ByteBuffer) -> LeakMessages.Step { up.take(bytes) }

    /// Takes bytes of the server.
    package mutating func takeDown(_ bytes: ByteBuffer) -> LeakMessages.Step { down.take(bytes) }
}
