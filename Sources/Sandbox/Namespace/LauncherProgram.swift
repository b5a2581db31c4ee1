// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSpawn
internal import Glibc

/// The program `yett-sandbox`, which does for the gate what takes a fork.
enum LauncherProgram {
    /// Opens the program.
    ///
    /// - Parameter given: Where it is, when somebody said it.
    static func open(_ given: String?) throws(SandboxError) -> SandboxDescriptor {
        let program = CompanionProgram("yett-sandbox", given: given)
        for path in program.candidates {
            let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            if file >= 0 { return SandboxDescriptor(file) }
        }
        throw program.missing
    }

    /// Starts it without an environment and with nothing open but the socket and its standard error.
    static func start(
        _ executable: SandboxDescriptor, socket: Int32, errors: Int32? = nil, _ arguments: [String]
    ) throws(SandboxError) -> pid_t {
        let null = SandboxDescriptor(Glibc.open("/dev/null", O_RDWR | O_CLOEXEC))
        var words = arguments.map { strdup($0) }
        words.append(nil)
        defer { words.forEach { free($0) } }
        var failure = yett_failure()
        let process = words.map { UnsafePointer($0) }.withUnsafeBufferPointer { words in
            withUnsafePointer(to: socket) { socket in
                var order = yett_spawn()
                order.executable = executable.number
                order.arguments = words.baseAddress
                order.descriptors = socket
                order.descriptor_count = 1
                order.standard = (null.number, null.number, errors ?? null.number)
                return yett_spawn(&order, &failure)
            }
        }
        withExtendedLifetime(null) {}
        guard process > 0 else { throw .unavailable("starting yett-sandbox", failure.error) }
        return process
    }

    /// Waits for its end for so long, kills it then, and reaps it.
    static func reap(_ process: pid_t, milliseconds: Int32) {
        let handle = SandboxDescriptor(yett_pidfd_open(process))
        var watched = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
        if handle.number < 0 || poll(&watched, 1, milliseconds) <= 0 { kill(process, SIGKILL) }
        var code: Int32 = 0
        var signal: Int32 = 0
        yett_wait(process, true, &code, &signal)
    }
}
