// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import Protocols

/// One case of the MCP corpus.
struct MCPCase: CustomTestStringConvertible {
    let id: String
    let verdict: String
    let value: JSONValue

    var testDescription: String { id }
    var steps: [JSONValue] { value["steps"]?.array ?? [] }
    var expect: JSONValue { value["expect"] ?? nil }

    /// What a running plane has and messages alone do not, when the case needs it.
    var need: String? {
        for step in steps {
            switch step["from"]?.string {
            case "model": return "the format of a model's API"
            case "as": return "an authorization server"
            case nil where step["admin"]?.string != "approve catalogue": return "a policy"
            default: break
            }
            if step["agent"] != nil { return "the memory of an agent" }
            if step["headers"]?["authorization"] != nil { return "a token verifier" }
        }
        let needs: KeyValuePairs = [
            "gateway_fetch": "the address guard", "gateway_fetches": "the address guard", "note": "a key of the gate",
            "result": "the memory of a task", "third_call": "the memory of a task",
            "upstream_authorization": "a token exchange",
        ]
        return needs.first { expect[$0.key] != nil }?.value
    }

    static let all: [MCPCase] =
        Corpus.data("mcp-attacks/cases.json").first.flatMap { data in
            try? JSONValue(parsing: Array(data))["cases"]?.array?.compactMap { value in
                guard let id = value["id"]?.string, let verdict = value["verdict"]?.string else { return nil }
                return MCPCase(id: id, verdict: verdict, value: value)
            }
        } ?? []
}

/// What a gate without policy, tokens and memory beyond the list of tools makes of a case.
struct MCPCorpusGate {
    /// What happened to one step.
    enum Outcome {
        /// The message goes on in this form.
        case passed([UInt8])
        /// The message is refused.
        case refused(MCPRefusal)
        /// The call is denied: its tool is not approved.
        case denied
        /// The list goes on without these tools, or with tools that a person should look at.
        case reduced([UInt8], omitted: [String], suspicious: [String])
    }

    private let reader = MCPRequestReader()
    private var catalogue = MCPToolCatalogue()
    private var hasCatalogue = false
    private var isPinned = false
    private var request: MCPRequest?
    private var exchange: MCPExchange?
    private(set) var outcomes: [Outcome] = []

    init(_ testCase: MCPCase) {
        for step in testCase.steps {
            switch step["from"]?.string {
            case "client": client(step)
            case "server": server(step)
            default: if step["admin"]?.string == "approve catalogue" { isPinned = true }
            }
        }
    }

    static func body(_ step: JSONValue) -> [UInt8] {
        func base64(_ name: String) -> [UInt8]? {
            step[name]?.string.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
        }
        if let text = step["body_text"]?.string { return Array(text.utf8) }
        if let bytes = base64("body_b64") { return bytes }
        return (base64("body_prefix_b64") ?? []) + (step["body"]?.bytes ?? [])
    }

    private mutating func client(_ step: JSONValue) {
        let fields = (step["headers"]?.object?.members ?? []).map { member in
            let name = member.name.split(separator: "#").first.map(String.init) ?? ""
            return MCPField(name, member.value.string ?? "")
        }
        let target = step["target"]?.string ?? "/mcp"
        let query = target.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init)
        let message = MCPHTTPRequest(
            method: step["method"]?.string ?? "POST", query: query, fields: fields, body: Self.body(step))
        do throws(MCPRefusal) {
            let request = try reader.read(message)
            self.request = request
            exchange = MCPExchange(request)
            if case .callTool(let name, _) = request.operation, hasCatalogue {
                guard let definition = catalogue.definition(named: name) else {
                    outcomes.append(.denied)
                    return
                }
                try definition.judge(request)
            }
            outcomes.append(.passed(request.body))
        } catch { outcomes.append(.refused(error)) }
    }

    private mutating func server(_ step: JSONValue) {
        if exchange == nil, let listing = try? reader.read(modern("tools/list")) {
            request = listing
            exchange = MCPExchange(listing)
        }
        guard var exchange else { return }
        defer { self.exchange = exchange }
        do throws(MCPRefusal) {
            if step["body"]?["sse_comment_flood"] != nil {
                var parser = EventStreamParser()
                do throws(EventStreamError) {
                    for _ in 0..<1_000_000 { _ = try parser.feed(Array(": ping\n\n".utf8)) }
                } catch { throw MCPRefusal(.stream(error), fault: .server) }
                return
            }
            let bytes = Self.body(step)
            let message =
                step["sse"]?.bool == true
                ? try exchange.readEvent(EventStreamEvent(data: bytes)) : try exchange.readBody(bytes)
            guard let message else { return }
            guard case .result(let result) = message.kind, let request, case .list(.listTools, _) = request.operation
            else {
                outcomes.append(.passed(message.bytes))
                return
            }
            try list(message, result, request)
        } catch { outcomes.append(.refused(error)) }
    }

    private mutating func list(
        _ message: MCPServerMessage, _ result: JSONObject, _ request: MCPRequest
    ) throws(MCPRefusal) {
        let catalogue = self.catalogue
        let isPinned = self.isPinned
        let page = try MCPListPage(result, of: .listTools, in: request.revision) { item in
            guard isPinned, let tool = item.tool else { return true }
            return catalogue.standing(of: tool) == .approved
        }
        let left = page.items.compactMap(\.tool)
        if isPinned {
            let tools = result["tools"]?.array ?? []
            for index in page.omitted.map(\.index) {
                if let name = tools[index]["name"]?.string { self.catalogue.withdraw(name) }
            }
        } else {
            for tool in left { _ = self.catalogue.approve(tool) }
        }
        hasCatalogue = true
        let bytes = message.replacing(result: page.result).bytes
        let suspicious = left.flatMap(\.suspiciousParameters)
        if page.omitted.isEmpty, suspicious.isEmpty {
            outcomes.append(.passed(bytes))
        } else {
            outcomes.append(.reduced(bytes, omitted: page.omitted.map { "\($0.reason)" }, suspicious: suspicious))
        }
    }
}
