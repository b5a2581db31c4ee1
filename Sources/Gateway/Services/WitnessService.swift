// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AsyncHTTPClient
internal import AuditTree
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import ServiceLifecycle
internal import Storage
internal import Telemetry
internal import YettConfiguration

/// Has the configured witnesses cosign each new head of the audit tree (C2SP tlog-witness).
///
/// A witness that does not answer delays nothing: decisions do not wait for cosignatures.
struct WitnessService: Service {
    private struct Asked: Sendable {
        let url: String
        var client: WitnessClient
    }

    private static let largestAnswer = 64 << 10

    private let log: AuditLog
    private let logger: Logger
    private let witnesses: [Asked]
    private let interval: Duration

    /// Reads the witnesses' keys.
    ///
    /// - Parameter interval: How long to wait before looking for a new head.
    /// - Throws: ``GatewayError`` that names a key that cannot be used.
    init(
        _ witnesses: [WitnessConfiguration], log: AuditLog, logger: Logger, interval: Duration = .seconds(10)
    ) throws(GatewayError) {
        var asked: [Asked] = []
        for witness in witnesses {
            guard let key = NoteVerifierKey(witness.key), key.algorithm == .cosignature else {
                throw GatewayError(
                    ["audit.witnesses: \(witness.url): the key is not a witness's verifier key"], isConfiguration: true)
            }
            let isSlashed = witness.url.utf8.last == UInt8(ascii: "/")
            asked.append(
                Asked(
                    url: witness.url + (isSlashed ? "add-checkpoint" : "/add-checkpoint"),
                    client: WitnessClient(witness: key)))
        }
        self.witnesses = asked
        self.log = log
        self.logger = logger
        self.interval = interval
    }

    /// Whether there is nobody to ask.
    var isEmpty: Bool { witnesses.isEmpty }

    func run() async throws {
        try? await cancelWhenGracefulShutdown { try await ask() }
    }

    private func ask() async throws {
        var witnesses = witnesses
        var cosigned: UInt64 = 0
        while true {
            try await Task.sleep(for: interval)
            guard let reader = try? log.reader(), reader.size > cosigned else { continue }
            var signatures: [SignedNote.Signature] = []
            for index in witnesses.indices {
                do {
                    signatures += try await Self.ask(&witnesses[index], about: reader)
                } catch {
                    logger.warning(
                        "a witness did not cosign the audit tree: \(witnesses[index].url)",
                        metadata: [LogField.error: .string("\(error)")])
                }
            }
            guard !signatures.isEmpty else { continue }
            do {
                try log.store(cosignatures: signatures, of: reader.head)
                cosigned = reader.size
            } catch {
                logger.error("cosignatures cannot be kept", metadata: [LogField.error: .string("\(error)")])
            }
        }
    }

    private static func ask(
        _ witness: inout Asked, about reader: AuditReader
    ) async throws -> [SignedNote.Signature] {
        // The second time with the size that the witness named.
        for _ in 0..<2 {
            var request = HTTPClientRequest(url: witness.url)
            request.method = .POST
            request.body = .bytes(ByteBuffer(bytes: try witness.client.request(for: reader).bytes))
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
            let body = try await response.body.collect(upTo: largestAnswer)
            let answer = witness.client.take(
                status: Int(response.status.code), body: Array(body.readableBytesView), for: reader)
            switch answer {
            case .cosigned(let signatures): return signatures
            case .knowsSize: continue
            case .refused(let status): throw WitnessRefusal(reason: "it answered with status \(status)")
            }
        }
        throw WitnessRefusal(reason: "it knows another size each time")
    }
}

/// Why a witness did not cosign.
private struct WitnessRefusal: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}
