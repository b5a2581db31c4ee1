// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Transport

/// Refusals in the words of gRPC: a head that is all there is, with the status among its fields.
enum GRPCRefusal {
    /// Whether a request is a call of gRPC.
    static func isAsked(by head: HTTP1RequestHead, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard let field = head.fields.first(named: "content-type", in: bytes) else { return false }
        let type = Array("application/grpc".utf8)
        let value = field.value.slice(of: bytes)
        guard value.count >= type.count, zip(value, type).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { return false }
        // `application/grpc-web` is another protocol.
        return value.count == type.count || [0x2B, 0x3B, 0x20].contains(value[type.count])
    }

    /// The answer.
    static func answer(_ problem: Problem) -> MediatedAnswer {
        let (fields, _) = problem.parts
        var answer = MediatedAnswer(status: 200)
        answer.fields = [MCPField("content-type", "application/grpc")]
        answer.fields += fields.filter { $0.name.hasPrefix("yett-") }.map { MCPField($0.name, $0.value) }
        answer.fields.append(MCPField("grpc-status", String(code(of: problem.status))))
        let detail = problem.verdict.detail ?? problem.verdict.reason.title
        answer.fields.append(
            MCPField("grpc-message", escape("\(problem.verdict.reason.rawValue): \(detail) (\(problem.decision))")))
        return answer
    }

    /// The gRPC status that says what a status of HTTP says.
    private static func code(of status: Int) -> Int {
        switch status {
        case 401, 407: unauthenticated
        case 404: notFound
        case 408, 504: deadlineExceeded
        case 400, 413, 414, 431: invalidArgument
        case 429: resourceExhausted
        case 400..<500: permissionDenied
        case 502, 503: unavailable
        default: internalError
        }
    }

    // The numbers of gRPC's statuses.
    private static let invalidArgument = 3
    private static let deadlineExceeded = 4
    private static let notFound = 5
    private static let permissionDenied = 7
    private static let resourceExhausted = 8
    private static let internalError = 13
    private static let unavailable = 14
    private static let unauthenticated = 16

    /// Percent-encodes what is not printable ASCII, as `grpc-message` wants it.
    private static func escape(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8.prefix(1024) {
            if byte >= 0x20, byte < 0x7F, byte != 0x25 {
                bytes.append(byte)
            } else {
                bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
