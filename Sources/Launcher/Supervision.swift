// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import Glibc

/// Watches a launch from its first message to its end.
struct Supervision {
    let sandbox: Child
    let control: ControlChannel
    let information: InformationPipe
    let signals: ForwardedSignals
    /// Starts the relay with the listeners that the inside opened.
    let startRelay: ([Descriptor]) throws(LaunchError) -> Child

    private var relay: Child?
    private var program: Descriptor?
    private var firstProcess: pid_t?
    private var isStarted = false
    private var isControlOpen = true

    /// How long the inside may take to become the program.
    static let setUpMilliseconds: Int32 = 30_000
    private static let endMilliseconds: Int32 = 5000

    init(
        sandbox: Child, control: ControlChannel, information: InformationPipe, signals: ForwardedSignals,
        startRelay: @escaping ([Descriptor]) throws(LaunchError) -> Child
    ) {
        self.sandbox = sandbox
        self.control = control
        self.information = information
        self.signals = signals
        self.startRelay = startRelay
    }

    /// Returns the program's exit code.
    mutating func run() throws(LaunchError) -> Int32 {
        while true {
            var watched = [
                pollfd(fd: sandbox.handle.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isControlOpen ? control.outside.number : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals.source, events: Int16(POLLIN), revents: 0),
                pollfd(fd: relay?.handle.number ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&watched, nfds_t(watched.count), isStarted ? -1 : Self.setUpMilliseconds)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .setUp("the inside did not become the program in time") }
            if watched[1].revents != 0 {
                try hear()
                continue
            }
            if watched[2].revents != 0, let early = forward() { return early }
            if watched[0].revents != 0 { return try ended() }
            if watched[3].revents != 0, let relay {
                sandbox.kill()
                throw .relayEnded("the relay ended with code \(relay.reap())")
            }
        }
    }

    /// Leaves nothing behind: the sandbox, its first process and the relay are dead and reaped.
    mutating func end() {
        if firstProcess == nil { firstProcess = information.firstProcess() }
        sandbox.kill()
        sandbox.reap()
        relay?.kill()
        relay?.reap()
        guard let firstProcess else { return }
        // Its parent has ended, so it is now this process's child, and is dying with its parent.
        let number = yett_pidfd_open(firstProcess)
        guard number >= 0 else { return }
        let handle = Descriptor(number)
        var watched = [pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)]
        _ = poll(&watched, 1, Self.endMilliseconds)
        var code: Int32 = 0
        var signal: Int32 = 0
        yett_wait(firstProcess, false, &code, &signal)
    }

    private mutating func hear() throws(LaunchError) {
        switch control.receive() {
        case .listeners(let listeners, let process):
            firstProcess = information.firstProcess()
            let handle = yett_pidfd_open(process)
            guard handle >= 0, relay == nil else { throw .setUp("the inside ended early") }
            program = Descriptor(handle)
            relay = try startRelay(listeners)
            try control.release()
        case .leak(let layer): throw .leak(layer)
        case .failure(let text): throw .setUp(text)
        case .executing: isStarted = true
        case .notExecuted(ENOENT): throw .programNotFound("the program or its interpreter does not exist inside")
        case .notExecuted(let error): throw .programNotExecutable("executing the program: \(errorText(error))")
        case .closed: isControlOpen = false
        }
    }

    private func ended() throws(LaunchError) -> Int32 {
        let code = sandbox.reap()
        guard isStarted else {
            throw .setUp("bubblewrap ended with code \(code)\(Prerequisites.hint)")
        }
        return code
    }

    /// Hands signals on. Returns an exit code when one ends the launch before the program has begun.
    private func forward() -> Int32? {
        while let signal = signals.next() {
            guard let program, isStarted else {
                if signal == SIGWINCH || signal == SIGCONT || signal == SIGTSTP { continue }
                return 128 + signal
            }
            if signal == SIGTSTP {
                yett_pidfd_signal(program.number, SIGSTOP)
                yett_stop_self()
                yett_pidfd_signal(program.number, SIGCONT)
            } else {
                yett_pidfd_signal(program.number, signal)
            }
        }
        return nil
    }
}
