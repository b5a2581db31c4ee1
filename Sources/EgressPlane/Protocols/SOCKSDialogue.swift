// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Protocols
import Transport

/// The messages of a SOCKS5 client before its tunnel opens (RFC 1928, RFC 1929).
struct SOCKSDialogue {
    /// The first byte of every SOCKS5 connection.
    static let version: UInt8 = 5
    /// The reply that opens the tunnel.
    static let accepted = ByteBuffer(bytes: SOCKS5Reply.succeeded.message)

    var parser = SOCKS5Parser()
    var credentials = BearerCredentials.absent

    /// The reply to a refused request.
    static func refused(_ reason: ReasonCode) -> ByteBuffer {
        let reply: SOCKS5Reply =
            switch reason {
            case .upstreamUnreachable: .connectionRefused
            case .nameNotFound, .nameServiceFailed: .hostUnreachable
            case .auditUnavailable, .draining, .limitReached: .generalFailure
            default: .notAllowed
            }
        return ByteBuffer(bytes: reply.message)
    }
}

extension ProxyConnection {
    /// Phase `head` of a SOCKS5 connection.
    func readSOCKS() {
        var dialogue = self.dialogue ?? SOCKSDialogue()
        while let bytes = received, bytes.readableBytes > 0 {
            let isInRequest = dialogue.parser.isInRequest
            let event = bytes.withUnsafeReadableBytes { dialogue.parser.read($0) }
            switch event {
            case .needMore:
                self.dialogue = dialogue
                resumeReading()
                return
            case .greeting(let offersNone, let offersPassword, let consumed):
                received?.moveReaderIndex(forwardBy: consumed)
                // A password is asked for only where a token could count.
                let wantsToken = caller.identification.contains(.token) && offersPassword
                let method: SOCKS5Method? = wantsToken ? .password : offersNone ? SOCKS5Method.none : nil
                write(ByteBuffer(bytes: SOCKS5Reply.selection(method)))
                flush()
                guard let method else {
                    self.dialogue = dialogue
                    refuseConnection(
                        .identityMissing, detail: "this listener takes SOCKS5 without or with a password", reply: nil)
                    return
                }
                dialogue.parser.select(method)
            case .credentials(_, let password, let consumed):
                dialogue.credentials = bytes.withUnsafeReadableBytes {
                    BearerCredentials(token: password.slice(of: $0))
                }
                received?.moveReaderIndex(forwardBy: consumed)
                write(ByteBuffer(bytes: SOCKS5Reply.authentication(succeeded: true)))
                flush()
            case .connect(let endpoint, let consumed):
                received?.moveReaderIndex(forwardBy: consumed)
                self.dialogue = dialogue
                beginSOCKSTunnel(to: endpoint, dialogue.credentials)
                return
            case .refused(let refusal):
                self.dialogue = dialogue
                refuseConnection(
                    .protocolViolation, detail: refusal.rawValue,
                    reply: isInRequest ? refusal.reply : nil)
                return
            }
        }
        self.dialogue = dialogue
        if isInputClosed { end(CutReason(.closed), isOrderly: true) } else { resumeReading() }
    }
}
