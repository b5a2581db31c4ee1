// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Synchronization

/// The endpoints of one service: which of them a request goes to, and which get none for a while.
///
/// The choice is made on an event loop by what that loop knows, without locks: among the endpoints that are well, the one
/// with the fewest requests of the loop under way. Of more than a few, two are picked by chance and compared.
final class ServiceEndpoints: Sendable {
    /// All of them, in configured order; at most 64.
    let all: [ServiceEndpoint]
    let ejection: EjectionRules
    private let cursors: [EndpointCursor]
    /// Held while one is ejected, so that two loops do not eject the last two.
    private let ejecting = Mutex(())

    /// Which endpoints a request was sent to: a bit for each place in ``all``.
    typealias Tried = UInt64

    /// Up to so many are all looked at.
    private static let few = 8
    /// The most there can be.
    static let limit = 64

    init(_ all: [ServiceEndpoint], ejection: EjectionRules, loops: Int) {
        self.all = Array(all.prefix(Self.limit))
        self.ejection = ejection
        cursors = (0..<max(1, loops)).map { EndpointCursor(seed: UInt64($0)) }
    }

    /// What a description says, with what is known already of endpoints that were there before; `nil` for a service that
    /// is in one place.
    convenience init?(_ service: ServiceDescription, following former: ServiceEndpoints?, loops: Int) {
        guard !service.endpoints.isEmpty else { return nil }
        let endpoints = service.endpoints.map { description in
            let known = former?.all.first { $0.place == description.place }
            if service.health == nil { known?.state.forgetAnswers() }
            return ServiceEndpoint(description, of: service, state: known?.state ?? EndpointState(loops: loops))
        }
        self.init(endpoints, ejection: service.ejection, loops: loops)
    }

    /// The place of the endpoint that the next request goes to. When none is well, they all count as well: who knows for
    /// sure that nobody would answer?
    ///
    /// - Parameters:
    ///   - loop: The place of the caller's loop among all.
    ///   - now: Nanoseconds of the monotonic clock.
    func choose(on loop: Int, at now: Int64) -> Int {
        pick(on: loop, 0) { all[$0].state.isAvailable(at: now) } ?? pick(on: loop, 0) { _ in true } ?? 0
    }

    /// The place of another one that is well; `nil` when there is none.
    func choose(on loop: Int, at now: Int64, besides tried: Tried) -> Int? {
        pick(on: loop, tried) { all[$0].state.isAvailable(at: now) }
    }

    @inline(__always)
    private func pick(on loop: Int, _ tried: Tried, _ isGood: (Int) -> Bool) -> Int? {
        let cursor = cursors[loop]
        let picked =
            all.count <= Self.few ? scan(on: loop, tried, cursor, isGood) : sample(on: loop, tried, cursor, isGood)
        if let picked { cursor.last = picked }
        return picked
    }

    /// Looks at all, from the one behind that which was chosen last: where nothing is under way they take turns.
    @inline(__always)
    private func scan(on loop: Int, _ tried: Tried, _ cursor: EndpointCursor, _ isGood: (Int) -> Bool) -> Int? {
        var best: Int?
        var fewest = Int.max
        var index = cursor.last
        for _ in all.indices {
            index &+= 1
            if index >= all.count { index = 0 }
            guard tried & (1 &<< UInt64(index)) == 0, isGood(index) else { continue }
            let active = all[index].state.active(on: loop)
            if active < fewest { (best, fewest) = (index, active) }
        }
        return best
    }

    /// Compares two that are picked by chance.
    @inline(__always)
    private func sample(on loop: Int, _ tried: Tried, _ cursor: EndpointCursor, _ isGood: (Int) -> Bool) -> Int? {
        guard let first = find(from: cursor.random(below: all.count), tried, isGood) else { return nil }
        let start = cursor.random(below: all.count)
        guard let second = find(from: start == first ? start &+ 1 : start, tried, isGood) else { return first }
        return all[second].state.active(on: loop) < all[first].state.active(on: loop) ? second : first
    }

    /// The first good one from a place on.
    @inline(__always)
    private func find(from start: Int, _ tried: Tried, _ isGood: (Int) -> Bool) -> Int? {
        var index = start
        for _ in all.indices {
            if index >= all.count { index = 0 }
            if tried & (1 &<< UInt64(index)) == 0, isGood(index) { return index }
            index &+= 1
        }
        return nil
    }

    // MARK: What came of it

    /// A request to an endpoint failed by its fault.
    ///
    /// - Returns: Nanoseconds for which it gets none from now on; `nil` when it goes on getting some.
    func failed(_ endpoint: ServiceEndpoint, because problem: String, at now: Int64) -> Int64? {
        guard endpoint.state.failed() >= ejection.failures else { return nil }
        return ejecting.withLock { _ in
            guard !endpoint.state.isEjected(at: now),
                ejection.allows(all.count { $0.state.isEjected(at: now) }, of: all.count),
                all.contains(where: { $0 !== endpoint && $0.state.isAvailable(at: now) })
            else { return nil }
            return endpoint.state.eject(by: ejection, because: problem, at: now)
        }
    }
}

/// Where one event loop goes on to choose. Unchecked: used on that loop only.
private final class EndpointCursor: @unchecked Sendable {
    var last = -1
    private var state: UInt64

    init(seed: UInt64) { state = (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15 }

    /// A number that need not be hard to guess.
    func random(below bound: Int) -> Int {
        state ^= state &<< 13
        state ^= state &>> 7
        state ^= state &<< 17
        return Int(truncatingIfNeeded: ((state &>> 32) &* UInt64(bound)) &>> 32)
    }
}
