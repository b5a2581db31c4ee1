// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// The head of a request in the HTTP variant, whichever version of HTTP it came over.
struct HTTPQuestionHead {
    var method = ""
    /// As it was sent, with the query.
    var path = ""
    var host = ""
    var scheme = ""
    /// What Envoy passes on of the request; names in lower case. What is about the connection to the gate is left out, and
    /// so is the length of the body, which is that of the part that Envoy shows.
    var fields: [(name: String, value: String)] = []

    /// Whether the answer has no body, whatever it is.
    var isHead: Bool { method.utf8.elementsEqual("HEAD".utf8) }

    /// Whether it asks for a decision at all.
    var isQuestion: Bool { path.utf8.starts(with: MeshQuestion.httpPrefix.utf8) }

    /// The length of the body, where the head tells it.
    private(set) var length: UInt64?

    /// The head of an HTTP/2 request, judged as one of HTTP/1.1 that says the same.
    ///
    /// - Parameter endStream: Whether the request ends with its head.
    init(_ fields: HTTP2HeaderList, endStream: Bool) throws(HTTP1Refusal) {
        var translator = HTTP2RequestTranslator(limits: HTTP1QuestionReader.limits)
        fields.forEachField { translator.add(name: $0, value: $1) }
        if let reason = translator.finish(endStream: endStream) { throw HTTP1Refusal(reason) }
        var parser = HTTP1RequestParser(limits: HTTP1QuestionReader.limits)
        let head = translator.message.withUnsafeBytes { bytes -> Result<Self?, HTTP1Refusal> in
            switch parser.parse(bytes) {
            case .complete(bytes.count): .success(Self(parser.head, in: bytes))
            case .refused(let refusal): .failure(refusal)
            case .complete, .needMore: .failure(HTTP1Refusal(.badFieldValue))
            }
        }
        guard var head = try head.get() else { throw HTTP1Refusal(.badFieldValue) }
        head.scheme = fields.text(":scheme") ?? ""
        self = head
    }

    /// The head of an HTTP/1 request.
    ///
    /// - Parameter bytes: What it was read from.
    /// - Returns: `nil` when a value is not UTF-8, or `Connection` names fields that a question could need.
    init?(_ head: HTTP1RequestHead, in bytes: UnsafeRawBufferPointer) {
        guard head.fields.nominated.isEmpty else { return nil }
        method = head.methodRange.text(in: bytes)
        path = head.targetRange.text(in: bytes)
        host = head.fields.host?.text(in: bytes) ?? ""
        length = head.fields.contentLength
        fields.reserveCapacity(head.fields.all.count)
        for field in head.fields.all {
            switch field.knownName {
            case .host, .contentLength, .transferEncoding, .connection, .proxyConnection, .keepAlive, .te, .trailer,
                .http2Settings, .expect:
                continue
            default: break
            }
            guard let value = String(utf8: field.value.slice(of: bytes)) else { return nil }
            fields.append((field.name.text(in: bytes).lowercased(), value))
        }
    }
}
