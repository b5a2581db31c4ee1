// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import NIOCore
import Protobufs
import Protocols
import SwiftProtobuf
import Testing
import Transport

@testable import MeshPlane

/// Bytes that nobody meant as questions, from a generator that says the same each time.
@Suite("Malformed questions") struct QuestionNoiseTests {
    private struct Noise: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 11 ^ state << 21
        }
    }

    private static let agent = "spiffe://gate.test/agent/a"

    /// An agent that may read `/open/` of a service.
    private static func core() throws -> MeshCore {
        let id = try SPIFFEID(parsing: agent)
        let snapshot = Snapshot(
            revision: 1, digest: "", trustDomain: id.trustDomain,
            agents: AgentDirectory(agents: [.init(id: id, allowsCertificate: true)]),
            grants: [:], addressGuard: AddressGuard(exceptions: [], ownListeners: []))
        let destination = Destination(host: try Host(parsing: "files.test"), port: 443, scheme: .https)
        let settings = MeshSettings(services: [
            MeshService(name: "files", language: .http, destination: destination, hosts: ["files.test"]),
            MeshService(name: "read", language: .read, destination: destination),
        ])
        return MeshCore(
            authorizer: Authorizer(snapshot: snapshot), registry: Registry(shards: 1), settings: settings,
            services: CarriedServices(
                read: { _ in .unread }, obtain: { $4(.failure(CarriedFailure("nothing is obtained here"))) }),
            leaks: LeakInspector(), isAuditAvailable: { true })
    }

    private static func question() -> Envoy_Service_Auth_V3_CheckRequest {
        var request = Envoy_Service_Auth_V3_CheckRequest()
        request.attributes.source.principal = agent
        request.attributes.source.address.socketAddress.address = "127.0.0.1"
        request.attributes.contextExtensions = ["service": "read", "mode": "observe"]
        request.attributes.request.http.method = "POST"
        request.attributes.request.http.path = "/open/a?b=c"
        request.attributes.request.http.host = "files.test"
        request.attributes.request.http.headers = [
            "content-type": "application/json", "x-envoy-auth-partial-body": "false", "yett-task": "yth_x",
        ]
        request.attributes.request.http.size = 2
        request.attributes.request.http.rawBody = .init("{}".utf8)
        return request
    }

    @Test("end in a refusal, whatever they are", .timeLimit(.minutes(1)))
    func noise() throws {
        let core = try Self.core()
        let whole: [UInt8] = try Self.question().serializedBytes()
        var noise = Noise(state: 42)
        var read = 0
        for _ in 0..<100_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &noise) {
                let index = Int.random(in: 0..<bytes.count, using: &noise)
                switch UInt8.random(in: 0..<4, using: &noise) {
                case 0: bytes[index] = .random(in: .min ... .max, using: &noise)
                case 1: bytes.removeSubrange(index..<min(bytes.count, index + 9))
                case 2: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + 9)], at: index)
                default: bytes.replaceSubrange(index..., with: [UInt8](repeating: 0xFF, count: 5))
                }
                if bytes.isEmpty { bytes = [0] }
            }
            guard let question = bytes.withUnsafeBytes({ try? MeshQuestion(checkRequest: $0) }) else { continue }
            read += 1
            let check = Check(question: question, core: core, decision: DecisionID(rawValue: 1), time: 1_790_000_000)
            let outcome = check.judge()
            #expect(outcome.verdict.effect == .deny)
            let response = try Envoy_Service_Auth_V3_CheckResponse(serializedBytes: outcome.response)
            #expect(response.deniedResponse.status.code >= 400)
            _ = outcome.record(at: 0)
        }
        #expect(read > 1000)
    }

    @Test("over HTTP/1.1 are refused or read, in whatever pieces they come", .timeLimit(.minutes(1)))
    func http1Noise() {
        var noise = Noise(state: 11)
        let whole = Array(
            ("POST /yett/authorize/files/a?b=c HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n"
                + "x-forwarded-client-cert: URI=spiffe://a/b\r\n\r\n3;x=y\r\nabc\r\n0\r\n\r\n"
                + "GET /yett/authorize/files/a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc").utf8)
        var read = 0
        for _ in 0..<50_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 0...3, using: &noise) {
                let index = Int.random(in: 0..<bytes.count, using: &noise)
                switch UInt8.random(in: 0..<3, using: &noise) {
                case 0: bytes[index] = .random(in: .min ... .max, using: &noise)
                case 1: bytes.removeSubrange(index..<min(bytes.count, index + 9))
                default: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + 9)], at: index)
                }
            }
            var (reader, other) = (HTTP1QuestionReader(), HTTP1QuestionReader())
            var buffer = ByteBuffer(bytes: bytes)
            reader.append(&buffer)
            let expected = Self.questions(of: &reader)
            var answers: [String] = []
            for start in stride(from: 0, to: bytes.count, by: 7) {
                var piece = ByteBuffer(bytes: bytes[start..<min(bytes.count, start + 7)])
                other.append(&piece)
                answers += Self.questions(of: &other)
                if answers.last == "refused" { break }
            }
            // What stands behind a question is looked at before it is answered only where it has come already.
            let isLater =
                expected.last == "refused" && answers.last == "refused" && answers.count == expected.count + 1
                && answers.starts(with: expected.dropLast())
            #expect(answers == expected || isLater)
            read += expected.count { $0 != "refused" }
        }
        #expect(read > 10_000)
    }

    /// The questions that a reader has, up to a refusal.
    private static func questions(of reader: inout HTTP1QuestionReader) -> [String] {
        var questions: [String] = []
        while true {
            switch reader.next() {
            case .needMore: return questions
            case .refused: return questions + ["refused"]
            case .question(let head, let body, _):
                questions.append("\(head.method) \(head.path) \(head.fields.count) \(body)")
            }
        }
    }

    @Test("of the HTTP variant and of access logs are refused or read, and nothing else", .timeLimit(.minutes(1)))
    func otherNoise() {
        var noise = Noise(state: 7)
        let letters = Array("URI=spiffe://a/b;,\"\\Hash By%2\u{0}é".utf8)
        for _ in 0..<50_000 {
            let count = Int.random(in: 0...40, using: &noise)
            let text = String(
                decoding: (0..<count).map { _ in letters.randomElement(using: &noise) ?? 0 }, as: UTF8.self)
            if let client = try? ForwardedClient(text) { #expect(!client.uri.isEmpty) }
            let list = HTTP2HeaderList([
                (":method", "GET"), (":scheme", "https"), (":authority", "a.test"),
                (":path", "/yett/authorize/a/" + text), ("x-forwarded-client-cert", text),
            ])
            _ = try? MeshQuestion(http: HTTPQuestionHead(list, endStream: true), body: [])
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &noise) }
            do throws(CallStatus) {
                let message: Envoy_Service_Accesslog_V3_StreamAccessLogsMessage = try MeshMessage.decode(
                    ByteBuffer(bytes: bytes))
                #expect(message.httpLogs.logEntry.count <= count)
            } catch { #expect(error.code == .invalidArgument) }
            do throws(CallStatus) {
                let message: Envoy_Service_ExtProc_V3_ProcessingRequest = try MeshMessage.decode(
                    ByteBuffer(bytes: bytes))
                #expect(message.metadataContext.filterMetadata.count <= count)
            } catch { #expect(error.code == .invalidArgument) }
        }
    }
}
