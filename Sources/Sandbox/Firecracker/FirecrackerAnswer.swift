// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Reads one answer of Firecracker's API out of the bytes that come, and refuses what is none. Pure.
struct FirecrackerAnswer {
    /// What came is no answer.
    struct Malformed: Error {
        let why: String
    }

    /// A whole answer.
    struct Whole {
        let status: UInt16
        /// `nil` where there is no body.
        let body: JSONValue?
    }

    private var parser = HTTP1ResponseParser(
        limits: HTTP1Limits(
            requestLineBytes: 512, headBytes: 4096, headerCount: 16, fieldLineBytes: 1024, informationalResponses: 1))
    private var bytes: [UInt8] = []
    private var bodyStart: Int?
    private var bodyCount = 0

    /// The longest body.
    static let bodyLimit = 64 << 10

    /// Takes further bytes in; an answer, once it is whole.
    mutating func append(_ piece: some Sequence<UInt8>) throws(Malformed) -> Whole? {
        bytes.append(contentsOf: piece)
        if bodyStart == nil {
            switch bytes.withUnsafeBytes({ parser.parse($0) }) {
            case .needMore: return nil
            case .refused: throw Malformed(why: "a head that is none")
            case .complete(let count): bodyStart = count
            }
            guard parser.head.status >= 200 else { throw Malformed(why: "a status that asks for more") }
            switch parser.head.framing(forRequest: .get) {
            case .none: bodyCount = 0
            case .contentLength(let length):
                guard length <= UInt64(Self.bodyLimit) else { throw Malformed(why: "a body of \(length) bytes") }
                bodyCount = Int(length)
            case .chunked, .untilClose: throw Malformed(why: "a body of unknown length")
            }
        }
        guard let start = bodyStart else { return nil }
        let end = start &+ bodyCount
        guard bytes.count >= end else { return nil }
        guard bytes.count == end else { throw Malformed(why: "more than was asked for") }
        guard bodyCount > 0 else { return Whole(status: parser.head.status, body: nil) }
        guard let body = try? JSONValue(parsing: Array(bytes[start..<end])) else {
            throw Malformed(why: "a body that is no JSON")
        }
        return Whole(status: parser.head.status, body: body)
    }

    /// What went wrong, in Firecracker's words, as far as they can be shown.
    static func fault(_ body: JSONValue?) -> String {
        guard let text = body?["fault_message"]?.string, !text.isEmpty else { return "it gives no reason" }
        return String(decoding: text.utf8.prefix(300).map { (0x20...0x7e).contains($0) ? $0 : 0x3f }, as: UTF8.self)
    }
}
