// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// What the gate would write otherwise than the client did. Whoever carries the request sends on what the client wrote, so
/// that such a request is not the one that was judged.
enum CarriedDifference: Error, Sendable, Hashable {
    /// The method.
    case method
    /// The path or the query.
    case target
    /// The body names its task, which is the gate's alone to know.
    case taskHandle
    /// Members of the body.
    case body

    private static let limits = JSONLimits(bytes: 64 << 20, values: 200_000, stringBytes: 64 << 20)

    /// `nil` when there is no difference in meaning.
    init?(between request: MediatedRequest, and forwarded: ForwardedRequest) {
        let target = request.path + (request.query.map { "?\($0)" } ?? "")
        if let method = forwarded.method, !method.utf8.elementsEqual(request.method.utf8) {
            self = .method
        } else if let path = forwarded.path, !path.utf8.elementsEqual(target.utf8) {
            self = .target
        } else if forwarded.taskHandle != nil {
            self = .taskHandle
        } else if !Self.isSame(request.body, forwarded.body) {
            self = .body
        } else {
            return nil
        }
    }

    private static func isSame(_ body: [UInt8], _ written: [UInt8]) -> Bool {
        if body == written { return true }
        guard let body = try? JSONValue(parsing: body, limits: limits),
            let written = try? JSONValue(parsing: written, limits: limits)
        else { return false }
        return body.canonicalBytes == written.canonicalBytes
    }
}

extension CarriedDifference: CustomStringConvertible {
    var description: String {
        let remedy = "send it without, or call the service through the gate"
        return switch self {
        case .method: "the gate would send another method, and here it cannot; \(remedy)"
        case .target: "the gate would write the path or the query otherwise, and here it cannot; \(remedy)"
        case .taskHandle: "a task's handle in the body would reach the service; send Yett-Task"
        case .body: "the gate would leave members of the body out, and here it cannot; \(remedy)"
        }
    }
}
