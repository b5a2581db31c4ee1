// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How a call ended, as gRPC says it.
package struct CallStatus: Error, Hashable, Sendable {
    /// The codes of the gRPC specification that this server uses.
    package enum Code: Int, Sendable {
        /// It was answered.
        case ok = 0
        /// Its caller went away.
        case cancelled = 1
        /// The request is none.
        case invalidArgument = 3
        /// It took too long.
        case deadlineExceeded = 4
        /// The caller may not ask.
        case permissionDenied = 7
        /// There is too much of something.
        case resourceExhausted = 8
        /// There is no such method here.
        case notOffered = 12
        /// A rule of gRPC was broken.
        case internalError = 13
        /// It cannot be answered at present.
        case unavailable = 14
    }

    /// How.
    package let code: Code
    /// A sentence for the caller; never anything of a key or a token.
    package let message: String

    /// Says how a call ended.
    package init(_ code: Code, _ message: String = "") {
        self.code = code
        self.message = message
    }

    /// It was answered.
    package static let ok = CallStatus(.ok)

    /// The message as the `grpc-message` field has it: percent-encoded but for visible ASCII and the space.
    package var encodedMessage: String {
        var encoded: [UInt8] = []
        for byte in message.utf8.prefix(1024) {
            if (0x20...0x7e).contains(byte), byte != UInt8(ascii: "%") {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                for digit in [byte >> 4, byte & 15] {
                    encoded.append(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "A") &+ digit &- 10)
                }
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
