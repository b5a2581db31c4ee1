// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Limits on messages of A2A, which may carry files.
public struct A2ALimits: Sendable {
    /// The limits on a request.
    public var request = JSONRPCLimits(
        json: JSONLimits(bytes: 8 << 20, values: 100_000, stringBytes: 8 << 20), idBytes: 256)
    /// The limits on an answer.
    public var answer = JSONRPCLimits(
        json: JSONLimits(bytes: 16 << 20, values: 200_000, stringBytes: 16 << 20), idBytes: 256)
    /// The limits on event streams.
    public var streams = EventStreamLimits(eventBytes: 16 << 20, streamBytes: 256 << 20)
    /// Parts of a message, tasks that it refers to.
    public var parts = 256

    /// The defaults.
    public init() {}

    /// The defaults.
    public static let standard = A2ALimits()
}

/// Reads requests to an agent: bytes to operations, strictly. It decides nothing, remembers nothing and does no I/O.
public struct A2ARequestReader: Sendable {
    private let limits: A2ALimits

    /// A reader.
    public init(limits: A2ALimits = .standard) { self.limits = limits }

    /// Reads one request.
    ///
    /// - Parameter path: The canonical path below the service, whose parameters are gone.
    public func read(
        method: String, path: String, query: String?, fields: [MCPField], body: [UInt8]
    ) throws(A2ARefusal) -> A2ARequest {
        let route: A2ARoute
        let head: A2AFields
        do throws(A2ARefusalReason) {
            route = try A2ARoute(method: method, path: path)
            head = try A2AFields(fields)
        } catch { throw A2ARefusal(.rule(error), fault: .client, isHTTP: !Self.isRPC(method, path)) }
        switch route.place {
        case .card:
            guard body.isEmpty, query?.isEmpty ?? true else {
                throw A2ARefusal(.rule(body.isEmpty ? .query : .body), fault: .client, isHTTP: true)
            }
            return A2ARequest(
                binding: .card, method: nil, version: head.version, extensions: nil, params: JSONObject(),
                bodyNames: nil, query: [], contentType: nil, tasks: [], context: nil, skill: nil, webhooks: [],
                links: [], taskHandle: nil)
        case .rpc: return try rpc(query, head, body)
        case .http(let method, let task, let config):
            do throws(A2ARefusal) {
                return try http(method, task: task, config: config, query, head, body)
            } catch {
                var refusal = error
                refusal.isHTTP = true
                throw refusal
            }
        }
    }

    /// Whether a request line that was refused looks like JSON-RPC.
    private static func isRPC(_ method: String, _ path: String) -> Bool {
        method.utf8.elementsEqual("POST".utf8) && !path.utf8.contains(0x3a)
    }

    // MARK: JSON-RPC

    private func rpc(_ query: String?, _ head: A2AFields, _ body: [UInt8]) throws(A2ARefusal) -> A2ARequest {
        guard query?.isEmpty ?? true else { throw A2ARefusal(.rule(.query), fault: .client) }
        guard MediaTypes.isUTF8(head.contentType, "application/json") else {
            throw A2ARefusal(.rule(.contentType), fault: .client)
        }
        let value = try parse(body)
        let message: JSONRPCMessage
        do throws(JSONRPCRefusalReason) {
            message = try JSONRPCMessage(value, limits: limits.request)
        } catch { throw A2ARefusal(.rpc(error), fault: .client) }
        guard case .request(let id, let call) = message else {
            throw A2ARefusal(.rule(.notARequest), fault: .client)
        }
        do throws(A2ARefusalReason) {
            guard let (method, isOld) = A2AMethod.named(call.method) else { throw .unknownMethod }
            var reader = A2AParamsReader(method: method, isOld: isOld, limits: limits)
            try reader.read(call.params ?? JSONObject())
            return request(
                .rpc(id: id, name: call.method), method, head, reader, bodyNames: nil, query: [])
        } catch { throw A2ARefusal(.rule(error), fault: .client, id: id) }
    }

    private func parse(_ body: [UInt8]) throws(A2ARefusal) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: body, limits: limits.request.json)
        } catch { throw A2ARefusal(.json(error), fault: .client) }
    }

    // MARK: HTTP+JSON

    private func http(
        _ method: A2AMethod, task: String?, config: String?, _ query: String?, _ head: A2AFields, _ body: [UInt8]
    ) throws(A2ARefusal) -> A2ARequest {
        var object = JSONObject()
        let takesBody = method.isMessage || [.cancelTask, .subscribe, .createPush].contains(method)
        if !body.isEmpty {
            guard takesBody else { throw A2ARefusal(.rule(.body), fault: .client) }
            guard
                MediaTypes.isUTF8(head.contentType, "application/json")
                    || MediaTypes.isUTF8(head.contentType, "application/a2a+json")
            else { throw A2ARefusal(.rule(.contentType), fault: .client) }
            guard case .object(let members) = try parse(body) else {
                throw A2ARefusal(.rule(.params), fault: .client)
            }
            object = members
        }
        do throws(A2ARefusalReason) {
            let query = try A2AQuery.read(query, of: method)
            let taskName = [.createPush, .getPush, .listPush, .deletePush].contains(method) ? "taskId" : "id"
            var reader = A2AParamsReader(method: method, isOld: false, limits: limits)
            let bodyNames = body.isEmpty ? nil : try reader.names(of: object)
            try Self.add(task, as: taskName, to: &object)
            try Self.add(config, as: "id", to: &object)
            for (name, value) in query { object[name] = .string(value) }
            try reader.read(object)
            return request(.http, method, head, reader, bodyNames: bodyNames, query: query)
        } catch { throw A2ARefusal(.rule(error), fault: .client) }
    }

    /// Adds what the path says; the body must not say otherwise.
    private static func add(
        _ value: String?, as name: String, to object: inout JSONObject
    ) throws(A2ARefusalReason) {
        guard let value else { return }
        switch object[name] {
        case nil, .null?: object[name] = .string(value)
        case .string(let written)?:
            guard written.isEmpty || written.utf8.elementsEqual(value.utf8) else { throw .mismatch }
            object[name] = .string(value)
        default: throw .params
        }
    }

    private func request(
        _ binding: A2ARequest.Binding, _ method: A2AMethod, _ head: A2AFields, _ reader: A2AParamsReader,
        bodyNames: [String]?, query: [(name: String, value: String)]
    ) -> A2ARequest {
        A2ARequest(
            binding: binding, method: method, version: head.version, extensions: head.extensions,
            params: reader.params, bodyNames: bodyNames, query: query, contentType: head.contentType,
            tasks: reader.tasks, context: reader.context, skill: reader.skill, webhooks: reader.webhooks,
            links: reader.links, taskHandle: reader.taskHandle)
    }
}

/// The header fields to which A2A gives a meaning, each at most once and in plain characters.
struct A2AFields: Sendable {
    private(set) var contentType: String?
    private(set) var version: String?
    private(set) var extensions: String?

    private static let known = [
        "a2a-extensions", "a2a-version", "content-encoding", "content-type", "origin", "x-a2a-extensions",
    ]

    init(_ fields: [MCPField]) throws(A2ARefusalReason) {
        var seen: Set<[UInt8]> = []
        for field in fields {
            let name = field.name.utf8.map { $0 == 0x5f ? 0x2d : ByteScan.lowercase($0) }
            guard Self.known.contains(where: { $0.utf8.elementsEqual(name) }) else { continue }
            // A second spelling with `_` is the same to some servers.
            guard seen.insert(name).inserted, !field.name.utf8.contains(0x5f), field.value.utf8.count <= 2048,
                field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f })
            else { throw .field }
            switch String(decoding: name, as: UTF8.self) {
            case "content-type": contentType = field.value
            case "content-encoding":
                guard field.value.utf8.map(ByteScan.lowercase).elementsEqual("identity".utf8) else {
                    throw .contentType
                }
            case "a2a-version": version = try Self.version(field.value)
            case "origin": throw .origin
            default:
                guard extensions == nil else { throw .field }
                extensions = field.value
            }
        }
    }

    /// Major and minor of a version that is read here; 0.3 is what agents take for granted without one.
    private static func version(_ value: String) throws(A2ARefusalReason) -> String {
        let parts = value.utf8.split(separator: 0x2e, omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && $0.count <= 3 && $0.allSatisfy { $0 &- 0x30 < 10 } })
        else { throw .version }
        guard parts[0].elementsEqual("1".utf8) || value.utf8.starts(with: "0.3".utf8) else { throw .version }
        return value
    }
}
