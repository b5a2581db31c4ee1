// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension JSONRPCMessage {
    private static let names = MemberNames(["error", "id", "jsonrpc", "method", "params", "result"])

    /// Reads a parsed JSON value as one message. Every member is one that JSON-RPC 2.0 defines: what is not understood
    /// is not forwarded.
    public init(_ value: JSONValue, limits: JSONRPCLimits = .standard) throws(JSONRPCRefusalReason) {
        if case .array = value { throw .batch }
        guard case .object(let object) = value else { throw .notAnObject }
        if Self.names.hasLookalike(in: object) { throw .ambiguousMember }
        guard object.members.allSatisfy({ Self.names.contains($0.name) }) else { throw .unknownMember }
        guard case .string(let version)? = object["jsonrpc"], version.utf8.elementsEqual("2.0".utf8) else {
            throw .badVersion
        }
        if let method = object["method"] {
            guard object["result"] == nil, object["error"] == nil else { throw .requestAndResponse }
            let call = try Self.call(method, object["params"], limits)
            guard let id = object["id"] else {
                self = .notification(call)
                return
            }
            self = .request(id: try Self.id(id, limits), call)
            return
        }
        guard object["params"] == nil else { throw .missingMethod }
        switch (object["result"], object["error"]) {
        case (.some, .some): throw .resultAndError
        case (.none, .none): throw .missingMethod
        case (.some(let result), .none):
            guard let id = object["id"] else { throw .missingID }
            self = .response(JSONRPCResponse(id: try Self.id(id, limits), outcome: .result(result)))
        case (.none, .some(let error)):
            var id: JSONRPCID?
            if let value = object["id"], !value.isNull { id = try Self.id(value, limits) }
            self = .response(JSONRPCResponse(id: id, outcome: .error(try Self.error(error))))
        }
    }

    private static func call(
        _ method: JSONValue, _ params: JSONValue?, _ limits: JSONRPCLimits
    ) throws(JSONRPCRefusalReason) -> JSONRPCCall {
        guard case .string(let method) = method, !method.isEmpty, method.utf8.count <= limits.methodBytes,
            method.utf8.allSatisfy(ByteSet.visible.contains)
        else { throw .badMethod }
        guard !method.utf8.starts(with: "rpc.".utf8) else { throw .reservedMethod }
        switch params {
        case nil: return JSONRPCCall(method: method)
        case .object(let params): return JSONRPCCall(method: method, params: params)
        default: throw .badParams
        }
    }

    private static func id(_ value: JSONValue, _ limits: JSONRPCLimits) throws(JSONRPCRefusalReason) -> JSONRPCID {
        if value.isNull { throw .nullID }
        guard let id = JSONRPCID(value, bytes: limits.idBytes) else { throw .badID }
        return id
    }

    /// Takes code, message and data. Other members of the error object are dropped.
    private static func error(_ value: JSONValue) throws(JSONRPCRefusalReason) -> JSONRPCErrorObject {
        guard case .object(let object) = value, case .number(let code)? = object["code"], code.isInteger,
            case .string(let message)? = object["message"]
        else { throw .badError }
        return JSONRPCErrorObject(code: code, message: message, data: object["data"])
    }
}
