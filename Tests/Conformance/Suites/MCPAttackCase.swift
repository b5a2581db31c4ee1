// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Protocols

/// A case of the corpus `mcp-attacks`.
struct MCPAttackCase {
    /// What happens in one step.
    enum Step {
        /// A client asks.
        case client(JSONValue)
        /// The server answers what was asked last.
        case server(JSONValue)
        /// An operator decides something.
        case admin(String)
        /// A model speaks.
        case model(JSONValue)
        /// Somebody acts of whom the driver knows nothing.
        case other(String)
    }

    /// The service of steps that name none.
    static let service = "tools"

    let id: String
    let verdict: CorpusCase.Verdict
    let revision: String
    let expect: JSONObject
    let steps: [Step]

    static func read(_ url: URL) throws -> [MCPAttackCase] {
        let limits = JSONLimits(bytes: 16 << 20, values: 1_000_000, stringBytes: 4 << 20)
        let root = try JSONValue(parsing: Array(try Data(contentsOf: url)), limits: limits)
        return (root["cases"]?.array ?? []).map(MCPAttackCase.init)
    }

    private init(_ value: JSONValue) {
        id = value["id"]?.string ?? ""
        verdict = value["verdict"]?.string.flatMap(CorpusCase.Verdict.init(rawValue:)) ?? .mustReject
        revision = value["revision"]?.string ?? "2026-07-28"
        expect = value["expect"]?.object ?? JSONObject()
        steps = Self.complete((value["steps"]?.array ?? []).map(Self.step))
    }

    private static func step(_ value: JSONValue) -> Step {
        if let text = value["admin"]?.string { return .admin(text) }
        switch value["from"]?.string {
        case "client": return .client(value)
        case "server": return .server(value)
        case "model": return .model(value)
        default: return .other(value["from"]?.string ?? "nobody")
        }
    }

    /// A server that speaks unasked answers a client of which the case says nothing. What follows an answer belongs to
    /// the same stream, unless it is another list or comes from another server.
    private static func complete(_ steps: [Step]) -> [Step] {
        var complete: [Step] = []
        var answered: JSONValue?
        var isAsked = false
        for step in steps {
            switch step {
            case .client: (isAsked, answered) = (true, nil)
            case .server(let value):
                let isList = value["body"]?["result"]?["tools"] != nil
                let goesOn = answered.map { !isList && $0 == (value["server"] ?? .null) } ?? isAsked
                if !goesOn {
                    var request = JSONObject()
                    request["implied"] = isList ? "tools/list" : "tools/call"
                    request["server"] = value["server"]
                    complete.append(.client(.object(request)))
                    isAsked = true
                }
                answered = value["server"] ?? .null
            case .admin, .model, .other: (isAsked, answered) = (false, nil)
            }
            complete.append(step)
        }
        return complete
    }

    // MARK: What the steps speak of

    /// The client's steps.
    var requests: [JSONValue] {
        steps.compactMap { step in
            if case .client(let value) = step { return value }
            return nil
        }
    }

    /// What models say.
    var modelSteps: [JSONValue] {
        steps.compactMap { step in
            if case .model(let value) = step { return value }
            return nil
        }
    }

    /// The services, by name.
    var services: [String] {
        let named = steps.compactMap { step -> String? in
            switch step {
            case .client(let value), .server(let value): return value["server"]?.string
            default: return nil
            }
        }
        return Set(named + [Self.service]).sorted()
    }

    /// The lists of tools that servers give.
    var hasLists: Bool {
        steps.contains { step in
            if case .server(let value) = step { return value["body"]?["result"]?["tools"] != nil }
            return false
        }
    }

    /// The calls, as far as they can be read.
    var calls: [(tool: String, arguments: JSONValue)] {
        requests.flatMap { request -> [(tool: String, arguments: JSONValue)] in
            let text = request["body_text"]?.string.flatMap { try? JSONValue(parsing: $0) }
            guard let body = request["body"] ?? text else {
                return (request["headers"]?["mcp-name"]?.string).map { [($0, .object(JSONObject()))] } ?? []
            }
            return (body.array ?? [body]).compactMap { message in
                guard let name = message["params"]?["name"]?.string else { return nil }
                return (name, message["params"]?["arguments"] ?? .object(JSONObject()))
            }
        }
    }

    /// Whether an operator approves tools, so that none may be called before.
    var needsApproval: Bool {
        steps.contains { step in
            if case .admin(let text) = step { return MCPAttackPolicy.isApproval(text) }
            return false
        }
    }
}
