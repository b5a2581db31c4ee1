// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Hummingbird
import Identity
import InMemoryLogging
import Logging
import Testing

@testable import IdentityPlane

/// The endpoints over HTTP, as curl sees them.
@Suite struct TokenRoutesTests {
    private static let secretBody = "subject_token=th_secret-value&grant_type=x"

    @Test func `HTTP carries the answers, forbids to keep them and logs no secret`() async throws {
        let harness = try TokenHarness()
        let log = InMemoryLogHandler()
        var logger = Logger(label: "tokens") { _ in log }
        logger.logLevel = .trace
        let routes = TokenRoutes<BasicRequestContext>(harness.service) { _ in harness.coder }
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: routes, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) }, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var port = 0
            for await found in ports {
                port = found
                break
            }
            let base = "http://127.0.0.1:\(port)"
            let keys = try await Self.curl(["-i", base + "/token/keys"])
            #expect(keys.contains("200 OK") && keys.contains("public, max-age=60") && keys.contains("\"kty\":\"EC\""))
            let refused = try await Self.curl(["-i", "-d", Self.secretBody, base + "/token"])
            #expect(refused.contains("400 Bad Request") && refused.lowercased().contains("cache-control: no-store"))
            #expect(refused.contains(#"{"error":"unsupported_grant_type"}"#) && !refused.contains("th_secret-value"))
            var form: [String] = []
            for (name, value) in TokenHarness.fields { form += ["--data-urlencode", "\(name)=\(value)"] }
            #expect(try await Self.curl(form + [base + "/token"]).contains(#""token_type":"Bearer""#))
            let twice = try await Self.curl(form + ["-H", "DPoP: a", "-H", "DPoP: b", base + "/token"])
            #expect(twice.contains("invalid_dpop_proof"))
            let bearer = try await Self.curl(form + ["-i", "-H", "Authorization: Bearer x", base + "/token"])
            #expect(bearer.contains("401 Unauthorized"))
            let json = try await Self.curl(["-H", "Content-Type: application/json", "-d", "{}", base + "/token"])
            #expect(json.contains("invalid_request"))
            #expect(try await Self.curl(["-i", base + "/nothing"]).contains("404 Not Found"))
            group.cancelAll()
        }
        let lines = log.entries.map { "\($0.message) \($0.metadata)" }.joined(separator: "\n")
        #expect(!lines.contains("th_") && !lines.contains("eyJ"))
    }

    private static func curl(_ arguments: [String]) async throws -> String {
        try await onOwnThread {
            try Program("curl", ["-sS", "--max-time", "20"] + arguments, keepsErrors: true).outcome().text
        }
    }
}
