// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSandbox
internal import Glibc

/// One machine's jail: the directory that it sees as its root, with links to what it reads, and the process in it.
struct FirecrackerJail {
    let process: KeptProcess
    let errors: SandboxDescriptor
    /// When its process was started, in microseconds of the steady clock.
    let born: Int64
    /// The machine's directory, held open.
    private let root: SandboxDescriptor
    private let command: JailerCommand
    private let parts: FirecrackerParts
    private let kind: MachineKind

    /// The name of the socket in the jail to which the guest's channel leads.
    static let channel = "v.socket"
    /// How long one try for a connection into the guest may take.
    private static let tryMicroseconds: Int64 = 3_000_000
    private static let pauseMilliseconds: Int32 = 5

    /// Makes a jail and starts Firecracker in it.
    ///
    /// - Parameters:
    ///   - files: What the machine reads, by the names that it has in the jail.
    ///   - fileBytes: What a file that it writes may grow to.
    init(
        _ parts: FirecrackerParts, _ kind: MachineKind, _ files: [(name: String, file: SharedFile)], fileBytes: Int
    ) throws(SandboxError) {
        command = JailerCommand(
            id: parts.workspace.machineName(), executable: parts.firecracker, base: parts.workspace.path,
            groups: parts.groups, fileBytes: fileBytes)
        self.parts = parts
        self.kind = kind
        root = try Self.make(command, parts.workspace.path)
        do throws(SandboxError) {
            for (name, file) in files { try file.link(in: root.number, as: name) }
            let errors = try SandboxDescriptor.pipe()
            born = SteadyClock.microseconds()
            process = try KeptProcess(
                command, kind, jailer: parts.jailer, settings: parts.settings,
                milliseconds: SandboxLimits.ceiling.wallMilliseconds, errors: errors)
            self.errors = errors.read
        } catch {
            // Its keeper removes it as well, once there is one.
            _ = yett_remove_tree(command.directory)
            throw error
        }
        if let file = parts.groups?.missing(kind, of: command.id) {
            throw .refused(.setUp, "Firecracker's jailer did not set \(file)")
        }
    }

    /// A connection to Firecracker's API, on which orders are given before the guest runs anybody's code.
    ///
    /// - Parameter patience: How many times as long as one answer all of them may take.
    func client(patience: Int = 3) throws(SandboxError) -> FirecrackerClient {
        let last = SteadyClock.microseconds() &+ Int64(parts.times.answerMilliseconds) &* 1000
        guard
            let connection = try JailedSocket.connect(
                JailerCommand.control, in: root.number, of: process.user, until: last, isOver: { process.isOver })
        else { throw .refused(.setUp, "Firecracker does not listen\(MachineJail.said(errors))") }
        return FirecrackerClient(connection, milliseconds: parts.times.answerMilliseconds, patience: patience)
    }

    /// Refuses a process that has given itself other rights than it was given: another user, or no filter of calls.
    func checkFilters(of process: pid_t) throws(SandboxError) {
        guard let listing = opendir("/proc/\(process)/task") else {
            throw .refused(.setUp, "Firecracker ended at once")
        }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let task = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard Int32(task) != nil else { continue }
            let file = SandboxDescriptor(open("/proc/\(process)/task/\(task)/status", O_RDONLY | O_CLOEXEC))
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = read(file.number, &bytes, bytes.count)
            guard count > 0, bytes[..<count].firstRange(of: Array("\nSeccomp:\t2\n".utf8)) != nil else {
                throw .refused(.setUp, "Firecracker does not filter its system calls")
            }
        }
    }

    /// Connects to the guest's agent and waits until that is ready. While nobody listens in the guest, and after a
    /// connection that was lost, it tries again.
    func connect(within milliseconds: Int) throws(SandboxError) -> StreamChannel {
        let last = SteadyClock.microseconds() &+ Int64(milliseconds) &* 1000
        while SteadyClock.microseconds() < last, !process.isOver {
            guard
                let connection = try JailedSocket.connect(
                    Self.channel, in: root.number, of: process.user, until: last, isOver: { process.isOver })
            else { break }
            let patience = min(last, SteadyClock.microseconds() &+ Self.tryMicroseconds)
            switch VsockHandshake.perform(connection.socket.number, until: patience) {
            case .connected:
                let channel = StreamChannel(connection.socket, endsAtOnce: true)
                if try channel.hearReady(until: last) { return channel }
            case .malformed:
                throw .refused(.setUp, "Firecracker answered on the guest's channel with what is no answer")
            case .nobody, .late: break
            }
            poll(nil, 0, Self.pauseMilliseconds)
        }
        guard !process.isOver else {
            throw .refused(
                .unavailable, "a virtual machine ended before it was ready\(MachineJail.said(errors))")
        }
        throw .refused(.unavailable, "a virtual machine was not ready within \(milliseconds) ms")
    }

    /// Gives a file that the machine wrote another name, outside of its jail.
    func take(_ name: String, to path: String) throws(SandboxError) {
        guard renameat(root.number, name, AT_FDCWD, path) == 0 else {
            throw .unavailable("taking \(name) from a virtual machine", errno)
        }
    }

    private static func make(_ command: JailerCommand, _ base: String) throws(SandboxError) -> SandboxDescriptor {
        let above = String(Substring(command.directory.utf8.dropLast(command.id.utf8.count &+ 1)))
        for (path, isShared) in [(above, true), (command.directory, false), (command.root, false)] {
            guard mkdir(path, 0o755) == 0 || (isShared && errno == EEXIST) else { throw .unavailable(path, errno) }
        }
        let root = SandboxDescriptor(open(command.root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
        guard root.number >= 0 else { throw .unavailable(command.root, errno) }
        return root
    }
}
