// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSandbox
internal import Glibc

/// One run: hands the job over, reads what it writes, and knows at the end what became of it. Waits on the calling
/// thread.
struct NamespaceRun {
    let launcher: SandboxLauncher
    let options: NamespaceOptions
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

    init(
        launcher: SandboxLauncher, options: NamespaceOptions, request: SandboxRequest, isolation: SandboxIsolation,
        listener: SandboxListener?, channels: (mine: SandboxDescriptor, theirs: SandboxDescriptor)
    ) {
        self.launcher = launcher
        self.options = options
        self.request = request
        self.isolation = isolation
        self.listener = listener
        channel = channels.mine
        theirChannel = channels.theirs
    }

    mutating func run() throws(SandboxError) -> SandboxResult {
        let begin = Self.milliseconds()
        let clock = ContinuousClock()
        let begun = clock.now
        try handOver()
        let last = begin &+ Int64(request.limits.wallMilliseconds) &+ Self.graceMilliseconds
        var start: LauncherStart?
        var setUp: Duration = .zero
        var end: LauncherEnd?
        while end == nil {
            let now = Self.milliseconds()
            guard now < last else { return try broken(start, begun) }
            var watched = [
                pollfd(fd: channel.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: output.source, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.source, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&watched, nfds_t(watched.count), Int32(clamping: last &- now))
            if count < 0, errno == EINTR { continue }
            // What was written before the end is read first.
            if watched[1].revents != 0 { read(\.output) }
            if watched[2].revents != 0 { read(\.errors) }
            guard watched[0].revents != 0 else { continue }
            switch SandboxLauncher.hear(channel.number, milliseconds: 0) {
            case .started(let event) where start == nil && event.network.holds:
                start = event
                setUp = begun.duration(to: clock.now)
            case .ended(let event) where start != nil: end = event
            case .failed(let kind, let text) where start == nil: throw refusal(kind, text)
            default: return try broken(start, begun)
            }
        }
        drain()
        guard let start, let end else { return try broken(start, begun) }
        return result(start, end, setUp)
    }

    private mutating func handOver() throws(SandboxError) {
        let input = try SandboxDescriptor.sealed(request.input)
        let words = try SandboxDescriptor.sealed(options.bytes)
        var data: [SandboxDescriptor] = []
        for bytes in options.data { data.append(try SandboxDescriptor.sealed(bytes)) }
        let outputPipe = try SandboxDescriptor.pipe()
        let errorPipe = try SandboxDescriptor.pipe()
        output.pipe = outputPipe.read
        errors.pipe = errorPipe.read
        let job = LauncherJob(
            number: 0, limits: request.limits, fileBytes: options.fileBytes, needsGroups: isolation.groups != .none,
            arguments: options.arguments)
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
        let room = request.limits.outputBytes &- kept
        let bytes = self[keyPath: stream].read(room: room, chunk: Self.chunk)
        kept &+= bytes.count
        if !bytes.isEmpty { listener?(self[keyPath: stream].name, bytes) }
        if self[keyPath: stream].isTruncated, !isOverLimit {
            isOverLimit = true
            cut(channel)
        }
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
        let words = stream.bytes.prefix(512) + stream.read(room: 512, chunk: 512)
        let said = String(decoding: words, as: UTF8.self).utf8.split(separator: UInt8(ascii: "\n")).first
        let more = said.map { ": " + String(decoding: $0, as: UTF8.self) } ?? ""
        return .refused(
            kind == yett_refusal_malformed ? .malformed : .setUp, "the sandbox did not start: \(text)\(more)")
    }

    private func result(_ start: LauncherStart, _ end: LauncherEnd, _ setUp: Duration) -> SandboxResult {
        var outcome = end.outcome
        if isOverLimit, end.cause == yett_cause_asked || end.cause == yett_cause_itself { outcome = .outputLimit }
        var receipt = SandboxReceipt(request, isolation: isolation, network: start.network)
        receipt.output = SandboxDigest(output.bytes)
        receipt.errors = SandboxDigest(errors.bytes)
        receipt.isTruncated = isOverLimit
        receipt.outcome = outcome
        receipt.started = start.time
        receipt.deadline = start.time &+ Int64(request.limits.wallMilliseconds) &* 1000
        receipt.ended = end.time
        receipt.usage = end.usage
        let parts = setUp.components
        let timings = SandboxTimings(
            setUp: parts.seconds &* 1_000_000 &+ parts.attoseconds / 1_000_000_000_000, run: end.runMicroseconds,
            tearDown: end.tearDownMicroseconds)
        return SandboxResult(
            outcome: outcome, output: output.bytes, errors: errors.bytes, isTruncated: isOverLimit, timings: timings,
            usage: end.usage, receipt: receipt)
    }

    /// The launcher went away or does not answer. Its sandboxes go with it.
    private func broken(_ start: LauncherStart?, _ begun: ContinuousClock.Instant) throws(SandboxError) -> SandboxResult
    {
        guard let start else {
            throw .refused(.setUp, "the sandbox did not start: yett-sandbox ended; the next run starts it again")
        }
        var receipt = SandboxReceipt(request, isolation: isolation, network: start.network)
        receipt.output = SandboxDigest(output.bytes)
        receipt.errors = SandboxDigest(errors.bytes)
        receipt.started = start.time
        receipt.deadline = start.time &+ Int64(request.limits.wallMilliseconds) &* 1000
        receipt.isTruncated = isOverLimit
        return SandboxResult(
            outcome: .crashed, output: output.bytes, errors: errors.bytes, isTruncated: isOverLimit,
            timings: SandboxTimings(), usage: SandboxUsage(), receipt: receipt)
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
    }
}

/// Ends the run whose channel this is.
func cut(_ channel: SandboxDescriptor) {
    shutdown(channel.number, Int32(SHUT_WR))
}

/// One of the two streams, as far as it is kept.
struct CapturedStream {
    let name: SandboxStream
    var pipe: SandboxDescriptor?
    private(set) var bytes: [UInt8] = []
    private(set) var isTruncated = false

    init(_ name: SandboxStream) {
        self.name = name
    }

    /// The descriptor to wait for; -1 after the end.
    var source: Int32 { pipe?.number ?? -1 }

    /// Reads once; returns what was kept. After the first byte too many the rest is thrown away.
    mutating func read(room: Int, chunk: Int) -> [UInt8] {
        guard let pipe else { return [] }
        var piece = [UInt8](repeating: 0, count: chunk)
        let count = Glibc.read(pipe.number, &piece, piece.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return [] }
        guard count > 0 else {
            self.pipe = nil
            return []
        }
        guard !isTruncated else { return [] }
        let fitting = min(count, max(room, 0))
        isTruncated = fitting < count
        let kept = Array(piece[..<fitting])
        bytes += kept
        return kept
    }
}
