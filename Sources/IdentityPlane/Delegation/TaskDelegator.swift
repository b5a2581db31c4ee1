// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
public import Protocols

/// Lets agents hand parts of their tasks on to others, and end them.
public protocol TaskDelegator: Sendable {
    /// Starts a task below the one whose handle is shown.
    ///
    /// - Parameters:
    ///   - order: The members of the request other than the handle.
    ///   - client: Who asks; the task must be theirs.
    /// - Returns: The answer's body, with the new task's handle.
    func delegate(
        _ order: JSONObject, under handle: TaskHandle, by client: ExchangeClient
    ) async throws(DelegationError) -> JSONValue

    /// Stops a task below the one whose handle is shown.
    func stop(
        task: String, under handle: TaskHandle, by client: ExchangeClient
    ) async throws(DelegationError) -> JSONValue
}

/// Why a part of a task is not handed on, or not ended.
public enum DelegationError: Error, Hashable, Sendable {
    /// The request makes no sense, or would go beyond the task.
    case malformed(String)
    /// The handle is none of an open task of the caller.
    case refused
    /// There is no such task below.
    case unknown
    /// The task is over already, or its parent is.
    case conflict(String)
    /// It cannot be done now.
    case unavailable(String)
}
