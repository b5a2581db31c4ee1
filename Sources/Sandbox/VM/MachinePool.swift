// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Synchronization

/// Machines that wait before anybody asks, and the templates that they are copied from. Each machine serves one job.
final class MachinePool: Sendable {
    private struct State {
        var idle: [MachineKind: [Machine]] = [:]
        var templates: [MachineKind: any MachineTemplate] = [:]
        /// The kinds in the order of their last use, the latest last.
        var used: [MachineKind] = []
        var filling: Set<MachineKind> = []
        /// Kinds that cannot be copied here, and why.
        var faults: [MachineKind: String] = [:]
        var running = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    /// How many machines wait for each kind.
    private let most: Int

    /// For so many kinds at once: a template holds some 50 MiB, a waiting machine 35.
    private static let mostKinds = 2
    /// Beside the job's own time.
    private static let reserveMicroseconds: Int64 = 30_000_000
    private static let pauseMilliseconds: Int32 = 20
    private static let mostPauses = 250

    init(most: Int) {
        self.most = most
    }

    /// A job begins, so that nothing is prepared meanwhile that can wait.
    func begin() { state.withLock { $0.running &+= 1 } }

    /// A job is over.
    func end() { state.withLock { $0.running &-= 1 } }

    /// Why copies are not made, a line for each kind.
    var faults: [String] { state.withLock { Array($0.faults.values) } }

    /// How many machines wait.
    var idleCount: Int { state.withLock { $0.idle.values.reduce(0) { $0 &+ $1.count } } }

    /// A machine that waits and has time enough left; `nil` when there is none, which is no failure.
    func take(_ kind: MachineKind, wallMilliseconds: Int) -> Machine? {
        let now = SteadyClock.microseconds()
        let needed = Int64(wallMilliseconds) &* 1000 &+ Self.reserveMicroseconds
        let mostAge = Int64(SandboxLimits.ceiling.wallMilliseconds) &* 1000 &- needed
        while let machine = state.withLock({ $0.idle[kind]?.popLast() }) {
            if machine.channel.isQuiet, now &- machine.born < mostAge { return machine }
        }
        return nil
    }

    /// The template of a kind; `nil` when there is none yet.
    func template(_ kind: MachineKind) -> (any MachineTemplate)? { state.withLock { $0.templates[kind] } }

    /// A copy did not come up: the kind's template is given up, and machines of it boot from now on.
    func refuse(_ kind: MachineKind, _ why: SandboxError) {
        let old = state.withLock { state -> (any MachineTemplate)? in
            state.faults[kind] = why.description
            return state.templates.removeValue(forKey: kind)
        }
        withExtendedLifetime(old) {}
    }

    /// Ends one machine that waits for another kind, to make room; false when there is none.
    func makeRoom() -> Bool {
        let machine = state.withLock { state -> Machine? in
            for kind in state.used { if let machine = state.idle[kind]?.popLast() { return machine } }
            return nil
        }
        return machine != nil
    }

    /// Makes what is missing of a kind on a thread of its own, one after the other. The kind that nobody used for longest
    /// makes room.
    func fill(_ kind: MachineKind, _ maker: any MachineMaker) {
        guard most > 0, claim(kind) else { return }
        do throws(SandboxError) {
            try onThreadOfItsOwn { [self] in
                do throws(SandboxError) {
                    try work(kind, maker)
                } catch {
                    if error.kind != .busy { refuse(kind, error) }
                }
                _ = state.withLock { $0.filling.remove(kind) }
            }
        } catch {
            _ = state.withLock { $0.filling.remove(kind) }
        }
    }

    /// Makes what is missing of a kind now, its template first; waits for a thread that is at it.
    func fillNow(_ kind: MachineKind, _ maker: any MachineMaker) throws(SandboxError) {
        while state.withLock({ $0.filling.contains(kind) }) { poll(nil, 0, Self.pauseMilliseconds) }
        guard claim(kind) else { return }
        defer { _ = state.withLock { $0.filling.remove(kind) } }
        try work(kind, maker)
    }

    /// Ends all that wait, and keeps none from now on.
    func close() {
        let ending = state.withLock { state in
            state.isClosed = true
            let all = (state.idle.values.flatMap { $0 }, state.templates)
            state.idle = [:]
            state.templates = [:]
            return all
        }
        withExtendedLifetime(ending) {}
    }

    /// Whether the caller is to fill the kind, which is the one used last from now on.
    private func claim(_ kind: MachineKind) -> Bool {
        var dropped: [Machine] = []
        var old: (any MachineTemplate)?
        let isFree = state.withLock { state -> Bool in
            guard !state.isClosed, state.faults[kind] == nil else { return false }
            state.used.removeAll { $0 == kind }
            state.used.append(kind)
            if state.used.count > Self.mostKinds {
                let other = state.used.removeFirst()
                dropped = state.idle.removeValue(forKey: other) ?? []
                old = state.templates.removeValue(forKey: other)
            }
            return state.filling.insert(kind).inserted
        }
        withExtendedLifetime((dropped, old)) {}
        return isFree
    }

    private func work(_ kind: MachineKind, _ maker: any MachineMaker) throws(SandboxError) {
        pauseForJobs()
        if template(kind) == nil {
            let template = try maker.template(kind)
            state.withLock { state in
                if !state.isClosed, state.used.contains(kind) { state.templates[kind] = template }
            }
        }
        while isWanted(kind), let template = template(kind) {
            pauseForJobs()
            guard isWanted(kind) else { return }
            let machine = try template.copy()
            try machine.rehearse()
            let surplus = state.withLock { state -> Machine? in
                guard !state.isClosed, state.templates[kind] != nil, (state.idle[kind]?.count ?? 0) < most else {
                    return machine
                }
                state.idle[kind] = [machine] + (state.idle[kind] ?? [])
                return nil
            }
            withExtendedLifetime(surplus) {}
        }
    }

    private func isWanted(_ kind: MachineKind) -> Bool {
        state.withLock { !$0.isClosed && $0.used.contains(kind) && ($0.idle[kind]?.count ?? 0) < most }
    }

    /// Lets jobs go first, but not for ever.
    private func pauseForJobs() {
        for _ in 0..<Self.mostPauses where state.withLock({ !$0.isClosed && $0.running > 0 }) {
            poll(nil, 0, Self.pauseMilliseconds)
        }
    }
}
