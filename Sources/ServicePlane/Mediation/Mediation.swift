// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// What the protocol of a service makes of one request and its answer: bytes to an operation, and what may go back.
///
/// One for each exchange, used on its event loop only. It does no I/O and reads no clock. The order: ``read(_:)`` with the
/// complete request; ``object(to:)`` when the policy allows; then one ``begin(_:)`` for the answer's head, and what that
/// asks for. ``refusal(_:)`` may come at any point after ``read(_:)``.
protocol Mediation: AnyObject {
    /// Reads a complete request.
    func read(_ request: MediatedRequest) -> MediatedReading

    /// What to ask of the service before a request that ``read(_:)`` refused is read once more; `nil` when that would
    /// change nothing.
    func preparation() -> (any MediationPreparation)?

    /// What speaks against an operation that the policy allows, as where its values came from; `nil` for nothing. Counts
    /// the call when nothing does.
    ///
    /// - Parameter facts: What was decided on.
    func object(to facts: Facts) -> Verdict?

    /// The same where what grants and policy demand plays a part.
    ///
    /// - Parameter verdict: The verdict that allows.
    func object(to facts: Facts, under verdict: Verdict) -> Verdict?

    /// What speaks against a request whose answer comes back without passing through the gate. Asked after ``object(to:)``.
    func objectToUnseenAnswer() -> Verdict?

    /// What would speak against a call for which a person is to be asked, as far as that is known; nothing is counted.
    func foresee(_ facts: Facts) -> Verdict?

    /// The approval that the message itself brought along.
    var broughtApproval: ApprovalID? { get }

    /// What an approval is bound to and what a person is shown; `nil` where that is the request as it is sent.
    var heldContent: HeldContent? { get }

    /// Tells a client to come back for a person's answer; `nil` where it has to wait.
    func pending(_ approval: ApprovalID) -> MediatedAnswer?

    /// What tells a client that its call still waits for a person, as bytes of an event stream; `nil` where only an answer
    /// is understood.
    ///
    /// - Parameter count: How many of them the client has got.
    func waitingSign(_ count: Int) -> [UInt8]?

    /// Where the values of an admitted call came from.
    var provenance: [ProvenanceRecord] { get }

    /// A denial in the form of the protocol; `nil` where a problem document is understood.
    func refusal(_ denial: MediatedDenial) -> MediatedAnswer?

    /// Whether answers pass as they come, and only requests are read. Then nothing below is asked but ``close()``.
    var passesAnswers: Bool { get }

    /// Judges the head of the service's answer.
    func begin(_ head: MediatedAnswerHead) -> AnswerPlan

    /// The complete body, after ``AnswerPlan/collect(limit:)``.
    func answer(_ body: [UInt8]) -> MediatedAnswer

    /// A piece of the body, after ``AnswerPlan/stream(fields:)``: what of it, and of earlier pieces, is released now.
    func stream(_ bytes: [UInt8]) -> StreamStep

    /// The end of the body, after ``AnswerPlan/stream(fields:)``.
    func endStream() -> StreamStep

    /// The exchange is over, however it ended: the last that a mediation hears of it.
    func close()
}

extension Mediation {
    /// Nothing is demanded.
    func object(to facts: Facts, under verdict: Verdict) -> Verdict? { object(to: facts) }
    /// Nothing that matters comes back.
    func objectToUnseenAnswer() -> Verdict? { nil }
    /// An answer is all that a client understands.
    func waitingSign(_ count: Int) -> [UInt8]? { nil }
    /// Answers are read.
    var passesAnswers: Bool { false }
    /// Nothing is left to do.
    func close() {}
}

/// A request as a mediation reads it.
struct MediatedRequest {
    /// The method, as sent.
    let method: String
    /// The canonical path below the service.
    let path: String
    /// The query without its question mark.
    let query: String?
    /// The fields that pass, names in lower case, in their order.
    let fields: [MCPField]
    /// The complete body.
    var body: [UInt8]
}

/// What a request turned out to be.
enum MediatedReading {
    /// Something to decide on, and what is sent when that allows.
    case operation(Operation, ForwardedRequest)
    /// The gate answers by itself, to whoever may take a step of the protocol.
    case answered(MediatedAnswer)
    /// The request breaks a rule.
    case refused(ReasonCode, detail: String, MediatedAnswer)
}

/// A request as it is sent to the service: made anew, nothing of the client's message is repeated as it came.
struct ForwardedRequest {
    /// The method; the request's own without it.
    var method: String?
    /// The path below the service, canonical; the request's own without it.
    var path: String?
    /// Fields besides `Host`, the framing and what the gate adds. Names in lower case.
    var fields: [MCPField]
    /// The body.
    var body: [UInt8]
    /// The task whose handle the message itself carried, if it did.
    var taskHandle: String?
}

/// An answer as a whole.
struct MediatedAnswer {
    /// The status.
    var status: UInt16
    /// Fields besides the framing. Names in lower case.
    var fields: [MCPField] = []
    /// The body.
    var body: [UInt8] = []
    /// What happened that somebody should know, for the record.
    var events: [MediationEvent] = []
}

/// A denial, as far as an answer tells of it.
struct MediatedDenial {
    /// Why.
    let verdict: Verdict
    /// The decision's name.
    let decision: DecisionID
    /// The grant that would allow it, where one would.
    let missingGrant: String?
}

/// The head of a service's answer.
struct MediatedAnswerHead {
    /// The final status.
    let status: UInt16
    /// The fields that pass, names in lower case.
    let fields: [MCPField]
}

/// How the body of an answer is read.
enum AnswerPlan {
    /// As a whole, up to so many bytes; then ``Mediation/answer(_:)``.
    case collect(limit: Int)
    /// Piece by piece, with these fields in the head; ``Mediation/stream(_:)``.
    case stream(fields: [MCPField])
    /// Not at all: this goes to the client instead.
    case replace(MediatedAnswer)
}

/// What a piece of a stream comes to.
struct StreamStep {
    /// What is released to the client.
    var bytes: [UInt8] = []
    /// Set when the stream ends here because of the service: why.
    var failure: String?
    /// Whether the stream ends here in good order, as far as the client is told, whatever the service still sends.
    var isOver = false
    /// What happened that somebody should know.
    var events: [MediationEvent] = []
}

/// Something that a mediation saw and that is recorded.
struct MediationEvent: Sendable, Hashable {
    /// A stable code, such as `tool_definition_changed`.
    let code: String
    /// What it was about; never a value of a message.
    let detail: String
}
