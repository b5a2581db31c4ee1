// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// Runs WebAssembly modules with the WASI interface, and languages that are such modules, in worker processes that serve
/// one run each. The code has no system calls of its own: what it is given is its arguments, three streams and, inside a
/// jail, a scratch directory.
public final class WasmDriver: SandboxDriver {
    /// Where its parts are.
    public struct Settings: Sendable {
        /// The engine's library; otherwise it is looked for at its usual places.
        public var library: String?
        /// The interpreter; where one is named and no library is, no library is looked for.
        public var interpreter: String?
        /// The worker program, where it does not lie beside this one or in its `libexec`.
        public var worker: String?
        /// The directory of installed language images.
        public var images: String? = "/var/lib/yett/wasm"
        /// How many warm workers wait for each image and for each set of limits.
        public var warm = 2

        /// The defaults.
        public init() {}
    }

    /// `wasm`.
    public let name = "wasm"
    private let settings: Settings
    private let spawner: any WasmSpawner
    private let parts = Mutex<Parts?>(nil)

    /// What stays from run to run.
    private struct Parts: Sendable {
        let engine: WasmEngine
        let images: [WasmImage]
        let faults: [String]
        let pool: WasmPool
    }

    /// What the engine needs of memory beside the program's.
    private static let engineBytes = 256 << 20
    /// For the engine's threads.
    private static let engineProcesses = 32
    /// A worker's life from its start, its wait included: the most that the launcher gives.
    static let lifeMilliseconds = SandboxLimits.ceiling.wallMilliseconds

    /// Prepares a driver whose workers live in jails of the launcher.
    public convenience init(_ settings: Settings = Settings(), jail: NamespaceDriver.Settings) {
        self.init(settings, spawner: JailSpawner(jail))
    }

    /// Prepares a driver; nothing is started yet.
    public init(_ settings: Settings = Settings(), spawner: any WasmSpawner) {
        self.settings = settings
        self.spawner = spawner
    }

    deinit {
        stop()
    }

    /// Ends every worker that waits; the next run looks for the engine and the images again.
    public func stop() {
        let ending = parts.withLock { parts in
            defer { parts = nil }
            return parts
        }
        ending?.pool.close()
    }

    /// What is wrong with installed images that are not used, a line for each.
    public var imageFaults: [String] { parts.withLock { $0?.faults } ?? [] }

    /// Runs a module and a program of each language; see ``SandboxDriver/probe()``.
    public func probe() async -> SandboxVerdict {
        do throws(SandboxError) {
            let parts = try ready()
            let isolation = try isolation(parts, nil)
            var kinds: Set<SandboxProgramKind> = []
            var request = SandboxRequest(.module(Self.probeModule))
            request.limits.wallMilliseconds = 3000
            guard let result = try await sound(request) else {
                return .unusable(reason: "a module that writes a line did not", remedy: WasmEngine.remedy)
            }
            kinds.insert(result)
            for image in parts.images {
                let text = image.language == .python ? "print('yett')" : "console.log('yett')"
                request.program = .source(image.language, Array(text.utf8))
                if let kind = try? await sound(request) { kinds.insert(kind) }
            }
            return .usable(isolation, kinds)
        } catch {
            return .unusable(reason: error.description, remedy: WasmEngine.remedy)
        }
    }

    /// The request's kind, when it writes what it should.
    private func sound(_ request: SandboxRequest) async throws(SandboxError) -> SandboxProgramKind? {
        let result = try await run(request, listener: nil)
        let isGood = result.outcome == .exited(0) && result.output == Array("yett\n".utf8)
        return isGood ? request.program.kind : nil
    }

    /// Runs one request; see ``SandboxDriver/run(_:listener:)``.
    public func run(_ request: SandboxRequest, listener: SandboxListener?) async throws(SandboxError) -> SandboxResult {
        let begun = SteadyClock.microseconds()
        try request.judge()
        let parts = try ready()
        let image = try image(for: request.program.kind, parts)
        let isolation = try isolation(parts, image)
        let lacks = request.requirement.lacks(isolation)
        guard lacks.isEmpty else {
            throw .refused(.unsatisfied, "the WebAssembly sandbox does not do: \(lacks.joined(separator: ", "))")
        }
        let job = try job(request, image)
        let jail = try spawner.jail()
        guard job.files.isEmpty || jail.scratch != nil else {
            throw .refused(.unsatisfied, "the WebAssembly sandbox has no place for files outside of a jail")
        }
        let kind = WasmPool.Kind(
            image: image?.digest, memoryBytes: request.limits.memoryBytes,
            processorThousandths: request.limits.processorThousandths, scratchBytes: request.limits.scratchBytes)
        let launch = launch(parts.engine, jail, request.limits, image)
        let spawner = spawner
        let start: @Sendable () throws(SandboxError) -> WasmWorker = { () throws(SandboxError) in
            try WasmWorker(launch, by: spawner)
        }
        let cutter = RunCutter()
        let work: @Sendable () throws(SandboxError) -> SandboxResult = { () throws(SandboxError) in
            let worker = if let warm = parts.pool.take(kind, for: request.limits) { warm } else { try start() }
            defer { parts.pool.fill(kind, start) }
            guard cutter.watch(worker.channel) else {
                throw .refused(.cut, "the run was cut before the code started")
            }
            var run = WasmRun(
                worker: worker, request: request, isolation: isolation, listener: listener, cutter: cutter)
            return try run.run(job, begun: begun)
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<SandboxResult, SandboxError>, Never>) in
                do throws(SandboxError) {
                    try onThreadOfItsOwn {
                        continuation.resume(returning: Result { () throws(SandboxError) in try work() })
                    }
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        } onCancel: {
            cutter.cut()
        }
        return try result.get()
    }

    private func job(_ request: SandboxRequest, _ image: WasmImage?) throws(SandboxError) -> WasmJob {
        switch request.program {
        case .module(let bytes):
            let arguments = [Array("module".utf8)] + request.arguments.map { Array($0.utf8) }
            return WasmJob(
                module: bytes, arguments: arguments, input: request.input, files: request.files,
                limits: request.limits)
        case .source(let language, let text):
            guard let image else { throw Self.unknown(SandboxProgramKind(language)) }
            return try image.job(text, request)
        }
    }

    private func image(for kind: SandboxProgramKind, _ parts: Parts) throws(SandboxError) -> WasmImage? {
        guard kind != .module else { return nil }
        guard let image = parts.images.first(where: { SandboxProgramKind($0.language) == kind }) else {
            throw Self.unknown(kind)
        }
        return image
    }

    private static func unknown(_ kind: SandboxProgramKind) -> SandboxError {
        .refused(.unsatisfied, "the WebAssembly sandbox has no image for \(kind.rawValue)")
    }

    private func launch(
        _ engine: WasmEngine, _ jail: WasmJail, _ limits: SandboxLimits, _ image: WasmImage?
    ) -> WasmLaunch {
        var words = [engine.worker, engine.role, engine.path]
        if image != nil { words.append("precompiled=\(jail.imageDescriptor)") }
        if let scratch = jail.scratch { words.append("scratch=\(scratch)") }
        var outer = limits
        outer.wallMilliseconds = Self.lifeMilliseconds
        outer.memoryBytes = limits.memoryBytes &+ Self.engineBytes
        outer.processes = Self.engineProcesses
        return WasmLaunch(
            arguments: words, readable: engine.readable, channel: -1, image: image?.file.number, limits: outer)
    }

    private func isolation(_ parts: Parts, _ image: WasmImage?) throws(SandboxError) -> SandboxIsolation {
        let jail = try spawner.jail()
        return SandboxIsolation(
            driver: name, wall: .wasm, acceleration: parts.engine.acceleration, isJailed: jail.isJailed,
            isFiltered: parts.engine.acceleration == .jit, groups: jail.groups, hasAtomicKill: jail.hasAtomicKill,
            hasOwnUser: jail.hasOwnUser, isOneShot: true, image: image?.digest ?? parts.engine.digest)
    }

    /// The parts, found at the first use.
    private func ready() throws(SandboxError) -> Parts {
        let settings = settings
        let made: Result<Parts, SandboxError> = parts.withLock { parts in
            if let known = parts { return .success(known) }
            do throws(SandboxError) {
                let engine = try WasmEngine(settings)
                // Native code is only for the engine that it was made for.
                let found = engine.acceleration == .jit ? settings.images.map(WasmImage.all(below:)) : nil
                let new = Parts(
                    engine: engine, images: found?.images ?? [], faults: found?.faults ?? [],
                    pool: WasmPool(most: settings.warm))
                parts = new
                return .success(new)
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    /// Writes `yett` and a new line.
    private static let probeModule: [UInt8] = [
        0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
        1, 12, 2, 0x60, 0, 0, 0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f,
        2, 35, 1, 22, 0x77, 0x61, 0x73, 0x69, 0x5f, 0x73, 0x6e, 0x61, 0x70, 0x73, 0x68, 0x6f, 0x74, 0x5f, 0x70, 0x72,
        0x65, 0x76, 0x69, 0x65, 0x77, 0x31, 8, 0x66, 0x64, 0x5f, 0x77, 0x72, 0x69, 0x74, 0x65, 0, 1,
        3, 2, 1, 0,
        5, 3, 1, 0, 1,
        7, 19, 2, 6, 0x5f, 0x73, 0x74, 0x61, 0x72, 0x74, 0, 1, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0,
        10, 15, 1, 13, 0, 0x41, 1, 0x41, 0, 0x41, 1, 0x41, 12, 0x10, 0, 0x1a, 0x0b,
        11, 19, 1, 0, 0x41, 0, 0x0b, 13, 8, 0, 0, 0, 5, 0, 0, 0, 0x79, 0x65, 0x74, 0x74, 0x0a,
    ]
}
