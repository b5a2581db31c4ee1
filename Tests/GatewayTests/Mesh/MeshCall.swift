// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport

/// A call to a gate's mesh socket with messages that a test makes byte by byte.
struct MeshCall {
    /// What was answered: the head, and the trailers behind what came.
    let text: String

    /// Calls a method, such as `/grpc.health.v1.Health/Check`.
    ///
    /// - Parameter rest: What stands behind the messages and is none.
    init(_ method: String, of gate: RunningGate, _ messages: [[UInt8]], rest: [UInt8] = []) throws {
        var body: [UInt8] = []
        for message in messages {
            body.append(0)
            for shift in [24, 16, 8, 0] { body.append(UInt8(truncatingIfNeeded: message.count >> shift)) }
            body += message
        }
        body += rest
        let path = gate.directory + "/call"
        try Data(body).write(to: URL(filePath: path))
        text = try Program(
            "curl",
            [
                "-sSi", "--http2-prior-knowledge", "--max-time", "20", "--unix-socket", gate.directory + "/mesh.sock",
                "-H", "content-type: application/grpc", "-H", "te: trailers", "--data-binary", "@" + path,
                "http://gate" + method,
            ], keepsErrors: true
        ).outcome().text
    }

    /// The code of gRPC; `nil` where there is none.
    var status: Int? {
        guard let start = text.range(of: "grpc-status: ")?.upperBound else { return nil }
        return Int(text[start...].prefix { $0.isNumber })
    }

    /// A field of a message that has a length: text, bytes or another message.
    static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = bytes.count
        repeat {
            length.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return tag(number, 2) + length + bytes
    }

    /// A field of a message that is a number below 128.
    static func number(_ number: UInt8, _ value: UInt8) -> [UInt8] { tag(number, 0) + [value] }

    private static func tag(_ number: UInt8, _ type: UInt8) -> [UInt8] {
        number < 16 ? [number << 3 | type] : [number << 3 | type | 0x80, number >> 4]
    }
}
