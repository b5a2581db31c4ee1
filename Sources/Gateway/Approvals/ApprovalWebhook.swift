// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import AuditTree
internal import Crypto
internal import Decision
internal import Identity
internal import Logging
internal import NIOCore
internal import Outbound
internal import Protocols
internal import Resolver
internal import ServiceLifecycle
internal import Telemetry
internal import YettConfiguration

/// Tells the webhook of new questions. Nothing that it answers decides anything.
///
/// The body is signed: `Yett-Signature` is `v1=` and HMAC-SHA256 over the text of `Yett-Timestamp`, a dot and the body,
/// in hexadecimal digits. Arguments are never in it.
struct ApprovalWebhook: Service {
    private let url: OutboundURL
    private let key: SymmetricKey
    private let client: GuardedClient
    private let notices: ApprovalNotices
    private let gate: Gate

    /// Attempts for one notice, and the pause before the second one, which doubles.
    private static let attempts = 3
    private static let pause = Duration.milliseconds(500)
    private static let interval = Duration.milliseconds(200)

    /// Prepares to tell a webhook.
    ///
    /// - Throws: ``GatewayError`` when the URL, the secret or the authorities cannot be used.
    init(
        _ webhook: ApprovalConfiguration.Webhook, notices: ApprovalNotices, names: any NameResolver, gate: Gate
    ) throws(GatewayError) {
        do {
            url = try OutboundURL(parsing: webhook.url)
            key = SymmetricKey(data: try SecretReader.read(webhook.secret))
            client = try GuardedClient(
                url.endpoint, isPrivateAllowed: webhook.isPrivateAllowed,
                trust: try .web(authorities: try webhook.authority.map { try SecretReader.read($0) }), names: names,
                limits: OutboundLimits(total: .seconds(5)), listeners: { [weak gate] in gate?.openListeners ?? [] })
        } catch {
            throw GatewayError(["approvals.webhook: \(error)"], isConfiguration: true)
        }
        self.notices = notices
        self.gate = gate
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: Self.interval)
                let (waiting, dropped) = notices.take()
                for approval in waiting { try await tell(approval) }
                if dropped > 0 {
                    gate.logger.error(
                        "notices of approvals were lost", metadata: [LogField.dropped: .stringConvertible(dropped)])
                }
            }
        }
    }

    private func tell(_ approval: Approval) async throws {
        var pause = Self.pause
        for attempt in 1...Self.attempts {
            // Who has been answered meanwhile need not be told of.
            guard gate.questions[approval.id]?.state == .waiting else { return }
            let problem: String
            var isFinal = attempt == Self.attempts
            do throws(OutboundError) {
                let status = try await send(approval)
                if (200..<300).contains(status) { return }
                problem = "it answered with status \(status)"
                if (400..<500).contains(status), status != 408, status != 429 { isFinal = true }
            } catch {
                problem = error.description
            }
            gate.logger.warning(
                "the webhook of approvals could not be told",
                metadata: [LogField.error: .string(problem), LogField.decision: .string("\(approval.decision)")])
            if isFinal { return }
            try await Task.sleep(for: pause)
            pause *= 2
        }
    }

    private func send(_ approval: Approval) async throws(OutboundError) -> UInt16 {
        let body = Self.body(approval)
        let timestamp = "\(gate.now)"
        var request = OutboundRequest(url, .post(body, type: "application/json"))
        request.fields += [
            ("yett-timestamp", timestamp), ("yett-signature", Self.signature(of: body, at: timestamp, key)),
        ]
        return UInt16(clamping: try await client.send(request).status)
    }

    /// What a webhook is told.
    static func body(_ approval: Approval) -> [UInt8] {
        let call = approval.call
        var object = JSONObject()
        object["type"] = "approval_requested"
        object["id"] = .string(approval.id.description)
        object["agent"] = .string(call.agent.description)
        object["service"] = .string(call.service)
        object["operation"] = .string(call.operation)
        object["tool"] = call.tool.map { .string($0) }
        object["method"] = call.method.map { .string($0) }
        object["digest"] = .string(Hexadecimal.encode(call.digest))
        object["task"] = call.task.map { .string($0) }
        object["asked_at"] = .integer(approval.askedAt)
        return JSONValue.object(object).bytes
    }

    /// The signature of a body.
    static func signature(of body: [UInt8], at timestamp: String, _ key: SymmetricKey) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(timestamp).".utf8) + body, using: key)
        return "v1=" + Hexadecimal.encode(Array(code))
    }
}
