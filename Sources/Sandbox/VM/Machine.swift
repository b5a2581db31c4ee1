// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A virtual machine whose agent waits for its one job.
final class Machine: Sendable {
    let channel: StreamChannel
    /// When it was started, in microseconds of the steady clock.
    let born: Int64
    private let process: any WasmProcess
    private let errors: SandboxDescriptor

    /// For the rehearsal of a copy.
    private static let rehearsalMicroseconds: Int64 = 10_000_000

    /// A machine that was started.
    ///
    /// - Parameters:
    ///   - channel: To its agent.
    ///   - process: Its emulator.
    ///   - errors: Where that says what goes wrong.
    ///   - born: When it was started, in microseconds of the steady clock.
    init(
        channel: StreamChannel, process: any WasmProcess, errors: SandboxDescriptor,
        born: Int64 = SteadyClock.microseconds()
    ) {
        self.channel = channel
        self.process = process
        self.errors = errors
        self.born = born
    }

    deinit {
        finish()
    }

    /// What the host saw of its network.
    var network: SandboxNetworkProof { process.network }

    /// What the emulator said last, with a colon before it.
    var said: String { MachineJail.said(errors) }

    /// Ends it, whatever it does.
    func kill() { process.kill() }

    /// Waits until nothing of it is left.
    func end(milliseconds: Int32) -> WasmEnd? { process.end(milliseconds: milliseconds) }

    /// Ends it, and waits a little until nothing of it is left.
    func finish() {
        kill()
        _ = end(milliseconds: 1000)
    }

    /// Has the agent go the way of a job once: a copy has to translate everything anew.
    func rehearse() throws(SandboxError) {
        var bytes = GuestJob.rehearsal[...]
        guard channel.write(&bytes), bytes.isEmpty else { throw .refused(.setUp, "a virtual machine does not listen") }
        try hearReady(within: Self.rehearsalMicroseconds)
    }

    /// Waits until the agent says that it is ready.
    func hearReady(within microseconds: Int64) throws(SandboxError) {
        guard try channel.hearReady(until: SteadyClock.microseconds() &+ microseconds) else {
            throw .refused(.unavailable, "a virtual machine ended before it was ready\(said)")
        }
    }
}

extension StreamChannel {
    /// Waits until a guest's agent says that it is ready; false when the channel ends before.
    ///
    /// - Parameter last: When it must have said so, in microseconds of the steady clock.
    func hearReady(until last: Int64) throws(SandboxError) -> Bool {
        let begun = SteadyClock.microseconds()
        var replies = GuestReplies()
        while SteadyClock.microseconds() < last {
            wait(toWrite: false, until: last)
            switch read() {
            case .bytes(let bytes): replies.append(bytes)
            case .nothing: continue
            case .end: return false
            }
            do {
                guard let event = try replies.next() else { continue }
                guard event == .ready else { throw GuestReplies.Malformed() }
                return true
            } catch {
                throw .refused(.unavailable, "the image's agent is not the one of this version; build the image again")
            }
        }
        throw .refused(.unavailable, "a virtual machine was not ready within \((last &- begun) / 1_000_000) s")
    }
}
