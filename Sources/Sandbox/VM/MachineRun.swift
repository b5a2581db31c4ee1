// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One job in one machine: it goes in, output comes out, and at the end nothing is left. The deadline and the amount of
/// output are the host's to hold; what the guest says is a claim. Waits on the calling thread.
struct MachineRun {
    let machine: Machine
    let request: SandboxRequest
    let isolation: SandboxIsolation
    let listener: SandboxListener?
    /// What ends the run before its time.
    let cutter: RunCutter

    /// How the conversation ended.
    private enum Finish {
        case done(GuestReport)
        case lost
        case late
        case flooded
        case forged
    }

    /// For handing the job over.
    private static let setUpMicroseconds: Int64 = 20_000_000
    private static let goneMilliseconds: Int32 = 5000

    private var output: [UInt8] = []
    private var errors: [UInt8] = []
    private var isTruncated = false
    private var started: Int64?
    private var startedAt: Int64 = 0

    init(
        machine: Machine, request: SandboxRequest, isolation: SandboxIsolation, listener: SandboxListener?,
        cutter: RunCutter
    ) {
        self.machine = machine
        self.request = request
        self.isolation = isolation
        self.listener = listener
        self.cutter = cutter
    }

    /// Runs the job.
    ///
    /// - Parameter begun: When the request came, in microseconds of the steady clock.
    mutating func run(_ job: [UInt8], begun: Int64) throws(SandboxError) -> SandboxResult {
        let finish = converse(job)
        let finished = SteadyClock.microseconds()
        machine.kill()
        let end = machine.end(milliseconds: Self.goneMilliseconds)
        guard let started else { throw refusal(finish) }
        return result(finish, started: started, begun: begun, finished: finished, end: end)
    }

    private mutating func converse(_ job: [UInt8]) -> Finish {
        var pending = job[...]
        var replies = GuestReplies()
        let setUpEnd = SteadyClock.microseconds() &+ Self.setUpMicroseconds
        while true {
            let last = started.map { $0 &+ Int64(request.limits.wallMilliseconds) &* 1000 } ?? setUpEnd
            guard SteadyClock.microseconds() < last else { return .late }
            machine.channel.wait(toWrite: !pending.isEmpty, until: last)
            if !pending.isEmpty, !machine.channel.write(&pending) { return .lost }
            switch machine.channel.read() {
            case .nothing: continue
            case .end: return .lost
            case .bytes(let piece): replies.append(piece)
            }
            do throws(GuestReplies.Malformed) {
                while let event = try replies.next() {
                    if let finish = hear(event, isHandedOver: pending.isEmpty) {
                        // Whoever says more after the end is not the agent.
                        if case .done = finish { _ = try replies.next() }
                        return finish
                    }
                }
            } catch {
                return .forged
            }
        }
    }

    private mutating func hear(_ event: GuestEvent, isHandedOver: Bool) -> Finish? {
        switch event {
        case .ready: return .forged
        case .started:
            guard started == nil, isHandedOver else { return .forged }
            started = SteadyClock.microseconds()
            startedAt = SteadyClock.wallMicroseconds()
        case .output(let stream, let bytes):
            guard started != nil else { return .forged }
            let room = request.limits.outputBytes &- output.count &- errors.count
            let kept = Array(bytes.prefix(room))
            if stream == .output { output += kept } else { errors += kept }
            if !kept.isEmpty { listener?(stream, kept) }
            guard kept.count == bytes.count else {
                isTruncated = true
                return .flooded
            }
        case .done(let report): return started == nil ? .forged : .done(report)
        }
        return nil
    }

    /// Why nothing ran.
    private func refusal(_ finish: Finish) -> SandboxError {
        if cutter.isCut { return .refused(.cut, "the run was cut before the code started") }
        switch finish {
        case .late: return .refused(.setUp, "the virtual machine did not take the job within 20 s")
        case .lost: return .refused(.setUp, "the virtual machine ended before the code started")
        default: return .refused(.setUp, "the virtual machine said what its agent never says")
        }
    }

    private func result(
        _ finish: Finish, started: Int64, begun: Int64, finished: Int64, end: WasmEnd?
    ) -> SandboxResult {
        var usage = SandboxUsage()
        var outcome = SandboxOutcome.crashed
        switch finish {
        case .done(let report):
            outcome = report.outcome
            usage.processorMicroseconds = report.processorMicroseconds
            usage.peakMemoryBytes = report.peakBytes
            usage.memoryKills = report.memoryKills
        case .late: outcome = .timeout
        case .lost: outcome = cutter.isCut ? .cut : .crashed
        case .flooded: outcome = .outputLimit
        case .forged: outcome = .protocolError
        }
        if end == nil { outcome = .crashed }
        let ended = end?.time ?? SteadyClock.wallMicroseconds()
        var receipt = SandboxReceipt(request, isolation: isolation, network: machine.network)
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
            setUp: started &- begun, run: run, tearDown: max(0, SteadyClock.microseconds() &- finished))
        return SandboxResult(
            outcome: outcome, output: output, errors: errors, isTruncated: isTruncated, timings: timings, usage: usage,
            receipt: receipt)
    }
}
