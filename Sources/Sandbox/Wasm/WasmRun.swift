// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One run in one worker: the job goes out, output comes in, and at the end nothing is left. Waits on the calling thread.
struct WasmRun {
    let worker: WasmWorker
    let request: SandboxRequest
    let isolation: SandboxIsolation
    let listener: SandboxListener?
    /// What ends the run before its time.
    let cutter: RunCutter

    /// How the conversation ended.
    private enum Finish {
        case done(WasmReport)
        case lost
        case late
        case forged
    }

    /// For translating a module; the worker gives up a little earlier.
    private static let setUpMicroseconds: Int64 = 35_000_000
    /// After the deadline the worker ends by itself; some time later it is ended.
    private static let backstopMicroseconds: Int64 = 40_000
    private static let goneMilliseconds: Int32 = 5000

    private var output: [UInt8] = []
    private var errors: [UInt8] = []
    private var started: Int64?
    private var startedAt: Int64 = 0

    init(
        worker: WasmWorker, request: SandboxRequest, isolation: SandboxIsolation, listener: SandboxListener?,
        cutter: RunCutter
    ) {
        self.worker = worker
        self.request = request
        self.isolation = isolation
        self.listener = listener
        self.cutter = cutter
    }

    /// Runs the job.
    ///
    /// - Parameter begun: When the request came, in microseconds of the steady clock.
    mutating func run(_ job: WasmJob, begun: Int64) throws(SandboxError) -> SandboxResult {
        let finish = converse(job)
        let finished = SteadyClock.microseconds()
        worker.kill()
        let end = worker.end(milliseconds: Self.goneMilliseconds)
        guard let started else { throw refusal(finish) }
        return result(finish, started: started, begun: begun, finished: finished, end: end)
    }

    private mutating func converse(_ job: WasmJob) -> Finish {
        let bytes = job.bytes
        var pending = bytes[...]
        var replies = WasmReplies()
        let setUpEnd = SteadyClock.microseconds() &+ Self.setUpMicroseconds
        while true {
            let wall = Int64(request.limits.wallMilliseconds) &* 1000 &+ Self.backstopMicroseconds
            let last = started.map { $0 &+ wall } ?? setUpEnd
            guard SteadyClock.microseconds() < last else { return .late }
            worker.channel.wait(toWrite: !pending.isEmpty, until: last)
            // A worker that refuses the job's beginning does not read the rest, but says why.
            if !pending.isEmpty, !worker.channel.write(&pending) { pending = [] }
            switch worker.channel.read() {
            case .nothing: continue
            case .end: return .lost
            case .bytes(let piece): replies.append(piece)
            }
            do throws(WasmReplies.Malformed) {
                while let event = try replies.next() {
                    if let finish = hear(event) { return finish }
                }
            } catch {
                return .forged
            }
        }
    }

    private mutating func hear(_ event: WasmEvent) -> Finish? {
        switch event {
        case .ready: return .forged
        case .started:
            guard started == nil else { return .forged }
            started = SteadyClock.microseconds()
            startedAt = SteadyClock.wallMicroseconds()
        case .output(let stream, let bytes):
            guard started != nil, output.count &+ errors.count &+ bytes.count <= request.limits.outputBytes else {
                return .forged
            }
            if stream == .output { output += bytes } else { errors += bytes }
            if !bytes.isEmpty { listener?(stream, bytes) }
        case .done(let report): return .done(report)
        }
        return nil
    }

    /// Why nothing ran.
    private func refusal(_ finish: Finish) -> SandboxError {
        if cutter.isCut { return .refused(.cut, "the run was cut before the code started") }
        switch finish {
        case .late: return .refused(.setUp, "the module was not translated within 30 s; give a smaller one")
        case .forged: return .refused(.setUp, "yett-wasm said what it never says")
        case .lost:
            return .refused(.setUp, "yett-wasm ended while it translated the module, which may need too much memory")
        case .done(let report):
            switch report.outcome {
            case .link: return .refused(.malformed, "the module asks for what it is not given: \(report.words)")
            case .invalid: return .refused(.malformed, "the module is not valid: \(report.words)")
            case .entry: return .refused(.malformed, "the module has no beginning: \(report.words)")
            case .deadline: return .refused(.setUp, "the module was not translated within 30 s; give a smaller one")
            default: return .refused(.setUp, "the worker refused the job: \(report.words)")
            }
        }
    }

    private mutating func result(
        _ finish: Finish, started: Int64, begun: Int64, finished: Int64, end: WasmEnd?
    ) -> SandboxResult {
        let deadline = started &+ Int64(request.limits.wallMilliseconds) &* 1000
        var usage = SandboxUsage()
        usage.memoryKills = end?.memoryKills ?? 0
        var isTruncated = false
        var outcome = SandboxOutcome.crashed
        switch finish {
        case .done(let report):
            outcome = Self.outcome(report)
            isTruncated = report.isTruncated
            usage.processorMicroseconds = report.processorMicroseconds
            usage.peakMemoryBytes = report.peakBytes
            explain(report)
        case .late: outcome = .timeout
        case .lost:
            if finished >= deadline { outcome = .timeout } else if usage.memoryKills > 0 { outcome = .outOfMemory }
        case .forged: outcome = .protocolError
        }
        if cutter.isCut, case .lost = finish { outcome = .cut }
        if end == nil { outcome = .crashed }
        let ended = end?.time ?? SteadyClock.wallMicroseconds()
        // The start may have been read after the end that it was followed by.
        let startedAt = min(startedAt, ended)
        var receipt = SandboxReceipt(request, isolation: isolation, network: worker.network)
        receipt.output = SandboxDigest(output)
        receipt.errors = SandboxDigest(errors)
        receipt.isTruncated = isTruncated
        receipt.outcome = outcome
        receipt.started = startedAt
        receipt.deadline = startedAt &+ Int64(request.limits.wallMilliseconds) &* 1000
        receipt.ended = ended
        receipt.usage = usage
        let run = finished &- started
        let timings = SandboxTimings(
            setUp: started &- begun, run: run, tearDown: max(0, ended &- startedAt &- run))
        return SandboxResult(
            outcome: outcome, output: output, errors: errors, isTruncated: isTruncated, timings: timings, usage: usage,
            receipt: receipt)
    }

    private static func outcome(_ report: WasmReport) -> SandboxOutcome {
        switch report.outcome {
        case .exited: .exited(Int(report.exit))
        case .trapped: .signalled(signal(report.trap))
        case .deadline, .fuel: .timeout
        case .memory: .outOfMemory
        case .output: .outputLimit
        case .engine: .crashed
        case .link, .invalid, .entry, .refused: .protocolError
        }
    }

    /// The signal that a native program would have got for what the engine calls a trap of this number.
    private static func signal(_ trap: UInt8) -> Int {
        switch trap {
        case 0, 1, 3: 11
        case 2: 7
        case 4, 5: 4
        case 6, 7, 8: 8
        default: 6
        }
    }

    /// A program that trapped cannot say why; the engine's words follow what it wrote.
    private mutating func explain(_ report: WasmReport) {
        guard report.outcome == .trapped || report.outcome == .memory, !report.words.isEmpty else { return }
        let words = Array("[trap: \(report.words)]\n".utf8)
        guard output.count &+ errors.count &+ words.count <= request.limits.outputBytes else { return }
        errors += words
        listener?(.errors, words)
    }
}
