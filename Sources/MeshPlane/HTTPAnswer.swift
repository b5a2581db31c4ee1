// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Transport

/// An answer of the HTTP variant: 200 with the fields of the request, or the refusal as the client gets it.
struct HTTPAnswer {
    private(set) var status: Int
    private(set) var fields: [(name: String, value: String)]
    private(set) var body: [UInt8]

    /// Something else than a decision.
    init(status: Int, _ sentence: String) {
        self.status = status
        fields = [(name: "content-type", value: "text/plain; charset=utf-8")]
        body = Array((sentence + "\n").utf8)
    }

    /// A decision.
    ///
    /// - Parameter isHead: Whether the question was `HEAD`, so that its answer has no body.
    init(_ outcome: Check.Outcome, isHead: Bool) {
        if outcome.verdict.effect == .allow {
            status = 200
            fields = outcome.requestFields
            let removed = outcome.removedFields(besides: fields).joined(separator: ",")
            fields.append((name: "x-envoy-auth-headers-to-remove", value: removed))
            body = []
        } else {
            let problem = outcome.problem
            let (fields, text) = problem.parts
            status = problem.status
            self.fields = fields
            body = isHead ? [] : Array(text.utf8)
        }
        // A value that could end its line would say what nobody decided.
        guard fields.allSatisfy({ Self.isLine($0.name) && Self.isLine($0.value) }) else {
            self = HTTPAnswer(status: 500, "a field of the answer holds a control character")
            return
        }
    }

    private static func isLine(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

    /// The answer as HTTP/1.1 has it.
    ///
    /// - Parameter isLast: Whether the connection is closed behind it.
    func bytes(isLast: Bool) -> ByteBuffer {
        var text = "HTTP/1.1 \(status) \(Problem.phrase(of: status))\r\n"
        for field in fields { text += "\(field.name): \(field.value)\r\n" }
        text += "content-length: \(body.count)\r\n"
        if isLast { text += "connection: close\r\n" }
        var bytes = ByteBuffer(string: text + "\r\n")
        bytes.writeBytes(body)
        return bytes
    }
}

extension MeshConnection {
    /// Prepares the decision on a question of the HTTP variant.
    ///
    /// - Returns: `nil` when it is answered already.
    func ask(
        _ head: HTTPQuestionHead, _ body: [UInt8], then answer: @escaping (HTTPAnswer) -> Void
    ) -> CheckRun? {
        guard isEnvoy() else { return refuse(Self.stranger, status: 403, answer) }
        guard head.isQuestion else {
            return refuse(
                "questions stand below \(MeshQuestion.httpPrefix)SERVICE; gRPC needs http2_protocol_options",
                status: 404, answer)
        }
        let question: Result<MeshQuestion, Check.Refusal>
        do throws(MeshQuestion.HTTPFailure) {
            question = .success(try MeshQuestion(http: head, body: body))
        } catch {
            question = .failure(Check.Refusal(.protocolViolation, "\(error)"))
        }
        return CheckRun(question, on: self) { answer(HTTPAnswer($0, isHead: head.isHead)) }
    }

    /// Prepares the refusal of what cannot be read as a question.
    ///
    /// - Returns: `nil` when it is answered already.
    func refuse(_ detail: String, then answer: @escaping (HTTPAnswer) -> Void) -> CheckRun? {
        guard isEnvoy() else { return refuse(Self.stranger, status: 403, answer) }
        return CheckRun(.failure(Check.Refusal(.protocolViolation, detail)), on: self) {
            answer(HTTPAnswer($0, isHead: false))
        }
    }

    private func refuse(_ sentence: String, status: Int, _ answer: (HTTPAnswer) -> Void) -> CheckRun? {
        answer(HTTPAnswer(status: status, sentence))
        return nil
    }
}
