// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Synchronization

/// Runs code in namespaces of the host's kernel, made by bubblewrap, behind an allow-list of system calls. What is always
/// there: it needs no image and no virtualization.
public final class NamespaceDriver: SandboxDriver {
    /// Where its parts are, and what it may use.
    public struct Settings: Sendable {
        /// The helper program, where it does not lie beside this one or in its `libexec`.
        public var helper: String?
        /// The host's user ids that are reserved for sandboxes, for a gate that runs as root.
        public var users: ClosedRange<UInt32> = 61_000...61_183
        /// How many sandboxes may run at once.
        public var jobs = 64
        /// The bubblewrap to use instead of the system's.
        public var bubblewrap: String?
        /// The directory of the image that sandboxes show as their system; without one there they show the host's.
        public var image: String?

        /// The defaults.
        public init() {}
    }

    /// `namespace`.
    public let name = "namespace"
    private let settings: Settings
    private let parts = Mutex<Parts?>(nil)

    /// What stays from run to run.
    private struct Parts {
        let launcher: SandboxLauncher
        let root: SystemRoot
        let filters: CallFilters
    }

    /// Prepares a driver; nothing is started yet.
    public init(_ settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Starts the helper program, early: while this process has few threads and has read no secrets.
    public func start() throws(SandboxError) {
        _ = try ready()
    }

    /// Ends the helper program and every sandbox.
    public func stop() {
        let ending = parts.withLock { parts in
            defer { parts = nil }
            return parts
        }
        withExtendedLifetime(ending) {}
    }

    /// The helper's process id while it runs.
    public var helperProcess: Int32? { parts.withLock { $0?.launcher.pid } }

    /// Runs a program of each language; see ``SandboxDriver/probe()``.
    public func probe() async -> SandboxVerdict {
        do throws(SandboxError) {
            let parts = try ready()
            let isolation = isolation(parts)
            var kinds: Set<SandboxProgramKind> = []
            var failure = "neither python3 nor sh lies in /usr/bin"
            for (kind, text) in [(SandboxLanguage.python, "print('y' + 'ett')"), (.shell, "echo yett")]
            where parts.root.interpreters[SandboxProgramKind(kind)] != nil {
                let result = try await run(SandboxRequest(.source(kind, Array(text.utf8))), listener: nil)
                if result.outcome == .exited(0), result.output == Array("yett\n".utf8) {
                    kinds.insert(SandboxProgramKind(kind))
                } else {
                    let said = String(decoding: result.errors.prefix(200), as: UTF8.self)
                    failure = "\(kind.rawValue) ended with \(result.outcome) \(said)"
                }
            }
            guard !kinds.isEmpty else { return .unusable(reason: failure, remedy: "apt-get install python3") }
            return .usable(isolation, kinds)
        } catch {
            return .unusable(reason: error.description, remedy: Self.remedy())
        }
    }

    /// Runs one request; see ``SandboxDriver/run(_:listener:)``.
    public func run(_ request: SandboxRequest, listener: SandboxListener?) async throws(SandboxError) -> SandboxResult {
        try request.judge()
        let parts = try ready()
        let isolation = isolation(parts)
        let lacks = request.requirement.lacks(isolation)
        guard lacks.isEmpty else {
            throw .refused(.unsatisfied, "the namespace sandbox does not do: \(lacks.joined(separator: ", "))")
        }
        let options = try NamespaceOptions(request, root: parts.root, filters: parts.filters)
        return try await NamespaceRun.perform(
            options.order, by: parts.launcher, for: request, isolation: isolation, listener: listener)
    }

    private func isolation(_ parts: Parts) -> SandboxIsolation {
        SandboxIsolation(
            driver: name, wall: .namespace, acceleration: nil, isJailed: true, isFiltered: true,
            groups: parts.launcher.ready.groups, hasAtomicKill: parts.launcher.ready.hasAtomicKill,
            hasOwnUser: parts.launcher.ready.changesUsers, isOneShot: true, image: parts.root.digest)
    }

    /// The parts, made at the first use, and the helper again after it broke down.
    private func ready() throws(SandboxError) -> Parts {
        let settings = settings
        let made: Result<Parts, SandboxError> = parts.withLock { parts in
            if let known = parts, known.launcher.isAlive { return .success(known) }
            do throws(SandboxError) {
                let launcher = try SharedLaunchers.launcher(settings.launcher)
                let filters = if let known = parts { known.filters } else { try CallFilters() }
                let root = if let known = parts { known.root } else { try SystemRoot.find(image: settings.image) }
                let new = Parts(launcher: launcher, root: root, filters: filters)
                parts = new
                return .success(new)
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    /// The setting or package that most likely is the reason.
    private static func remedy() -> String {
        if setting("/proc/sys/user/max_user_namespaces") == 0 { return "sysctl -w user.max_user_namespaces=15000" }
        if setting("/proc/sys/kernel/unprivileged_userns_clone") == 0 {
            return "sysctl -w kernel.unprivileged_userns_clone=1"
        }
        if setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1 {
            return "a profile of AppArmor for bwrap, or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        }
        return ""
    }

    private static func setting(_ path: String) -> Int? {
        let file = SandboxDescriptor(open(path, O_RDONLY | O_CLOEXEC))
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = read(file.number, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return Int(String(decoding: bytes[..<count].prefix { (0x30...0x39).contains($0) }, as: UTF8.self))
    }
}
