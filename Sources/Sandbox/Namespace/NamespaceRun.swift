// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import CSandbox
internal import Glibc

/// One run in a jail: hands the job over, reads what it writes, and knows at the end what became of it. Waits on the
/// calling thread.
struct NamespaceRun {
    let launcher: SandboxLauncher
    let order: JailOrder
    let request: SandboxRequest
    let isolation: SandboxIsolation
    let listener: SandboxListener?
    /// The job's socket; shutting it down cuts the run.
    let channel: SandboxDescriptor
    let theirChannel: SandboxDescriptor

    /// Longer than setting up and dying may take together.
    private static let graceMilliseconds: Int64 = 25_000
    private static let drainMilliseconds: Int64 = 50
    private static let chunk = 65_536

    private var output = CapturedStream(.output)
    private var errors = CapturedStream(.errors)
    private var kept = 0
    private var isOverLimit = false
    /// What is left to happen where the code's start is announced.
    private var awaited: JailAnnouncement?
    /// When this run, not the launcher, ends what runs, in milliseconds; nil before its start.
    private var due: Int64?
    private var isLate = false
    /// When the code started, in microseconds since 1970, where that was announced.
    private var announced: Int64?
    private var isMute = false

    init(
        launcher: SandboxLauncher, order: JailOrder, request: SandboxRequest, isolation: SandboxIsolation,
        listener: SandboxListener?, channels: (mine: SandboxDescriptor, theirs: SandboxDescriptor)
    ) {
        self.launcher = launcher
        self.order = order
        self.request = request
        self.isolation = isolation
        self.listener = listener
        channel = channels.mine
        theirChannel = channels.theirs
        awaited = order.announcement
    }

    /// Runs on a thread of its own; a cancelled task cuts the run.
    static func perform(
        _ order: JailOrder, by launcher: SandboxLauncher, for request: SandboxRequest, isolation: SandboxIsolation,
        listener: SandboxListener?
    ) async throws(SandboxError) -> SandboxResult {
        let channels = try SandboxDescriptor.pair()
        let mine = channels.mine
        let run = NamespaceRun(
            launcher: launcher, order: order, request: request, isolation: isolation, listener: listener,
            channels: channels)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<SandboxResult, SandboxError>, Never>) in
                do throws(SandboxError) {
                    try onThreadOfItsOwn {
                        var run = run
                        do throws(SandboxError) {
                            continuation.resume(returning: .success(try run.run()))
                        } catch {
                            continuation.resume(returning: .failure(error))
                        }
                    }
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        } onCancel: {
            cut(mine)
        }
        return try result.get()
    }

    private mutating func run() throws(SandboxError) -> SandboxResult {
        let begin = Self.milliseconds()
        let clock = ContinuousClock()
        let begun = clock.now
        try handOver()
        let last = begin &+ Int64(order.limits.wallMilliseconds) &+ Self.graceMilliseconds
        var start: LauncherStart?
        var setUp: Duration = .zero
        var end: LauncherEnd?
        while end == nil {
            let now = Self.milliseconds()
            guard now < last else { return try broken(start) }
            if let due, now >= due, !isLate {
                isLate = true
                cut(channel)
            }
            var watched = [
                pollfd(fd: channel.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: output.source, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.source, events: Int16(POLLIN), revents: 0),
            ]
            let next = isLate ? last : min(due ?? last, last)
            let count = poll(&watched, nfds_t(watched.count), Int32(clamping: next &- now))
            if count < 0, errno == EINTR { continue }
            // What was written before the end is read first.
            if watched[1].revents != 0 {
                let isAwaited = awaited != nil
                read(\.output)
                if isAwaited, awaited == nil { setUp = begun.duration(to: clock.now) }
            }
            if watched[2].revents != 0 { read(\.errors) }
            guard watched[0].revents != 0 else { continue }
            switch SandboxLauncher.hear(channel.number, milliseconds: 0) {
            case .started(let event) where start == nil && event.network.holds:
                start = event
                if announced == nil { setUp = begun.duration(to: clock.now) }
                if let awaited { due = Self.milliseconds() &+ Int64(awaited.milliseconds) }
            case .ended(let event) where start != nil: end = event
            case .failed(let kind, let text) where start == nil: throw refusal(kind, text)
            default: return try broken(start)
            }
        }
        drain()
        guard let start, let end else { return try broken(start) }
        // The announcement may have been read after the end that it was followed by.
        announced = announced.map { min($0, end.time &- end.tearDownMicroseconds) }
        if order.announcement != nil, announced == nil { throw neverBegun(end) }
        return result(start, end, setUp)
    }

    private mutating func handOver() throws(SandboxError) {
        let input = try SandboxDescriptor.sealed(request.input)
        let words = try SandboxDescriptor.sealed(order.bytes)
        var data: [SandboxDescriptor] = []
        for bytes in order.data { data.append(try SandboxDescriptor.sealed(bytes)) }
        let outputPipe = try SandboxDescriptor.pipe()
        let errorPipe = try SandboxDescriptor.pipe()
        output.pipe = outputPipe.read
        errors.pipe = errorPipe.read
        let job = LauncherJob(
            number: 0, limits: order.limits, fileBytes: order.fileBytes, needsGroups: isolation.groups != .none,
            hasOwnKernel: order.announcement != nil, arguments: order.arguments)
        let descriptors =
            [theirChannel.number, input.number, outputPipe.write.number, errorPipe.write.number, words.number]
            + data.map(\.number)
        try launcher.start(job, descriptors)
        withExtendedLifetime((input, words, data)) {}
        theirChannel.close()
        outputPipe.write.close()
        errorPipe.write.close()
    }

    /// Reads once what is there, keeps what fits, and has the run ended when something does not.
    private mutating func read(_ stream: WritableKeyPath<NamespaceRun, CapturedStream>) {
        guard var piece = self[keyPath: stream].next(Self.chunk), !self[keyPath: stream].isTruncated else { return }
        if let expected = awaited, self[keyPath: stream].name == .output {
            guard piece.first == expected.byte else { return fallSilent() }
            begin()
            piece = piece.dropFirst()
        }
        guard !isMute, !piece.isEmpty else { return }
        let bytes = self[keyPath: stream].keep(piece, room: request.limits.outputBytes &- kept)
        kept &+= bytes.count
        if awaited == nil, !bytes.isEmpty { listener?(self[keyPath: stream].name, bytes) }
        if self[keyPath: stream].isTruncated, !isOverLimit {
            isOverLimit = true
            cut(channel)
        }
    }

    /// The code starts now. What was on standard error before is not of it.
    private mutating func begin() {
        awaited = nil
        announced = Self.wallMicroseconds()
        // One more: this millisecond has begun already.
        due = Self.milliseconds() &+ Int64(request.limits.wallMilliseconds) &+ 1
        errors.forget()
        kept = 0
    }

    /// What should announce the code says something else: none of it is believed.
    private mutating func fallSilent() {
        isMute = true
        cut(channel)
    }

    /// All that wrote is dead: the rest is in the pipes, and their end.
    private mutating func drain() {
        let last = Self.milliseconds() &+ Self.drainMilliseconds
        while output.source >= 0 || errors.source >= 0 {
            let now = Self.milliseconds()
            var watched = [
                pollfd(fd: output.source, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.source, events: Int16(POLLIN), revents: 0),
            ]
            guard now < last, poll(&watched, 2, Int32(clamping: last &- now)) > 0 else { break }
            if watched[0].revents != 0 { read(\.output) }
            if watched[1].revents != 0 { read(\.errors) }
        }
    }

    private func refusal(_ kind: yett_refusal, _ text: String) -> SandboxError {
        if kind == yett_refusal_busy { return .busy(retryMilliseconds: request.limits.wallMilliseconds) }
        if kind == yett_refusal_cut { return .refused(.cut, text) }
        // Bubblewrap's own words stand on the standard error that the code would have had.
        var stream = errors
        let words = stream.bytes.prefix(512) + (stream.next(512) ?? [])
        return .refused(
            kind == yett_refusal_malformed ? .malformed : .setUp,
            "the sandbox did not start: \(text)\(Self.firstLine(words))")
    }

    /// The jail began and ended, and the code in it did not start.
    private func neverBegun(_ end: LauncherEnd) -> SandboxError {
        let name = order.announcement?.name ?? ""
        if isMute { return .refused(.setUp, "\(name) wrote something before the code started") }
        if isLate {
            return .refused(.setUp, "\(name) did not start the code in time\(Self.firstLine(errors.bytes[...]))")
        }
        if end.cause == yett_cause_asked { return .refused(.cut, "the run was cut before the code started") }
        if end.usage.memoryKills > 0 { return .refused(.setUp, "\(name) needs more memory to start") }
        return .refused(.setUp, "\(name) ended before the code started\(Self.firstLine(errors.bytes[...]))")
    }

    private static func firstLine(_ words: ArraySlice<UInt8>) -> String {
        let text = String(decoding: words.prefix(1024), as: UTF8.self)
        let line = text.utf8.split(separator: UInt8(ascii: "\n")).first
        return line.map { ": " + String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private func outcome(_ end: LauncherEnd) -> SandboxOutcome {
        let outcome = end.outcome
        if isOverLimit, end.cause == yett_cause_asked || end.cause == yett_cause_itself { return .outputLimit }
        if isLate, end.cause == yett_cause_asked { return .timeout }
        if let announcement = order.announcement, outcome == .exited(announcement.failure) { return .crashed }
        return outcome
    }

    private func result(_ start: LauncherStart, _ end: LauncherEnd, _ setUp: Duration) -> SandboxResult {
        var receipt = receipt(start)
        receipt.outcome = outcome(end)
        receipt.ended = end.time
        receipt.usage = end.usage
        let parts = setUp.components
        // The launcher counts from the start of the jail.
        let run = announced.map { end.time &- end.tearDownMicroseconds &- $0 } ?? end.runMicroseconds
        let timings = SandboxTimings(
            setUp: parts.seconds &* 1_000_000 &+ parts.attoseconds / 1_000_000_000_000, run: run,
            tearDown: end.tearDownMicroseconds)
        return SandboxResult(
            outcome: receipt.outcome, output: output.bytes, errors: errors.bytes, isTruncated: isOverLimit,
            timings: timings, usage: end.usage, receipt: receipt)
    }

    private func receipt(_ start: LauncherStart) -> SandboxReceipt {
        var receipt = SandboxReceipt(request, isolation: isolation, network: start.network)
        receipt.output = SandboxDigest(output.bytes)
        receipt.errors = SandboxDigest(errors.bytes)
        receipt.isTruncated = isOverLimit
        receipt.started = announced ?? start.time
        receipt.deadline = receipt.started &+ Int64(request.limits.wallMilliseconds) &* 1000
        return receipt
    }

    /// The launcher went away or does not answer. Its sandboxes go with it.
    private func broken(_ start: LauncherStart?) throws(SandboxError) -> SandboxResult {
        guard let start, awaited == nil else {
            throw .refused(.setUp, "the sandbox did not start: yett-sandbox ended; the next run starts it again")
        }
        return SandboxResult(
            outcome: .crashed, output: output.bytes, errors: errors.bytes, isTruncated: isOverLimit,
            timings: SandboxTimings(), usage: SandboxUsage(), receipt: receipt(start))
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
    }

    private static func wallMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec) / 1000
    }
}

/// Ends the run whose channel this is.
func cut(_ channel: SandboxDescriptor) {
    shutdown(channel.number, Int32(SHUT_WR))
}
