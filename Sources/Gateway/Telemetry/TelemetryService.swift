// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Logging
internal import NIOCore
internal import Outbound
internal import PolicyBundle
internal import Resolver
internal import ServiceLifecycle
internal import Telemetry
internal import Transport
internal import YettConfiguration

/// Brings spans, metrics and log lines to the collector of the configuration, in the JSON form of OTLP over HTTP.
///
/// Nothing waits for it: what it cannot bring away in time is dropped where it waits, and counted.
struct TelemetryService: Service {
    private let settings: TelemetryConfiguration.Collector
    private let gate: Gate
    private let tap: LogTap?
    private let client: GuardedClient
    private let fields: [(name: String, value: String)]
    private let source: TelemetrySource
    /// When the gate started, in nanoseconds since 1970.
    private let start: Int64

    /// Spans or log lines of one request.
    private static let largestBatch = 512
    /// Requests that wait for one signal; the newest metrics say all that older ones did.
    private static let batches = 1024
    /// The last attempt when the gate stops.
    private static let farewell = Duration.seconds(2)

    /// Prepares to bring telemetry away.
    ///
    /// - Parameter tap: Where log lines come from; `nil` where there is no such way.
    /// - Throws: ``GatewayError`` when a header, the authorities or the URL cannot be used.
    init(
        _ settings: TelemetryConfiguration.Collector, tap: LogTap?, names: any NameResolver, gate: Gate
    ) throws(GatewayError) {
        self.settings = settings
        self.gate = gate
        self.tap = settings.hasLogs ? tap : nil
        var fields: [(name: String, value: String)] = [("accept", "application/json")]
        do {
            for (name, secret) in settings.headers.sorted(by: { $0.key < $1.key }) {
                fields.append((name, String(decoding: try SecretReader.read(secret), as: UTF8.self)))
            }
            if settings.isCompressed { fields.append(("content-encoding", "gzip")) }
            client = try GuardedClient(
                settings.url.endpoint, isPrivateAllowed: settings.isPrivateAllowed || !settings.url.isSecure,
                trust: try .web(authorities: try settings.authority.map { try SecretReader.read($0) }), names: names,
                limits: OutboundLimits(
                    total: .nanoseconds(settings.limits.timeout.wholeNanoseconds), bodyBytes: 64 << 10),
                listeners: { [weak gate] in gate?.openListeners ?? [] })
        } catch {
            throw GatewayError(["telemetry.otlp: \(error)"], isConfiguration: true)
        }
        self.fields = fields
        source = TelemetrySource(
            name: "yett", version: gate.version, instance: UniqueID.text(),
            attributes: settings.attributes.sorted { $0.key < $1.key }.map { TelemetryAttribute($0.key, $0.value) })
        start = gate.clock.wall() &* 1000
    }

    func run() async throws {
        var queues = Queues(bytes: settings.limits.buffer, batches: Self.batches)
        tap?.open()
        defer { tap?.close() }
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { [settings] in try await Task.sleep(for: settings.limits.interval) }
            if Task.isShuttingDownGracefully { break }
            await collect(into: &queues)
            await deliver(&queues)
        }
        await collect(into: &queues)
        await deliver(&queues, until: gate.clock.monotonic() &+ Self.farewell.wholeNanoseconds)
    }

    // MARK: What there is

    private struct Queues {
        var traces: ExportQueue
        var metrics: ExportQueue
        var logs: ExportQueue
        var failing: Set<TelemetryCounts.Signal> = []

        init(bytes: Int, batches: Int) {
            traces = ExportQueue(batches: batches, bytes: bytes)
            metrics = ExportQueue(batches: 1, bytes: bytes)
            logs = ExportQueue(batches: batches, bytes: bytes)
        }

        subscript(signal: TelemetryCounts.Signal) -> ExportQueue {
            get {
                switch signal {
                case .traces: traces
                case .metrics: metrics
                case .logs: logs
                }
            }
            set {
                switch signal {
                case .traces: traces = newValue
                case .metrics: metrics = newValue
                case .logs: logs = newValue
                }
            }
        }
    }

    private func collect(into queues: inout Queues) async {
        let spans = await gate.loops.takeSpans()
        for part in Self.parts(of: spans) {
            offer(OTLPTraces.encode(part, from: source), part.count, to: &queues.traces)
        }
        if let tap {
            let (lines, dropped) = tap.take()
            gate.telemetry.lose(dropped, of: .logs)
            for part in Self.parts(of: lines) {
                offer(OTLPLogs.encode(part, from: source), part.count, to: &queues.logs)
            }
        }
        if settings.hasMetrics, let families = try? await gate.metrics() {
            let body = OTLPMetrics.encode(families, from: source, start: start, time: gate.clock.wall() &* 1000)
            offer(body, OTLPMetrics.points(of: families), to: &queues.metrics)
        }
    }

    private static func parts<Element>(of all: [Element]) -> [[Element]] {
        stride(from: 0, to: all.count, by: largestBatch).map { Array(all[$0..<min($0 + largestBatch, all.count)]) }
    }

    private func offer(_ body: [UInt8], _ items: Int, to queue: inout ExportQueue) {
        let body = settings.isCompressed ? (try? Gzip.deflate(body)) ?? [] : body
        guard !body.isEmpty else { return }
        queue.offer(ExportQueue.Batch(body: body, items: items))
    }

    // MARK: The way there

    private func deliver(_ queues: inout Queues, until end: Int64 = .max) async {
        for signal in TelemetryCounts.Signal.allCases {
            while let batch = queues[signal].next(at: gate.clock.monotonic()), gate.clock.monotonic() < end {
                let (outcome, problem) = await send(batch, to: signal)
                queues[signal].finished(outcome, at: gate.clock.monotonic())
                tell(problem, of: signal, &queues)
                if case .retry = outcome { break }
            }
            gate.telemetry.update(signal, from: queues[signal])
        }
    }

    private func send(
        _ batch: ExportQueue.Batch, to signal: TelemetryCounts.Signal
    ) async -> (ExportQueue.Outcome, problem: String?) {
        do throws(OutboundError) {
            let url = try OutboundURL(
                settings.url.endpoint, target: settings.url.path + signal.path, isSecure: settings.url.isSecure)
            let request = OutboundRequest(url, .post(batch.body, type: "application/json"), fields: fields)
            let answer = try await client.send(request)
            let outcome = ExportAnswer.outcome(
                status: Int(answer.status), retryAfter: answer.only("retry-after"), body: answer.body)
            switch outcome {
            case .accepted(let rejected): return (outcome, rejected > 0 ? "it rejected \(rejected) items" : nil)
            case .retry, .refused: return (outcome, "it answered with status \(answer.status)")
            }
        } catch {
            switch error {
            case .url, .request, .tls: return (.refused, error.description)
            default: return (.retry(after: nil), error.description)
            }
        }
    }

    /// Says once that a signal does not get through, and once that it does again: each line is a log line to bring.
    private func tell(_ problem: String?, of signal: TelemetryCounts.Signal, _ queues: inout Queues) {
        guard let problem else {
            if queues.failing.remove(signal) != nil {
                gate.logger.notice(
                    "telemetry gets through again", metadata: [LogField.trigger: .string(signal.rawValue)])
            }
            return
        }
        guard queues.failing.insert(signal).inserted else { return }
        gate.logger.warning(
            "telemetry does not get through",
            metadata: [LogField.trigger: .string(signal.rawValue), LogField.error: .string(problem)])
    }
}
