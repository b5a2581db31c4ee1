// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension MCPResponseRefusalReason {
    /// What is wrong and what to do, as a sentence. It never repeats bytes of the message.
    public var sentence: String {
        switch self {
        case .status:
            "The server's status is not one with which MCP answers."
        case .contentType:
            "The server's answer is neither application/json nor text/event-stream."
        case .contentEncoding:
            "The server compressed its answer without being asked."
        case .duplicateField:
            "The server sent a header field twice that may stand once."
        case .badSession:
            "The server's session id is not a short string of visible ASCII characters."
        case .notAResponse:
            "The server's answer is no JSON-RPC response."
        case .serverRequest:
            "The server sent a request of its own, which this revision of MCP forbids."
        case .unknownServerRequest:
            "The server sent a request that no client knows."
        case .unknownNotification:
            "The server sent a notification that does not belong on this stream."
        case .notSubscribed:
            "The server sent a notification to which the client did not subscribe."
        case .notAcknowledged:
            "The server sent a notification before it acknowledged the subscription, or acknowledged it twice."
        case .wrongSubscription:
            "The server tagged a notification with another subscription's id."
        case .wrongProgressToken:
            "The server reports the progress of another request."
        case .wrongID:
            "The server answered with an id that no outstanding request has."
        case .afterResponse:
            "The server sent a message behind its response."
        case .missingResponse:
            "The server's stream ended without a response."
        case .badResult:
            "The server's result is no object, or a member of it has a wrong type."
        case .unknownResultType:
            "The server's resultType is none that MCP defines."
        case .inputNotAllowed:
            "The server asks for input where MCP does not allow it, or in no form that it defines."
        case .undeclaredCapability:
            "The server asks for something that the client did not say it can do."
        case .badList:
            "The server's list is missing, too long, or no array of objects."
        case .ambiguousName:
            "Two names in the server's message differ by case only, which programs read differently."
        case .badVersion:
            "The server chose a revision of MCP that the gate does not read."
        }
    }
}
