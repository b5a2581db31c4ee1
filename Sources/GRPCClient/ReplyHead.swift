// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOHPACK

/// What the first block of an answer's headers says.
enum ReplyHead: Equatable {
    /// Messages follow.
    case messages
    /// The answer is over.
    case end(CallFailure?)

    /// Reads the head.
    ///
    /// - Parameter isLast: Whether nothing follows.
    init(_ headers: HPACKHeaders, isLast: Bool) throws(CallFailure) {
        guard let status = Self.only(":status", in: headers) else { throw .broken("an answer without status") }
        guard status.utf8.elementsEqual("200".utf8) else { throw Self.failure(status) }
        guard let type = Self.only("content-type", in: headers), Self.isGRPC(type) else {
            throw .broken("an answer of another type")
        }
        if let encoding = Self.only("grpc-encoding", in: headers), !encoding.utf8.elementsEqual("identity".utf8) {
            throw .broken("a compressed answer")
        }
        self = isLast ? .end(try Self.trailer(headers)) : .messages
    }

    /// Reads `grpc-status` and `grpc-message`.
    ///
    /// - Returns: The failure, or nil for OK.
    static func trailer(_ headers: HPACKHeaders) throws(CallFailure) -> CallFailure? {
        guard let text = only("grpc-status", in: headers), (1...2).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let number = Int(text)
        else { throw .broken("an end without grpc-status") }
        // Codes that are not defined stand for UNKNOWN.
        let code = CallFailure.Code(rawValue: number) ?? .unknown
        return code == .ok ? nil : .status(code, CallFailure.legible(headers.first(name: "grpc-message") ?? ""))
    }

    /// What a status of HTTP means where gRPC was expected (gRPC, HTTP to gRPC status code mapping).
    private static func failure(_ status: String) -> CallFailure {
        let text = "HTTP status \(CallFailure.legible(status))"
        switch status {
        case "401": return .status(.unauthenticated, text)
        case "403": return .status(.permissionDenied, text)
        case "404": return .status(.notOffered, text)
        case "429", "502", "503", "504": return .status(.unavailable, text)
        default: return .broken(text)
        }
    }

    private static func only(_ name: String, in headers: HPACKHeaders) -> String? {
        let values = headers[name]
        return values.count == 1 ? values.first : nil
    }

    private static func isGRPC(_ type: String) -> Bool {
        let subtype = "application/grpc".utf8
        guard type.utf8.starts(with: subtype) else { return false }
        switch type.utf8.dropFirst(subtype.count).first {
        case nil, UInt8(ascii: "+"), UInt8(ascii: ";"): return true
        default: return false
        }
    }
}
