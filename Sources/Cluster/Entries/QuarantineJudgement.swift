// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which quarantines of an agent a gate knows.
public struct QuarantineMark: Sendable, Hashable {
    /// The highest number that it knows; 0 for none.
    public var last: Int64
    /// Whether the one that the gate holds has no number yet.
    public var isNew: Bool

    /// Names what is known; nothing unless told otherwise.
    public init(last: Int64 = 0, isNew: Bool = false) {
        self.last = last
        self.isNew = isNew
    }

    /// Reads the number that is kept on disk.
    public init(kept number: Int64) {
        last = number > 0 ? number : 0 &- max(number, -.max)
        isNew = number <= 0
    }

    /// What is kept on disk: the number, below or at zero while the one that the gate holds has none.
    public var kept: Int64 { isNew ? 0 &- last : last }

    /// The number under which the others learn of what the gate holds: never that of one that is over.
    public var own: Int64 { isNew ? last &+ 1 : max(1, last) }

    /// Takes note of a number.
    mutating func saw(_ number: Int64) { last = max(last, number) }
}

/// What an entry about a quarantine means to a gate. A value: what the entry says and what the gate holds go in.
///
/// A quarantine counts whoever wrote it. Its end counts where gates are named only with the signature of one, and for no
/// quarantine but those that had begun when it was written: one that is put back later ends nothing.
public struct QuarantineJudgement: Sendable, Hashable {
    /// What follows.
    public enum Outcome: Sendable, Hashable {
        /// The agent stays as it is.
        case stays
        /// A quarantine begins, or goes on for longer.
        case begins(SharedQuarantine)
        /// The one that is held is over.
        case ends
    }

    /// What the gate holds.
    public struct Held: Sendable, Hashable {
        /// Since when, in microseconds since 1970.
        public let since: Int64
        /// When it ends by itself, in microseconds since 1970.
        public let ends: Int64?

        /// Describes a quarantine.
        public init(since: Int64, ends: Int64?) {
            self.since = since
            self.ends = ends
        }
    }

    /// What follows for the agent.
    public private(set) var outcome = Outcome.stays
    /// Whether the entry says that a quarantine is over.
    public private(set) var isEnd = false
    /// What the gate knows now.
    public private(set) var mark: QuarantineMark
    /// Whether etcd has what the gate holds; otherwise that goes back.
    public private(set) var isThere = true
    /// Why the entry, or a part of it, does not count.
    public private(set) var fault: EntryFault?

    /// Judges an entry.
    ///
    /// - Parameters:
    ///   - isSigned: Whether gates sign what they say.
    ///   - now: Microseconds since 1970.
    public init(_ claim: EntryClaim, isSigned: Bool, held: Held?, mark: QuarantineMark, now: Int64) {
        self.mark = mark
        fault = claim.fault
        let shared: SharedQuarantine
        do throws(EntryFault) {
            shared = try SharedQuarantine(claim.payload)
        } catch {
            fault = error
            restrict("its entry in etcd cannot be read", isSigned: isSigned, held: held, ends: nil, now: now)
            return
        }
        if shared.isOver {
            end(shared, isSigned: isSigned, held: held)
        } else if claim.fault != nil {
            restrict(
                "its entry in etcd is signed by no gate", isSigned: isSigned, held: held, ends: shared.ends, now: now)
        } else {
            begin(shared, held: held, now: now)
        }
    }

    /// The key says who it is about; nothing else of the entry is believed. Where gates sign, one of them writes it anew.
    private mutating func restrict(_ why: String, isSigned: Bool, held: Held?, ends: Int64?, now: Int64) {
        isThere = !isSigned
        guard ends ?? .max > now, held.map({ $0.ends ?? .max < ends ?? .max }) ?? true else { return }
        mark = isSigned ? QuarantineMark(last: mark.last, isNew: true) : QuarantineMark(last: 1)
        outcome = .begins(SharedQuarantine(number: 1, since: now, ends: ends, why: why, origin: "the gate"))
    }

    private mutating func end(_ shared: SharedQuarantine, isSigned: Bool, held: Held?) {
        isEnd = true
        guard fault == nil else {
            isThere = false
            return
        }
        defer { mark.saw(shared.number) }
        guard let held else { return }
        // One that the others do not know of yet is not over; one with a higher number is another one.
        guard !mark.isNew, mark.last <= shared.number, !isSigned || shared.since > held.since else {
            isThere = false
            if isSigned, !mark.isNew { fault = .untrusted("it ends an earlier quarantine than the one that is known") }
            return
        }
        outcome = .ends
    }

    private mutating func begin(_ shared: SharedQuarantine, held: Held?, now: Int64) {
        // A number that is over is not taken up again for one that began here: whatever bears it is not that one.
        let isNumbered = shared.number > mark.last || shared.number == mark.last && !(held != nil && mark.isNew)
        mark.saw(shared.number)
        guard shared.ends ?? .max > now else {
            isThere = held == nil
            return
        }
        if let held, held.ends ?? .max >= shared.ends ?? .max {
            // The gate's own, written a moment ago, or one that is just as long: they end together.
            if isNumbered, held.ends == shared.ends { mark.isNew = false }
            isThere = isNumbered && held.ends == shared.ends
            return
        }
        mark.isNew = !isNumbered
        isThere = isNumbered
        outcome = .begins(shared)
    }
}
