// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import CSandbox
internal import CSpawn
internal import Glibc
internal import Synchronization

/// The launcher's process and the socket to it. When the last reference goes, so does the process, and every sandbox.
final class SandboxLauncher: Sendable {
    /// What the launcher found here.
    let ready: LauncherReady
    private let process: pid_t
    private let socket: SandboxDescriptor
    private let number = Atomic<UInt64>(1)

    /// Where the helper program is, the reserved user ids, and how many jobs may run at once.
    struct Settings: Sendable {
        var helper: String?
        var users: ClosedRange<UInt32> = 61_000...61_183
        var jobs = 64
        var bubblewrap: String?
    }

    /// Starts a launcher and waits until it says what it can do.
    init(_ settings: Settings) throws(SandboxError) {
        let executable = try LauncherProgram.open(settings.helper)
        let pair = try SandboxDescriptor.pair()
        socket = pair.mine
        process = try LauncherProgram.start(
            executable, socket: pair.theirs.number,
            [
                "yett-sandbox", "\(pair.theirs.number)", "\(settings.users.lowerBound)", "\(settings.users.count)",
                "\(settings.jobs)", settings.bubblewrap ?? "-",
            ])
        pair.theirs.close()
        switch Self.hear(pair.mine.number, milliseconds: 10_000) {
        case .ready(let ready): self.ready = ready
        case .useless(let why):
            Self.end(process, pair.mine.number)
            throw .refused(.unavailable, why)
        default:
            Self.end(process, pair.mine.number)
            throw .refused(.unavailable, "yett-sandbox did not start; is it the one of this version?")
        }
    }

    deinit {
        Self.end(process, socket.number)
    }

    /// The launcher's process id, for tests and messages.
    var pid: Int32 { process }

    /// Whether it still runs.
    var isAlive: Bool {
        var watched = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) == 0
    }

    /// Hands a job over. The descriptors are the job's socket, standard input, output and error, bubblewrap's options,
    /// data; they stay the caller's as well.
    func start(_ job: LauncherJob, _ descriptors: [Int32]) throws(SandboxError) {
        var numbered = job
        numbered.number = number.wrappingAdd(1, ordering: .relaxed).oldValue
        let bytes = numbered.bytes(descriptors: descriptors.count)
        let sent = bytes.withUnsafeBufferPointer { bytes in
            descriptors.withUnsafeBufferPointer {
                yett_send_descriptors(socket.number, bytes.baseAddress, bytes.count, $0.baseAddress, $0.count)
            }
        }
        guard sent == bytes.count else { throw .unavailable("handing a job to yett-sandbox", errno) }
    }

    /// The next event on a job's socket or the launcher's; `nil` at its end, after the time, or when it is none.
    static func hear(_ socket: Int32, milliseconds: Int32) -> LauncherEvent? {
        var watched = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, milliseconds) > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(yett_event_bytes_limit) + 1)
        let count = recv(socket, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return LauncherEvent(Array(bytes[..<count]))
    }

    /// Closing the socket ends every sandbox and the launcher. One that does not end in time is killed, and its
    /// sandboxes die with it.
    private static func end(_ process: pid_t, _ socket: Int32) {
        shutdown(socket, Int32(SHUT_RDWR))
        LauncherProgram.reap(process, milliseconds: 3000)
        yett_groups_tidy()
    }
}
