// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// How a call ended, as gRPC says it.
struct CallStatus: Error, Hashable, Sendable {
    /// The codes of the gRPC specification that this server uses.
    enum Code: Int, Sendable {
        case ok = 0
        case cancelled = 1
        case invalidArgument = 3
        case deadlineExceeded = 4
        case permissionDenied = 7
        case resourceExhausted = 8
        case notOffered = 12
        case internalError = 13
        case unavailable = 14
    }

    let code: Code
    /// A sentence for the caller; never anything of a key or a token.
    let message: String

    init(_ code: Code, _ message: String = "") {
        self.code = code
        self.message = message
    }

    static let ok = CallStatus(.ok)

    /// What the specification of the Workload Endpoint has for it.
    init(_ error: IdentitySourceError) {
        switch error {
        case .notReady: self.init(.unavailable, "\(error)")
        case .denied: self.init(.permissionDenied, "no identity issued")
        case .expired: self.init(.unavailable, "\(error)")
        case .invalidRequest, .refused: self.init(.invalidArgument, "\(error)")
        // How it failed is the operator's business and stands in the log.
        case .failed: self.init(.unavailable, "the identities are unavailable at present")
        }
    }

    /// The message as the `grpc-message` field has it: percent-encoded but for visible ASCII and the space.
    var encodedMessage: String {
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
