// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Synchronization

/// Runs code on gVisor, a kernel in user space: the code's system calls end in a process that is itself shut in, in a
/// jail of the launcher's. Slower to start than namespaces, and a second wall where those have one.
public final class GVisorDriver: SandboxDriver {
    /// Where its parts are, and what it may use.
    public struct Settings: Sendable {
        /// The `runsc` to use instead of the system's.
        public var runtime: String?
        /// The jails' launcher.
        public var jail = NamespaceDriver.Settings()

        /// The defaults.
        public init() {}
    }

    /// `gvisor`.
    public let name = "gvisor"
    private let settings: Settings
    private let parts = Mutex<Parts?>(nil)

    /// What stays from run to run.
    private struct Parts {
        let launcher: SandboxLauncher
        let runtime: TrustedFile
        let root: SystemRoot
        var platform: GVisorPlatform?
    }

    private static let remedy = "apt-get install runsc"
    /// How long gVisor may take to start code, and when it is tried whether it does.
    private static let startMilliseconds = 15_000
    private static let trialMilliseconds = 3000

    /// Prepares a driver; nothing is started yet.
    public init(_ settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Gives up the launcher, and looks for everything again at the next run.
    public func stop() {
        let ending = parts.withLock { parts in
            defer { parts = nil }
            return parts
        }
        withExtendedLifetime(ending) {}
    }

    /// The launcher's process id while this driver has one.
    public var helperProcess: Int32? { parts.withLock { $0?.launcher.pid } }

    /// Runs a program of each language on the first platform that works; see ``SandboxDriver/probe()``.
    public func probe() async -> SandboxVerdict {
        do throws(SandboxError) {
            let (parts, platform) = try await usable()
            var kinds: Set<SandboxProgramKind> = [.shell]
            if parts.root.interpreters[.python] != nil {
                let trial = Self.trial(.python, "print('y' + 'ett')")
                if try await run(trial, listener: nil).isGood { kinds.insert(.python) }
            }
            return .usable(isolation(parts, platform), kinds)
        } catch {
            let isMissing = error.kind == .unavailable && error.description.utf8.starts(with: "runsc is not".utf8)
            return .unusable(reason: error.description, remedy: isMissing ? Self.remedy : "")
        }
    }

    /// Runs one request; see ``SandboxDriver/run(_:listener:)``.
    public func run(_ request: SandboxRequest, listener: SandboxListener?) async throws(SandboxError) -> SandboxResult {
        try request.judge()
        guard request.requirement.strength <= .userKernel else {
            throw .refused(
                .unsatisfied,
                "the gvisor sandbox's strength is user-kernel, not \(request.requirement.strength.rawValue)")
        }
        let (parts, platform) = try await usable()
        let isolation = isolation(parts, platform)
        let lacks = request.requirement.lacks(isolation)
        guard lacks.isEmpty else {
            throw .refused(.unsatisfied, "the gvisor sandbox does not do: \(lacks.joined(separator: ", "))")
        }
        return try await run(request, parts, platform, Self.startMilliseconds, listener)
    }

    private func run(
        _ request: SandboxRequest, _ parts: Parts, _ platform: GVisorPlatform, _ startMilliseconds: Int,
        _ listener: SandboxListener?
    ) async throws(SandboxError) -> SandboxResult {
        let jail = GVisorJail(runtime: parts.runtime.path, platform: platform, root: parts.root)
        return try await NamespaceRun.perform(
            try jail.order(request, startMilliseconds: startMilliseconds), by: parts.launcher, for: request,
            isolation: isolation(parts, platform), listener: listener)
    }

    private func isolation(_ parts: Parts, _ platform: GVisorPlatform) -> SandboxIsolation {
        SandboxIsolation(
            driver: name, wall: .userKernel, acceleration: platform.acceleration, isJailed: true, isFiltered: true,
            groups: parts.launcher.ready.groups, hasAtomicKill: parts.launcher.ready.hasAtomicKill,
            hasOwnUser: parts.launcher.ready.changesUsers, isOneShot: true, image: parts.root.digest)
    }

    /// The parts and the platform, which the first caller finds by trying.
    private func usable() async throws(SandboxError) -> (Parts, GVisorPlatform) {
        let parts = try ready()
        if let platform = parts.platform { return (parts, platform) }
        var failures: [String] = []
        for platform in GVisorPlatform.allCases {
            if let obstacle = platform.obstacle(isOwnUser: parts.launcher.ready.changesUsers) {
                failures.append("\(platform.rawValue): \(obstacle)")
                continue
            }
            do throws(SandboxError) {
                let trial = Self.trial(.shell, "echo yett")
                let result = try await run(trial, parts, platform, Self.trialMilliseconds, nil)
                guard !result.isGood else {
                    self.parts.withLock { $0?.platform = platform }
                    return (parts, platform)
                }
                failures.append("\(platform.rawValue): it ended with \(result.outcome)")
            } catch {
                guard error.kind == .setUp else { throw error }
                failures.append("\(platform.rawValue): \(error.description)")
            }
        }
        throw .refused(.unavailable, "gVisor does not run here: \(failures.joined(separator: "; "))")
    }

    private static func trial(_ language: SandboxLanguage, _ text: String) -> SandboxRequest {
        var request = SandboxRequest(.source(language, Array(text.utf8)))
        request.limits.wallMilliseconds = trialMilliseconds
        return request
    }

    /// The parts, found at the first use, and the launcher again after it broke down.
    private func ready() throws(SandboxError) -> Parts {
        let settings = settings
        let made: Result<Parts, SandboxError> = parts.withLock { parts in
            if let known = parts, known.launcher.isAlive { return .success(known) }
            do throws(SandboxError) {
                let runtime = if let known = parts { known.runtime } else { try Self.runtime(settings.runtime) }
                let root = if let known = parts { known.root } else { try SystemRoot.find(image: settings.jail.image) }
                guard root.interpreters[.shell] != nil else {
                    throw .refused(.unavailable, "the gvisor sandbox needs a shell in /usr/bin")
                }
                let launcher = try SharedLaunchers.launcher(settings.jail.launcher)
                guard launcher.ready.groups != .none else {
                    throw .refused(
                        .unavailable,
                        "gVisor's memory can only be limited by control groups, and there are none: "
                            + "run the gate as root, or delegate groups to it")
                }
                let new = Parts(launcher: launcher, runtime: runtime, root: root, platform: parts?.platform)
                parts = new
                return .success(new)
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    private static func runtime(_ given: String?) throws(SandboxError) -> TrustedFile {
        for path in given.map({ [$0] }) ?? ["/usr/bin/runsc", "/usr/local/bin/runsc"] {
            guard access(path, F_OK) == 0 else { continue }
            return try TrustedFile(path, onlyRoot: false)
        }
        throw .refused(.unavailable, "runsc is not installed: \(remedy)")
    }
}

extension SandboxResult {
    /// Whether a trial wrote what it should.
    fileprivate var isGood: Bool { outcome == .exited(0) && output == Array("yett\n".utf8) }
}
