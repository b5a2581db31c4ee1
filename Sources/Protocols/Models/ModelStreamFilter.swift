// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Watches the streamed answer of a model: text flows on as it comes, calls of tools wait until they are complete and
/// allowed.
///
/// What goes on are the provider's own events, in their order. When a call is denied, or the stream breaks a rule, what
/// is held is dropped and an error in the interface's own form ends the stream: a client that runs calls only when the
/// answer is whole runs none of them.
public struct ModelStreamFilter: Sendable {
    /// How a stream ended.
    public enum Ending: Sendable {
        /// With its last event.
        case finished
        /// With a call that is not allowed.
        case denied(ModelToolCall, code: String)
        /// With a fault of the provider.
        case refused(ModelRefusal)
        /// By whoever passes it on.
        case stopped
    }

    /// What goes on after some bytes were taken.
    public struct Step: Sendable {
        /// Bytes for the client.
        public fileprivate(set) var bytes: [UInt8] = []
        /// How the stream ended, if it did: the client gets nothing more after these bytes.
        public fileprivate(set) var ending: Ending?
    }

    private let api: ModelAPI
    private let limits: ModelLimits
    private var parser: EventStreamParser
    // One of the three, changed in place.
    private var chat: ChatStreamReader?
    private var responses: ResponsesStreamReader?
    private var messages: MessagesStreamReader?
    private var held: [UInt8] = []
    private var heldEvents = 0
    private var counted = ModelUsage()
    private var isCounted = false
    /// Bytes of text since the provider counted.
    private var textBytes: Int64 = 0
    private var isEnded = false

    /// Calls that were allowed.
    public private(set) var allowedCalls = 0

    /// A filter at the start of a stream; nil for an interface that has none.
    public init?(_ api: ModelAPI, limits: ModelLimits = .standard) {
        switch api {
        case .chatCompletions: chat = ChatStreamReader(limits: limits)
        case .responses: responses = ResponsesStreamReader(limits: limits)
        case .messages: messages = MessagesStreamReader(limits: limits)
        case .embeddings, .modelList: return nil
        }
        self.api = api
        self.limits = limits
        parser = EventStreamParser(limits: limits.stream, allowsTypes: api != .chatCompletions)
    }

    /// Tokens so far: as the provider counts them, and a quarter of the bytes of text since it did.
    public var usage: ModelUsage {
        ModelUsage(input: counted.input, cached: counted.cached, output: counted.output &+ (textBytes &+ 3) / 4)
    }

    /// Whether the counts are the provider's alone.
    public var isCountedByProvider: Bool { isCounted && textBytes == 0 }

    /// Bytes that are held until calls are complete.
    public var heldBytes: Int { held.count }

    /// Takes the next bytes of the provider. Each call is judged when it is complete, one after another.
    public mutating func feed(_ bytes: [UInt8], judge: (ModelToolCall) -> ModelToolVerdict) -> Step {
        var step = Step()
        guard !isEnded else { return step }
        // Line by line, so that what comes before a fault is the same whatever the cuts.
        var rest = bytes[...]
        while !isEnded, !rest.isEmpty {
            let end = rest.firstIndex { $0 == 0x0a || $0 == 0x0d }.map { $0 &+ 1 } ?? rest.endIndex
            let line = Array(rest[..<end])
            rest = rest[end...]
            do throws(EventStreamError) {
                for event in try parser.feed(line) {
                    guard !isEnded else { break }
                    take(event, &step, judge)
                }
            } catch { refuse(ModelRefusal(.stream(error), fault: .provider), &step) }
        }
        return step
    }

    /// Ends the stream: the provider sends nothing more.
    public mutating func end() -> Step {
        var step = Step()
        guard !isEnded else { return step }
        refuse(ModelRefusal(.rule(.unfinished), fault: .provider), &step)
        return step
    }

    /// Ends the stream before its time, with a last event that says why. What is held is not passed on.
    public mutating func stop(_ error: ModelErrorBody) -> Step {
        var step = Step()
        guard !isEnded else { return step }
        end(error, .stopped, &step)
        return step
    }

    private mutating func take(
        _ event: EventStreamEvent, _ step: inout Step, _ judge: (ModelToolCall) -> ModelToolVerdict
    ) {
        // Without data it has no meaning in any of the interfaces.
        if event.data.isEmpty { return }
        let outcome: ModelEventOutcome
        do throws(ModelRefusal) {
            outcome = try read(event)
        } catch {
            refuse(error, &step)
            return
        }
        textBytes &+= Int64(max(outcome.textBytes, 0))
        if let usage = outcome.usage {
            counted = counted.merged(usage)
            (isCounted, textBytes) = (true, 0)
        }
        for call in outcome.calls {
            if case .deny(let code, let sentence) = judge(call) {
                end(ModelErrorBody(message: sentence, code: code, kind: .denial), .denied(call, code: code), &step)
                return
            }
            allowedCalls &+= 1
        }
        place(event, outcome, &step)
    }

    private mutating func place(_ event: EventStreamEvent, _ outcome: ModelEventOutcome, _ step: inout Step) {
        switch outcome.placement {
        case .dropped: return
        case .atOnce: step.bytes += event.bytes
        case .inOrder:
            if outcome.hasOpenCalls {
                let bytes = event.bytes
                heldEvents &+= 1
                guard held.count &+ bytes.count <= limits.heldBytes, heldEvents <= limits.heldEvents else {
                    refuse(ModelRefusal(.rule(.heldTooMuch), fault: .provider), &step)
                    return
                }
                held += bytes
                return
            }
            step.bytes += held
            step.bytes += event.bytes
            held = []
            heldEvents = 0
        }
        if outcome.isLast {
            isEnded = true
            step.ending = .finished
        }
    }

    private mutating func read(_ event: EventStreamEvent) throws(ModelRefusal) -> ModelEventOutcome {
        var value: JSONValue?
        if api != .chatCompletions || event.data.first == 0x7b {
            let json = JSONLimits(
                bytes: limits.stream.eventBytes, values: limits.answer.values, stringBytes: limits.stream.eventBytes)
            do throws(JSONError) {
                value = try JSONValue(parsing: event.data, limits: json)
            } catch { throw ModelRefusal(.json(error), fault: .provider) }
        }
        do throws(ModelRefusalReason) {
            if let outcome = try chat?.take(event.data, value) { return outcome }
            if let outcome = try responses?.take(event.type, value) { return outcome }
            if let outcome = try messages?.take(event.type, value) { return outcome }
            throw .structure
        } catch { throw ModelRefusal(.rule(error), fault: .provider) }
    }

    private mutating func refuse(_ refusal: ModelRefusal, _ step: inout Step) {
        end(ModelErrorBody(refusal), .refused(refusal), &step)
    }

    private mutating func end(_ error: ModelErrorBody, _ ending: Ending, _ step: inout Step) {
        held = []
        isEnded = true
        step.bytes += error.event(for: api, sequence: (responses?.sequence ?? 0) &+ 1).bytes
        step.ending = ending
    }
}
