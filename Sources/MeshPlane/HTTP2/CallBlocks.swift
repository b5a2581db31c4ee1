// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Transport

/// Header sections of answers to calls of gRPC, compressed.
enum CallBlocks {
    /// Before the first message.
    static let head: [UInt8] = {
        var block: [UInt8] = []
        HPACKEncoder.append(status: 200, to: &block)
        HPACKEncoder.append(name: "content-type", value: "application/grpc", to: &block)
        return block
    }()

    /// Behind the last message of a call that succeeded.
    static let success = status(.ok)

    /// Behind the last message.
    static func status(_ status: CallStatus) -> [UInt8] {
        var block: [UInt8] = []
        HPACKEncoder.append(name: "grpc-status", value: "\(status.code.rawValue)", to: &block)
        if status != .ok { HPACKEncoder.append(name: "grpc-message", value: status.encodedMessage, to: &block) }
        return block
    }

    /// The whole answer to a call that is not answered with a message.
    static func refusal(_ status: CallStatus) -> [UInt8] { head + Self.status(status) }
}
