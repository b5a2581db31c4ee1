// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// Answers that the gate makes by itself, in the form of the binding that the client speaks.
enum A2AReplies {
    /// The number of the JSON-RPC error of a denial; those from -32001 on are the protocol's own.
    static let denied = -32000
    private static let unknownTask = -32001

    static let fields = [MCPField("content-type", "application/json"), MCPField("cache-control", "no-store")]

    /// An error.
    ///
    /// - Parameters:
    ///   - id: The request over JSON-RPC; `nil` where it is not known.
    ///   - reason: A word for programs (`reason` of `google.rpc.ErrorInfo`).
    static func error(
        _ code: Int, _ message: String, reason: String, status: UInt16, isHTTP: Bool, id: JSONRPCID?,
        metadata: JSONObject = JSONObject()
    ) -> MediatedAnswer {
        var answer = MediatedAnswer(status: status, fields: fields)
        answer.body =
            value(
                code, message, reason: reason, status: status, isHTTP: isHTTP, id: id, metadata: metadata
            ).bytes
        return answer
    }

    /// The body of an error.
    static func value(
        _ code: Int, _ message: String, reason: String, status: UInt16, isHTTP: Bool, id: JSONRPCID?,
        metadata: JSONObject = JSONObject()
    ) -> JSONValue {
        var info: JSONObject = JSONObject()
        info["@type"] = "type.googleapis.com/google.rpc.ErrorInfo"
        info["reason"] = .string(reason)
        info["domain"] = "yett.io"
        info["metadata"] = metadata.isEmpty ? nil : .object(metadata)
        if isHTTP {
            return [
                "error": [
                    "code": .integer(status), "status": .string(name(of: status)), "message": .string(message),
                    "details": [.object(info)],
                ]
            ]
        }
        var response: JSONObject = JSONObject()
        response["jsonrpc"] = "2.0"
        response["id"] = id?.value ?? .null
        response["error"] = [
            "code": .integer(code), "message": .string(message), "data": [.object(info)],
        ]
        return .object(response)
    }

    private static func name(of status: UInt16) -> String {
        switch status {
        case 400, 405, 415: "INVALID_ARGUMENT"
        case 401: "UNAUTHENTICATED"
        case 403: "PERMISSION_DENIED"
        case 404: "NOT_FOUND"
        case 413, 429: "RESOURCE_EXHAUSTED"
        case 503: "UNAVAILABLE"
        case 504: "DEADLINE_EXCEEDED"
        default: "INTERNAL"
        }
    }

    /// What everybody is told of a task that is not theirs, whether there is one or not.
    static func unknownTask(isHTTP: Bool, id: JSONRPCID?) -> MediatedAnswer {
        error(
            unknownTask, "Task not found", reason: "TASK_NOT_FOUND", status: isHTTP ? 404 : 200, isHTTP: isHTTP,
            id: id)
    }

    /// The answer to a message that breaks a rule.
    static func refusal(_ refusal: A2ARefusal) -> MediatedAnswer {
        var answer = error(
            refusal.errorCode, refusal.description, reason: refusal.code,
            status: refusal.isHTTP && refusal.status == 200 ? 400 : refusal.status, isHTTP: refusal.isHTTP,
            id: refusal.id)
        if refusal.fault == .agent {
            answer.events.append(MediationEvent(code: refusal.code, detail: refusal.description))
        }
        return answer
    }

    /// The last event of a stream that ends because the agent broke a rule.
    static func event(_ refusal: A2ARefusal) -> [UInt8] {
        let data = value(
            refusal.errorCode, refusal.description, reason: refusal.code, status: 502, isHTTP: refusal.isHTTP,
            id: refusal.id)
        return EventStreamEvent(data: data.bytes, type: refusal.isHTTP ? "error" : nil).bytes
    }

    /// A denial of the exchange.
    static func denial(_ denial: MediatedDenial, isHTTP: Bool, id: JSONRPCID?) -> MediatedAnswer {
        let verdict = denial.verdict
        var metadata = JSONObject()
        metadata["reason"] = .string(verdict.reason.rawValue)
        metadata["detail"] = verdict.detail.map { .string($0) }
        metadata["decision"] = .string(denial.decision.description)
        metadata["grant"] = denial.missingGrant.map { .string($0) }
        if !verdict.policyCodes.isEmpty { metadata["codes"] = .string(verdict.policyCodes.joined(separator: ", ")) }
        let isOurs = verdict.reason.fault == .gateway || verdict.reason.fault == .upstream
        let status = UInt16(exactly: verdict.reason.status) ?? 403
        return error(
            denied, verdict.reason.title, reason: verdict.reason.rawValue, status: isHTTP || isOurs ? status : 200,
            isHTTP: isHTTP, id: id, metadata: metadata)
    }
}
