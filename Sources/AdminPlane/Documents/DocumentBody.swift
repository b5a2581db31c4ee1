// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore
internal import PolicyBundle
internal import Rego

/// Bodies of requests to OPA's REST API: JSON or YAML, as they are or in gzip.
enum DocumentBody {
    /// The longest body, as sent and unpacked; the limits of the policy come on top.
    static let longest = 64 << 20

    /// The body as JSON or YAML says it; YAML becomes JSON.
    static func read(_ request: Request) async throws -> [UInt8] {
        var bytes: [UInt8]
        do {
            bytes = Array(try await request.body.collect(upTo: longest).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
        switch request.headers[.contentEncoding] {
        case nil, "identity": break
        case "gzip":
            do throws(BundleFailure) {
                bytes = try Gzip.inflate(bytes, limit: longest)
            } catch {
                if case .limit = error { throw tooLarge }
                throw DocumentError.malformed("could not decompress the body: \(error)")
            }
        case let other?: throw DocumentError.malformed("the body's encoding \(other) is not known; gzip is")
        }
        guard !bytes.isEmpty, request.headers[.contentType]?.contains("yaml") == true else { return bytes }
        return try json(fromYAML: bytes)
    }

    private static let tooLarge = DocumentError(
        status: 413, code: "invalid_parameter", message: "request body too large: more than \(longest) bytes")

    private static func json(fromYAML bytes: [UInt8]) throws(DocumentError) -> [UInt8] {
        let heap = Heap()
        defer { withExtendedLifetime(heap) {} }
        guard String(validating: bytes, as: UTF8.self) != nil, let reader = BuiltinTable.standard["yaml.unmarshal"]
        else { throw .malformed("body contains malformed input document: it is not UTF-8") }
        do throws(BuiltinFailure) {
            return JSONWriter.bytes(try reader([heap.string(bytes)], BuiltinContext(heap: heap, limits: limits)))
        } catch {
            switch error {
            case .type(let message), .value(let message), .halt(_, let message):
                throw .malformed("body contains malformed input document: \(message)")
            case .limit(let limit):
                throw .malformed("body contains malformed input document: it reaches the limit of \(limit.rawValue)")
            }
        }
    }

    /// Refuses what is not JSON.
    static func check(_ bytes: [UInt8], _ what: String) throws(DocumentError) {
        _ = try read(bytes, Heap(), what)
    }

    /// Reads JSON.
    static func read(_ bytes: [UInt8], _ heap: Heap, _ what: String) throws(DocumentError) -> Value {
        do throws(JSONFailure) {
            return try JSONReader(heap: heap, limits: limits).read(bytes)
        } catch {
            switch error {
            case .malformed(_, let problem): throw .malformed("\(what): \(problem.description)")
            case .limit(let limit): throw .malformed("\(what): it reaches the limit of \(limit.rawValue)")
            }
        }
    }

    private static let limits: Limits = {
        var limits = Limits()
        limits.inputBytes = longest
        return limits
    }()
}
