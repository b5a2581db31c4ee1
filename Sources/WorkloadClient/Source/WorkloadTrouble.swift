// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import GRPCClient

/// Something that went wrong between this program and the agent, for the operator.
public struct WorkloadTrouble: Sendable, Hashable, CustomStringConvertible {
    /// The call that it happened to.
    public let method: WorkloadMethod
    /// What happened.
    public let reason: Reason

    /// What can happen.
    public enum Reason: Sendable, Hashable {
        /// The call ended. Unless the agent says that this is of no use, it is made again.
        case call(CallFailure)
        /// A message was refused; what was known before stands.
        case message(MessageError)
        /// A part of a message was left out: nothing of that trust domain is accepted.
        case leftOut(MessageError)
    }

    init(_ method: WorkloadMethod, _ reason: Reason) {
        self.method = method
        self.reason = reason
    }

    /// One sentence for a log line.
    public var description: String {
        switch reason {
        case .call(let failure):
            "\(method.rawValue): \(failure)\(failure.isFinal ? "; it is not asked again" : "; trying again")"
        case .message(let error): "\(method.rawValue): a message is refused, what was known stands: \(error)"
        case .leftOut(let error): "\(method.rawValue): a trust domain is left out: \(error)"
        }
    }
}
