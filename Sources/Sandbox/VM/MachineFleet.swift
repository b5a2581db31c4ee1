// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The machines of one image that one maker makes, those that wait among them, and how a request is run in one.
final class MachineFleet: Sendable {
    let image: SandboxImage
    let pool: MachinePool
    private let maker: any MachineMaker
    private let filters: CallFilters

    /// A fleet in which this many machines wait for each size.
    init(_ maker: any MachineMaker, image: SandboxImage, filters: CallFilters, warm: Int) {
        self.maker = maker
        self.image = image
        self.filters = filters
        pool = MachinePool(most: warm)
    }

    /// Runs a program of each language that the image has.
    func probe(_ isolation: SandboxIsolation) async throws(SandboxError) -> SandboxVerdict {
        var kinds: Set<SandboxProgramKind> = []
        for (language, text) in [(SandboxLanguage.python, "print('y' + 'ett')"), (.shell, "echo yett")]
        where image.interpreters[language] != nil {
            var request = SandboxRequest(.source(language, Array(text.utf8)))
            request.limits.wallMilliseconds = 10_000
            let result = try await run(request, isolation, listener: nil)
            guard result.outcome == .exited(0), result.output == Array("yett\n".utf8) else {
                let said = String(decoding: result.errors.prefix(200), as: UTF8.self)
                return .unusable(
                    reason: "\(language.rawValue) ended with \(result.outcome.name) \(said)",
                    remedy: SandboxImage.remedy)
            }
            kinds.insert(SandboxProgramKind(language))
        }
        return .usable(isolation, kinds)
    }

    /// Makes what runs with such limits are copied from, and as many machines as wait, before anybody asks.
    func warm(_ limits: SandboxLimits) async throws(SandboxError) {
        guard let kind = MachineKind(image: image.digest, limits) else { return }
        try await Self.result { [self] () throws(SandboxError) in try pool.fillNow(kind, maker) }.get()
    }

    /// Runs one request that was judged, in a machine of its own.
    func run(
        _ request: SandboxRequest, _ isolation: SandboxIsolation, listener: SandboxListener?
    ) async throws(SandboxError) -> SandboxResult {
        let begun = SteadyClock.microseconds()
        let lacks = request.requirement.lacks(isolation)
        guard lacks.isEmpty else {
            throw .refused(.unsatisfied, "the virtual machine does not do: \(lacks.joined(separator: ", "))")
        }
        guard case .source(let language, _) = request.program, image.interpreters[language] != nil else {
            throw .refused(.unsatisfied, "the virtual machine does not run \(request.program.kind.rawValue)")
        }
        guard let kind = MachineKind(image: image.digest, request.limits) else {
            throw .refused(
                .unsatisfied, "the virtual machine gives a job no more than \(MachineKind.mostMebibytes) MiB of memory")
        }
        let cutter = RunCutter()
        let work: @Sendable () throws(SandboxError) -> SandboxResult = { [self] () throws(SandboxError) in
            pool.begin()
            defer {
                pool.end()
                pool.fill(kind, maker)
            }
            let machine = try machine(kind, wallMilliseconds: request.limits.wallMilliseconds)
            guard cutter.watch(machine.channel) else {
                throw .refused(.cut, "the run was cut before the code started")
            }
            let job = GuestJob(request: request, filters: filters.programs).bytes()
            var run = MachineRun(
                machine: machine, request: request, isolation: isolation, listener: listener, cutter: cutter)
            return try run.run(job, begun: begun)
        }
        let result = await withTaskCancellationHandler {
            await Self.result(of: work)
        } onCancel: {
            cutter.cut()
        }
        return try result.get()
    }

    /// Waits for work that blocks its thread.
    private static func result<Value: Sendable>(
        of work: @escaping @Sendable () throws(SandboxError) -> Value
    ) async -> Result<Value, SandboxError> {
        await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, SandboxError>, Never>) in
            do throws(SandboxError) {
                try onThreadOfItsOwn {
                    continuation.resume(returning: Result { () throws(SandboxError) in try work() })
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
    }

    /// One that waits, a copy of a saved one, or one that boots.
    private func machine(_ kind: MachineKind, wallMilliseconds: Int) throws(SandboxError) -> Machine {
        if let warm = pool.take(kind, wallMilliseconds: wallMilliseconds) { return warm }
        do throws(SandboxError) {
            return try new(kind)
        } catch {
            guard error.kind == .busy, pool.makeRoom() else { throw error }
            return try new(kind)
        }
    }

    private func new(_ kind: MachineKind) throws(SandboxError) -> Machine {
        if let template = pool.template(kind) {
            do throws(SandboxError) {
                return try template.copy()
            } catch {
                if error.kind == .busy { throw error }
                pool.refuse(kind, error)
            }
        }
        return try maker.boot(kind)
    }
}
