// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// Something open that rests on a permit: a tunnel, a request, a sandbox run.
///
/// The plane that opened it holds the object and counts bytes; the ``Registry`` holds it too and can cut it.
public final class LivePermit: Sendable {
    /// Names the connection in records and in `yett ps`.
    public let connection: ConnectionID
    /// The decision that allowed it.
    public let decision: DecisionID
    /// What was judged, and is judged again when anything changes.
    public let facts: Facts
    /// The grant that covers it.
    public let grant: GrantID?
    /// When it was opened, in nanoseconds of the monotonic clock of the caller.
    public let openedAt: Int64
    /// Whether it waits for a person, and nothing has gone upstream.
    public let isHeld: Bool

    private let sent = Atomic<Int>(0)
    private let received = Atomic<Int>(0)
    private let cutter: any Cuttable
    private let isCut = Atomic<Bool>(false)

    /// Records something open.
    ///
    /// - Parameter cutter: Ends it; called from any thread, at most once.
    public init(
        connection: ConnectionID, decision: DecisionID, facts: Facts, grant: GrantID?, openedAt: Int64,
        cutter: any Cuttable, isHeld: Bool = false
    ) {
        self.connection = connection
        self.decision = decision
        self.facts = facts
        self.grant = grant
        self.openedAt = openedAt
        self.cutter = cutter
        self.isHeld = isHeld
    }

    /// Whether it may stay open under a verdict on its facts: what waits for a person may go on waiting.
    public func stands(under verdict: Verdict) -> Bool {
        verdict.effect == .allow || isHeld && verdict.effect == .hold
    }

    /// Bytes that went upstream so far.
    public var bytesUp: Int { sent.load(ordering: .relaxed) }
    /// Bytes that came back so far.
    public var bytesDown: Int { received.load(ordering: .relaxed) }

    /// Publishes the byte counts; called by the one event loop that owns the connection.
    public func report(up: Int, down: Int) {
        sent.store(up, ordering: .relaxed)
        received.store(down, ordering: .relaxed)
    }

    /// Ends it, once.
    ///
    /// - Returns: Whether this call did.
    @discardableResult
    public func cut(_ reason: CutReason) -> Bool {
        guard !isCut.exchange(true, ordering: .relaxed) else { return false }
        cutter.cut(reason)
        return true
    }
}

/// What can be ended from outside: implemented by the planes' connection handlers.
public protocol Cuttable: AnyObject, Sendable {
    /// Ends the connection in the manner of its protocol and records why. Called from any thread.
    func cut(_ reason: CutReason)
}

/// Names a connection; unique while the process lives.
public struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt64

    /// Wraps a number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Parses `c-` and a number in hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix("c-"), let value = UInt64(text.dropFirst(2), radix: 16) else { return nil }
        self.rawValue = value
    }

    /// `c-` and the number in hexadecimal digits.
    public var description: String { "c-" + String(rawValue, radix: 16) }
}
