// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Credentials
import Decision
import Identity
import NIOCore
import Protocols
import Transport

/// One request of an agent to a service and its answer, from a parsed head to the last byte.
///
/// What happens in each ``Phase`` is in an extension of its own: the head, the decision, the way to the service, the
/// answer, refusals and ends.
///
/// Unchecked: everything but ``cut(_:)`` runs on the connection's event loop.
final class ServiceExchange: StreamExchange, @unchecked Sendable {
    /// Where the exchange stands; it walks through the cases from top to bottom.
    enum Phase: UInt8 {
        /// No head yet.
        case head
        /// Reading a request that is decided on as a whole.
        case collecting
        /// A person has to agree; reading the rest of the request, to which an approval is bound.
        case gathering
        /// Waiting for a person.
        case held
        /// The verdict allowed; the name is being looked up.
        case resolving
        /// Everything was judged; the record is being written.
        case recording
        /// The record is written; what the service needs to let the request in is being obtained.
        case obtaining
        /// Connecting to a judged address.
        case dialing
        /// A server of the gate's own does what was asked.
        case running
        /// The request goes up, the answer comes down.
        case exchanging
        /// Bytes pass both ways after a switch of protocols.
        case relay
        /// Other exchanges with the members of an endpoint answer the request.
        case joined
        /// Nothing more happens.
        case over
    }

    let loop: ServiceLoop
    let caller: ServiceCaller
    let id: ConnectionID
    /// The present decision; what the gate asks on its own account has one of its own.
    private(set) var decision: DecisionID
    let startedAt: Int64
    /// When the steps of the exchange were.
    var timing = ExchangeTiming()
    /// What the request says of its trace, once it was looked at.
    var trace: TraceStart?
    /// Whether the head names the gate's span.
    var isTraceWritten = false
    /// The client's side, until the exchange is over.
    var stream: (any ClientStream)?

    var phase = Phase.head
    var watchIndex = -1
    /// When the present phase must be over.
    var deadline = Int64.max
    /// Whether a byte passed since the last sweep.
    var isActive = false
    var lastActivity: Int64
    var certificateCheck: Int64

    // MARK: The request

    var service: GateService?
    var identity: VerifiedIdentity?
    /// The signed token that the request brought.
    var access = AccessState()
    var task: TaskContext?
    var taskLinks: [AgentTask] = []
    var facts: Facts?
    var verdict = Verdict.deny(.policyError)
    var revision: UInt64 = 0
    var generation: UInt64 = 0
    var permit: Permit?
    var addresses: [JudgedAddress]?
    var isRecorded = false
    /// The method as it was sent, for refusals and mediations.
    var method = HTTP1Method.other
    /// The request's head for the service, without the empty line, so that the credential can be added.
    var head = ByteBuffer()
    var framing = HTTP1Framing.none
    /// Bytes of the body that wait for the service.
    var body: ByteBuffer?
    var isBodyReceived = false
    /// The fields behind the body that pass.
    var trailers: [TrailerField] = []
    /// Whether the client takes fields behind a body.
    var acceptsTrailers = false
    /// Whether refusals are understood in the words of gRPC only.
    var isGRPC = false
    var isBodySent = false
    /// Set when the client asks for a WebSocket.
    var webSocket: WebSocketRelay?
    /// Reads requests and answers as a whole.
    var mediation: (any Mediation)?
    /// The service's address at the gate, where a mediation tells it.
    var entrance: String?
    /// What a mediation reads, until its body is complete.
    var draft: MediatedDraft?
    /// What becomes of a request to an endpoint that joins several servers.
    var joined: JoinedRun?
    /// What the gate asks before the request can be read, and the request meanwhile.
    var preparation: (any MediationPreparation)?
    var waiting: MediatedRequest?
    var preparedHead: MediatedAnswerHead?
    /// Whether the client holds its body back until it is told to send it.
    var awaitsContinue = false
    /// What is obtained for the request, where the service needs anything of that kind.
    var obtained: ObtainedFields?
    /// SHA-256 of the arguments in canonical form, for the record.
    var argumentDigest: String?
    /// What is known of a person's consent.
    var held = HeldCall()
    /// What is looked for in what is sent and answered, and what was done about it.
    var leaks = ExchangeLeaks()

    // MARK: The answer

    /// What a server of the gate's own does.
    var running: Task<Void, Never>?
    var upstream: UpstreamLink?
    /// Which of the service's endpoints the request goes to, where there are several.
    var place: EndpointPlace?
    /// What was sent on a connection that was open already, or to one of several endpoints, as long as it may be sent once
    /// more.
    var repeatable: RepeatableRequest?
    /// What is being opened for the request, and for others like it.
    var opening: UpstreamOpening?
    var live: LivePermit?
    var state = HTTP1Exchange(method: .other, clientVersion: .http11)
    var answer = AnswerMode.pass
    var isAnswerStarted = false
    /// The status of an answer of the gate's own.
    var answerStatus: UInt16 = 0
    /// Whether the request broke the protocol, so that nothing behind it may be taken for another one.
    var isBroken = false
    /// The fields behind the answer's body that pass.
    var answerTrailers: [TrailerField] = []
    var scanner: SecretScanner?
    var accounts: [BudgetAccount] = []
    var allowance = ModelAllowance()
    var bytesUp = 0
    var bytesDown = 0

    init(loop: ServiceLoop, caller: ServiceCaller, stream: any ClientStream) {
        self.loop = loop
        self.caller = caller
        self.stream = stream
        id = loop.context.nextConnection()
        decision = loop.context.nextDecision()
        startedAt = loop.now
        lastActivity = startedAt
        certificateCheck = startedAt &+ ServiceSettings.certificateInterval
    }

    /// What becomes of the body of an answer.
    enum AnswerMode {
        /// It passes, looked through for secrets.
        case pass
        /// It is read as a whole.
        case collect([UInt8], limit: Int)
        /// A mediation releases it piece by piece.
        case stream
        /// Something else was answered; it is of no interest.
        case dropped
    }

    var isOver: Bool { phase == .over }

    /// Begins anew with another decision about the same request.
    func renew() {
        decision = loop.context.nextDecision()
        isRecorded = false
        timing = ExchangeTiming()
        isBodySent = false
        answer = .pass
        answerTrailers = []
        addresses = nil
        obtained = nil
        facts?.time = loop.time
        verdict = .deny(.policyError)
    }
}

/// What a mediation will be asked with, while the body is read.
struct MediatedDraft {
    let method: String
    let path: String
    let query: String?
    let fields: [MCPField]
    var body: [UInt8] = []
}
