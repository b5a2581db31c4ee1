// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The answer to a message that must not be forwarded: the reason and who is to blame.
public struct HTTP1Refusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which message is at fault.
    public enum Message: UInt8, Sendable, Hashable {
        /// The client's request.
        case request
        /// The upstream's response.
        case response
    }

    /// Why.
    public let reason: HTTP1RefusalReason

    /// Whose message.
    public let message: Message

    /// A refusal of one message for one reason.
    public init(_ reason: HTTP1RefusalReason, in message: Message = .request) {
        self.reason = reason
        self.message = message
    }

    /// The stable reason code, for records and the `Yett-Reason` field.
    public var code: String { reason.rawValue }

    /// The status for the client: 502 when the upstream is at fault.
    public var status: UInt16 { message == .response ? 502 : reason.status }

    /// The sentence for the client and the log.
    public var description: String { reason.sentence }
}
