// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Identity

/// The process at the other end of a Unix socket, held by a descriptor of the process and not by its number.
///
/// Numbers are given out again. The kernel made the descriptor from the connection itself, and the directory in `/proc`
/// was opened while that process lived, so that both mean it and no other for as long as this exists.
public final class LocalCaller: Sendable {
    /// The process, for the record.
    public let pid: Int32
    /// Its effective user when it connected.
    public let uid: UInt32
    /// Its effective group when it connected.
    public let gid: UInt32
    /// The descriptor of the process; `nil` where the kernel gives none (before Linux 6.5).
    let pidfd: CInt?
    private let directory: CInt

    /// Takes what the kernel says of a connection.
    ///
    /// - Parameters:
    ///   - pid: `SO_PEERCRED`.
    ///   - uid: `SO_PEERCRED`.
    ///   - gid: `SO_PEERCRED`.
    ///   - pidfd: `SO_PEERPIDFD`. It is closed by this object, also when this throws.
    public convenience init(pid: Int32, uid: UInt32, gid: UInt32, pidfd: Int32?) throws(AttestationError) {
        try self.init(pid: pid, uid: uid, gid: gid, pidfd: pidfd, isDescriptorExpected: PeerDescriptors.areGiven)
    }

    /// - Parameter isDescriptorExpected: Whether the kernel gives descriptors of living processes. One that does and
    ///   gives none this time says that the process is gone.
    init(
        pid: Int32, uid: UInt32, gid: UInt32, pidfd: Int32?, isDescriptorExpected: Bool
    ) throws(AttestationError) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
        self.pidfd = pidfd
        // Closed in deinit from here on; -1 where there is nothing to look into.
        guard pidfd != nil, pid > 0 else {
            directory = -1
            if pid <= 0 { throw .hidden }
            try checkUser()
            if isDescriptorExpected { throw .ended }
            return
        }
        directory = open("/proc/\(pid)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try checkUser()
        guard directory >= 0, isAlive else { throw .ended }
        guard numberOfDescriptor == pid else { throw .hidden }
    }

    deinit {
        if let pidfd { close(pidfd) }
        if directory >= 0 { close(directory) }
    }

    /// Whether the process lives. Without a descriptor of it that is not known, and taken for granted: nothing but the
    /// user and the group of the connection is believed of such a caller.
    public var isAlive: Bool {
        guard let pidfd else { return true }
        var poll = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
        while true {
            let count = Glibc.poll(&poll, 1, 0)
            if count >= 0 || errno != EINTR { return count == 0 }
        }
    }

    /// Tells when the process has ended.
    ///
    /// - Returns: `nil` when that cannot be told; the end of the connection has to do.
    public func watch(ended: @escaping @Sendable () -> Void) -> ProcessWatch? {
        pidfd.flatMap { ProcessWatch(descriptor: dup($0), ended: ended) }
    }

    /// What the kernel says of the process now; `nil` without a descriptor of it.
    func facts(wanting wanted: Set<Selector.Kind>) throws(AttestationError) -> ProcessFacts? {
        guard pidfd != nil else { return nil }
        guard isAlive else { throw .ended }
        let facts = try ProcessFacts(directory: directory, wanting: wanted)
        // Read while it lived, and therefore of it.
        guard isAlive else { throw .ended }
        guard facts.users.allSatisfy({ $0 == uid }), facts.groups.allSatisfy({ $0 == gid }) else {
            throw .mixedCredentials
        }
        return facts
    }

    /// The processes above this one if it is contained, as launched agents are; nothing otherwise.
    func containedLineage() -> [Int32] {
        guard pidfd != nil, Lineage.isContained(directory: directory) else { return [] }
        let lineage = Lineage.above(directory: directory)
        return isAlive ? lineage : []
    }

    /// The digest of the program that the process runs.
    func programDigest(_ program: ProcessFacts.Program) -> String? {
        ProgramDigest.sha256(directory: directory, program: program)
    }

    private func checkUser() throws(AttestationError) {
        // Users and groups of a namespace that does not map them look like this one; it may be anybody.
        guard uid != .max, gid != .max, uid != OverflowID.user, gid != OverflowID.group else { throw .hidden }
    }

    /// The number of the process, as the descriptor itself says it in the gate's namespace.
    private var numberOfDescriptor: Int32? {
        guard let pidfd, let text = ProcFile.contents("/proc/self/fdinfo/\(pidfd)") else { return nil }
        return ProcFile.field("Pid:", of: text).first.flatMap { Int32(String(decoding: $0, as: UTF8.self)) }
    }
}

/// Whether the kernel gives a descriptor of the process at the other end of a socket.
private enum PeerDescriptors {
    /// `SO_PEERPIDFD`, Linux 6.5.
    private static let option: CInt = 77

    /// Found out once, with a socket of our own.
    static let areGiven: Bool = {
        var pair: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            return true
        }
        defer { for descriptor in pair { close(descriptor) } }
        var pidfd: CInt = -1
        var size = socklen_t(MemoryLayout<CInt>.size)
        guard getsockopt(pair[0], SOL_SOCKET, option, &pidfd, &size) == 0 else { return false }
        close(pidfd)
        return true
    }()
}

/// What the kernel shows for users and groups that a namespace does not map.
enum OverflowID {
    static let user = read("/proc/sys/kernel/overflowuid")
    static let group = read("/proc/sys/kernel/overflowgid")

    private static func read(_ path: String) -> UInt32 {
        let text = ProcFile.contents(path).map { String(decoding: $0.filter { $0 != 0x0a }, as: UTF8.self) }
        return text.flatMap { UInt32($0) } ?? 65_534
    }
}
