// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A message of a model's interface that is not passed on: why, and whose fault it is.
public struct ModelRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The rule that was broken.
    public enum Cause: Sendable, Hashable {
        /// The text is no JSON that the gate reads.
        case json(JSONError)
        /// The stream of events breaks its format or a limit.
        case stream(EventStreamError)
        /// The message breaks a rule of the interface.
        case rule(ModelRefusalReason)
    }

    /// Whose message is at fault.
    public enum Fault: String, Sendable, Hashable {
        /// The client's request.
        case client
        /// The provider's answer.
        case provider
    }

    /// Why.
    public let cause: Cause
    /// Whose message.
    public let fault: Fault

    /// A refusal.
    public init(_ cause: Cause, fault: Fault) {
        self.cause = cause
        self.fault = fault
    }

    /// The stable reason code.
    public var code: String {
        switch cause {
        case .json(let error): error.reason.rawValue
        case .stream(let error): error.rawValue
        case .rule(let reason): reason.rawValue
        }
    }

    /// The HTTP status for the client: 502 when the provider is at fault.
    public var status: UInt16 {
        guard fault == .client else { return 502 }
        if case .json(let error) = cause, error.reason == .tooLarge { return 413 }
        return 400
    }

    /// A sentence that names the party at fault. It never repeats bytes of the message.
    public var description: String {
        let party = fault == .client ? "The client's request is refused" : "The provider's answer is refused"
        switch cause {
        case .json(let error): return "\(party): The text is not JSON in the form that is read here (\(error))."
        case .stream(let error): return "\(party): \(error.sentence)"
        case .rule(let reason): return "\(party): \(reason.sentence)"
        }
    }
}
