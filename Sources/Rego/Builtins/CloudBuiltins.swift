// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto

/// `providers.aws.sign_req`.
enum CloudBuiltins {
    static let all: [Builtin] = [
        Builtin(
            "providers.aws.sign_req", [.map(.string, .any), .map(.string, .any), .number], .map(.any, .any),
            evaluate: sign)
    ]

    private static let settings = ["aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"]

    private static func sign(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let request = try arguments.object(0)
        let configuration = arguments[1]
        guard configuration.tag == .object else { throw .operand(1, mustBe: "object", got: configuration) }
        try checkSettings(configuration, context)
        guard arguments[2].isNumber else { throw .operand(1, mustBe: "number", got: arguments[2]) }
        guard let time = arguments[2].literalInteger else {
            throw .type("operand 3 could not convert time_ns value into a unix timestamp")
        }
        try RequestBuiltins.checkRequest(request, context)
        let heap = context.heap
        let given = request.member(heap.string("headers"))
        guard given.isUndefined || given.tag == .object else { throw .operand(0, mustBe: "object", got: given) }
        let invalid = ["method", "url"].map { heap.string($0) }.filter { !request.member($0).isString }
        if !invalid.isEmpty {
            throw .type(
                "operand 1 invalid values for required request parameters(s): \(RegoPrinter.string(heap.set(invalid)))")
        }
        let isUnsigned = configuration.member(heap.string("disable_payload_signing"))
        guard isUnsigned.isUndefined || isUnsigned.isBoolean else {
            throw .type("operand 2 invalid value for 'disable_payload_signing' in AWS config")
        }
        let body = try body(of: request, context)
        try context.charge(body.count / 16 &+ 64)
        let signature = RequestSignature(
            key: text(configuration, "aws_access_key", heap),
            secret: text(configuration, "aws_secret_access_key", heap),
            token: text(configuration, "aws_session_token", heap), region: text(configuration, "aws_region", heap),
            service: text(configuration, "aws_service", heap), time: ZonedTime(nanoseconds: time, zone: .utc))
        let headers = heap.object(
            given.members.map { (key: $0.key, value: $0.value.isString ? $0.value : heap.string("")) })
        let added = signature.headers(
            method: text(request, "method", heap), url: RequestTarget(text(request, "url", heap)),
            headers: headers.members.map { (Array($0.key.utf8), Array($0.value.utf8)) },
            payload: isUnsigned.isTrue ? Array("UNSIGNED-PAYLOAD".utf8) : Self.hexadecimal(SHA256.hash(data: body)))
        for (name, value) in added { heap.update(heap.string(name), to: heap.string(value), in: headers) }
        let result = heap.object(Array(request.members))
        heap.update(heap.string("headers"), to: headers, in: result)
        return result
    }

    private static func checkSettings(_ configuration: Value, _ context: BuiltinContext) throws(BuiltinFailure) {
        let heap = context.heap
        let names = settings.map { heap.string($0) }
        let missing = names.filter { !configuration.contains($0) }
        if !missing.isEmpty {
            throw .type(
                "operand 2 missing required AWS config parameters(s): \(RegoPrinter.string(heap.set(missing)))")
        }
        let invalid = names.filter { !configuration.member($0).isString }
        if !invalid.isEmpty {
            throw .type(
                "operand 2 invalid values for required AWS config parameters(s): \(RegoPrinter.string(heap.set(invalid)))"
            )
        }
    }

    private static func text(_ object: Value, _ key: String, _ heap: Heap) -> [UInt8] {
        Array(object.member(heap.string(key)).utf8)
    }

    private static func body(of request: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> [UInt8] {
        let raw = request.member(context.heap.string("raw_body"))
        if raw.isDefined { return Array(raw.utf8) }
        let body = request.member(context.heap.string("body"))
        guard body.isDefined else { return [] }
        var options = JSONWriter.Options()
        options.escapesHTML = true
        options.byteLimit = context.limits.stringBytes
        var writer = JSONWriter(options)
        try writer.write(body)
        return writer.bytes
    }

    static func hexadecimal(_ digest: some Sequence<UInt8>) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}

/// The parts of a URL that are signed.
struct RequestTarget {
    /// With the port.
    let host: [UInt8]
    /// As it stands in the URL, with characters escaped that may not stand there.
    let path: [UInt8]
    /// Without the question mark.
    let query: [UInt8]

    init(_ url: [UInt8]) {
        var rest = url.prefix { $0 != UInt8(ascii: "#") }
        if let question = rest.firstIndex(of: UInt8(ascii: "?")) {
            query = Array(rest[(question &+ 1)...])
            rest = rest[..<question]
        } else {
            query = []
        }
        if let colon = rest.firstIndex(of: UInt8(ascii: ":")), rest[colon...].starts(with: "://".utf8) {
            rest = rest.dropFirst(colon &+ 3)
            let authority = rest.prefix { $0 != UInt8(ascii: "/") }
            rest = rest.dropFirst(authority.count)
            let user = authority.lastIndex(of: UInt8(ascii: "@")).map { $0 &+ 1 }
            host = Array(authority[(user ?? authority.startIndex)...])
        } else {
            host = []
        }
        path = rest.flatMap { byte in
            byte <= 0x20 || byte >= 0x7F || "\"<>\\^`{|}".utf8.contains(byte)
                ? [UInt8(ascii: "%")] + CloudBuiltins.hexadecimal([byte]).map { $0 >= 0x61 ? $0 &- 0x20 : $0 } : [byte]
        }
    }
}

/// The signature of version 4 of Amazon's web services.
private struct RequestSignature {
    let key: [UInt8]
    let secret: [UInt8]
    let token: [UInt8]
    let region: [UInt8]
    let service: [UInt8]
    let time: ZonedTime

    private static let ignored = ["authorization", "user-agent", "x-amzn-trace-id"].map { Array($0.utf8) }

    /// The headers that sign a request, in the order in which they are added to it.
    func headers(
        method: [UInt8], url: RequestTarget, headers: [([UInt8], [UInt8])], payload: [UInt8]
    ) -> [([UInt8], [UInt8])] {
        let date = TimeLayout(Array("20060102".utf8)).write(time)
        let moment = TimeLayout(Array("20060102T150405Z".utf8)).write(time)
        var added = [(Array("host".utf8), url.host), (Array("x-amz-date".utf8), moment)]
        if service.elementsEqual("s3".utf8) || service.elementsEqual("glacier".utf8) {
            added.append((Array("x-amz-content-sha256".utf8), payload))
        }
        if !token.isEmpty { added.append((Array("x-amz-security-token".utf8), token)) }
        var signed: [[UInt8]: [UInt8]] = [:]
        for (name, value) in added { signed[name] = value }
        for (name, value) in headers {
            let lowered = name.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
            if !Self.ignored.contains(lowered) { signed[lowered] = value }
        }
        let names = signed.keys.sorted { $0.lexicographicallyPrecedes($1) }
        let list = Array(names.joined(separator: [UInt8(ascii: ";")]))
        var canonical = lines([method, url.path, url.query])
        for name in names { canonical += name + [UInt8(ascii: ":")] + (signed[name] ?? []) + [0x0A] }
        canonical += [0x0A] + list + [0x0A] + payload
        let scope = Array([date, region, service, Array("aws4_request".utf8)].joined(separator: [UInt8(ascii: "/")]))
        let message =
            lines([Array("AWS4-HMAC-SHA256".utf8), moment, scope])
            + CloudBuiltins.hexadecimal(SHA256.hash(data: canonical))
        var signingKey = Array("AWS4".utf8) + secret
        for part in [date, region, service, Array("aws4_request".utf8)] { signingKey = code(part, signingKey) }
        let authorization =
            Array("AWS4-HMAC-SHA256 Credential=".utf8) + key + [UInt8(ascii: "/")] + scope + ",SignedHeaders=".utf8
            + list + ",Signature=".utf8 + CloudBuiltins.hexadecimal(code(message, signingKey))
        return [(Array("Authorization".utf8), authorization)] + added
    }

    private func lines(_ parts: [[UInt8]]) -> [UInt8] {
        parts.flatMap { $0 + [0x0A] }
    }

    private func code(_ message: [UInt8], _ key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }
}
