// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AsyncHTTPClient
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import PolicyBundle
internal import ServiceLifecycle
internal import Telemetry
internal import YettConfiguration

/// Masks waiting events and brings them to the file and to the URL of the configuration.
struct DecisionLogService: Service {
    private let settings: DecisionLogConfiguration
    private let log: DecisionLog
    private let authorization: String?
    private let logger: Logger
    private let labels: [String: String]

    /// Prepares the sinks.
    ///
    /// - Throws: GatewayError when the token cannot be read or the file cannot be opened.
    init(
        _ settings: DecisionLogConfiguration, log: DecisionLog, version: String, logger: Logger
    ) throws(GatewayError) {
        self.settings = settings
        self.log = log
        self.logger = logger
        labels = settings.labels.merging(["id": UniqueID.text(), "version": version]) { given, _ in given }
        do {
            authorization = try settings.token.map {
                "Bearer \(String(decoding: try SecretReader.read($0), as: UTF8.self))"
            }
        } catch {
            throw GatewayError(["decision_log.token: \(error)"], isConfiguration: true)
        }
        do {
            if let file = settings.file { try LineFile.append([], to: file) }
        } catch {
            throw GatewayError(["decision_log.file: \(error)"])
        }
    }

    func run() async throws {
        var waiting: [[UInt8]] = []
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { [settings] in try await Task.sleep(for: settings.interval) }
            await flush(&waiting)
        }
        await flush(&waiting)
    }

    private func flush(_ waiting: inout [[UInt8]]) async {
        let (events, lost) = log.take()
        let lines = events.compactMap { $0.text(labels: labels) }
        var dropped = lost
        if let file = settings.file, !lines.isEmpty {
            do throws(SmallFile.Fault) {
                try LineFile.append(lines, to: file)
            } catch {
                dropped += lines.count
                logger.error("the decision log cannot be written", metadata: [LogField.error: .string("\(error)")])
            }
        }
        if let url = settings.url {
            waiting += lines
            if waiting.count > settings.buffer {
                dropped += waiting.count - settings.buffer
                waiting.removeFirst(waiting.count - settings.buffer)
            }
            do {
                while !waiting.isEmpty {
                    let upload = try DecisionLogUpload(waiting, limit: settings.upload)
                    try await send(upload.body, to: url)
                    waiting.removeFirst(upload.count)
                }
            } catch {
                logger.warning("decisions cannot be uploaded", metadata: [LogField.error: .string("\(error)")])
            }
        }
        if dropped > 0 {
            logger.error(
                "events of the decision log were lost", metadata: [LogField.dropped: .stringConvertible(dropped)])
        }
    }

    private func send(_ body: [UInt8], to url: String) async throws {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "content-encoding", value: "gzip")
        if let authorization { request.headers.add(name: "authorization", value: authorization) }
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        _ = try await response.body.collect(upTo: 1 << 20)
        guard (200..<300).contains(response.status.code) else {
            throw GatewayError(["\(url) answered with status \(response.status.code)"])
        }
    }
}

/// As many events as fit into one upload: a JSON array, compressed.
struct DecisionLogUpload {
    /// The array in gzip.
    let body: [UInt8]
    /// How many events it holds; an event that is too long by itself goes alone.
    let count: Int

    /// Fills an upload from the front.
    init(_ lines: [[UInt8]], limit: Int) throws {
        var count = lines.count
        // Events compress well: begin with what is some times the limit, and take half as long as that is too much.
        var size = 0
        for (position, line) in lines.enumerated() {
            size += line.count
            if size > limit * 16 {
                count = max(1, position)
                break
            }
        }
        while true {
            var text: [UInt8] = [UInt8(ascii: "[")]
            text += lines.prefix(count).joined(separator: [UInt8(ascii: ",")])
            text.append(UInt8(ascii: "]"))
            let body = try Gzip.deflate(text)
            if body.count <= limit || count == 1 {
                self.body = body
                self.count = count
                return
            }
            count = (count + 1) / 2
        }
    }
}
