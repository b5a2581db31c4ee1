// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Evidence of one allowing verdict, made only by an ``Authorizer``.
///
/// It cannot be copied, and whoever turns it into bytes consumes it: the dialer, the token minter, the sandbox launcher.
public struct Permit: ~Copyable, Sendable {
    /// The decision that allowed.
    public let decision: DecisionID
    /// The only destination it is good for.
    public let destination: Destination
    /// The revision of the snapshot that was read.
    public let revision: UInt64
    /// What must be done together with the operation.
    public let obligations: Obligations

    init(decision: DecisionID, destination: Destination, revision: UInt64, obligations: Obligations) {
        self.decision = decision
        self.destination = destination
        self.revision = revision
        self.obligations = obligations
    }
}

/// A verdict together with the permit that an allowing one yields.
public struct Judgement: ~Copyable, Sendable {
    /// The decision's name.
    public let decision: DecisionID
    /// What it came to.
    public let verdict: Verdict
    /// The revision of the snapshot that was read.
    public let revision: UInt64
    private var permit: Permit?

    init(decision: DecisionID, verdict: Verdict, revision: UInt64, permit: consuming Permit?) {
        self.decision = decision
        self.verdict = verdict
        self.revision = revision
        self.permit = permit
    }

    /// Takes the permit; `nil` unless the verdict allows and it was not taken before.
    public mutating func takePermit() -> Permit? { permit.take() }
}
