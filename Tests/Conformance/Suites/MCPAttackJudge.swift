// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Protocols

/// Compares what was seen of a case with what it demands.
struct MCPAttackJudge {
    private typealias Exchange = MCPAttackPlay.Exchange

    let test: MCPAttackCase
    let outcome: MCPAttackPlay.Outcome

    /// What is wrong, or nil.
    func failure() throws -> String? {
        guard outcome.foreignDials.isEmpty else { return "the gate dialled \(outcome.foreignDials)" }
        guard let last = outcome.exchanges.last else { return "the case asks for nothing" }
        for (index, exchange) in outcome.exchanges.dropLast().enumerated() where !exchange.isAnswered {
            return "step \(index + 1) of a client did not pass: \(exchange.answer.summary)"
        }
        if let failure = judge(last) { return failure }
        for member in test.expect.members {
            if let failure = try failure(of: member.name, member.value) { return "\(member.name): \(failure)" }
        }
        return nil
    }

    /// What the verdict alone demands.
    private func judge(_ last: Exchange) -> String? {
        switch test.verdict {
        case .ok: return last.isAnswered ? nil : "did not pass: \(last.answer.summary)"
        case .mustNormalise: return nil
        case .mustReject:
            // Where the server is what attacks, its answer is judged and not the client's request.
            let isServers = test.steps.last.map { if case .server = $0 { true } else { false } } ?? false
            return isServers ? nil : refusal(last)
        }
    }

    private func refusal(_ exchange: Exchange) -> String? {
        if exchange.isForwarded { return "the server got it" }
        return exchange.answer.isRefused ? nil : "not refused: \(exchange.answer.summary)"
    }

    private func failure(of name: String, _ value: JSONValue) throws -> String? {
        let text = value.string ?? ""
        switch name {
        case "status": return status(value)
        case "code":
            let code = outcome.exchanges.last?.answer.error?["code"]
            return code == value ? nil : "\(code?.text ?? "none")"
        case "gateway_fetch", "gateway_fetches", "note":
            // Nothing but the servers is ever dialled; a refusal is judged by the verdict.
            return nil
        case "upstream_authorization": return credentials()
        case "event": return event(text)
        case "client_sees", "tools_list", "tool": return tools(name, text)
        case "result": return result(text)
        case "client_must_not_receive":
            return outcome.exchanges.contains { $0.answer.http.text.contains(text) } ? "it was received" : nil
        case "alternatives": return alternatives()
        case "limits":
            let bytes = outcome.exchanges.last?.answer.http.body.count ?? 0
            if bytes > 64 << 20 { return "\(bytes) bytes passed" }
            return outcome.exchanges.last?.answer.error == nil ? "the client is not told" : nil
        case "memory_bounded": return outcome.growth > 256 << 20 ? "the process grew by \(outcome.growth) bytes" : nil
        case "upstream_must_not_contain", "upstream_must_not_receive":
            let received = outcome.exchanges.flatMap(\.received).flatMap {
                [$0.http.text] + $0.http.fields.map(\.value)
            }
            return received.contains { $0.contains(text) } ? "it was received" : nil
        default:
            let isCall = name.hasSuffix("call") || text.hasPrefix("denied") || text.hasPrefix("allowed")
            guard isCall else { throw MCPAttackPolicy.Unknown(what: "a way to judge \(name)") }
            return call(name, text)
        }
    }

    // MARK: Answers

    private func status(_ value: JSONValue) -> String? {
        let allowed = (value.string ?? value.text).split { !$0.isNumber }.compactMap { Int($0) }
        let status = outcome.exchanges.last?.answer.http.status ?? 0
        return allowed.contains(status) ? nil : outcome.exchanges.last?.answer.summary
    }

    private func call(_ name: String, _ text: String) -> String? {
        let places = ["first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4]
        let calls = outcome.exchanges
        let index = places[name.split(separator: "_").first.map(String.init) ?? ""] ?? calls.count - 1
        guard calls.indices.contains(index) else { return "there is no such call" }
        if text.hasPrefix("denied") { return refusal(calls[index]) }
        return calls[index].isAnswered ? nil : calls[index].answer.summary
    }

    private func result(_ text: String) -> String? {
        guard let result = outcome.exchanges.first?.answer.result else { return "not delivered" }
        guard text.contains("untrusted") else { return nil }
        return result["_meta"]?["io.yett/untrusted"]?.bool ?? false ? nil : "no label: \(result.text)"
    }

    private func alternatives() -> String? {
        guard let last = outcome.exchanges.last else { return nil }
        if refusal(last) == nil { return nil }
        // What is passed on must be one value for everybody who reads it.
        return last.received.allSatisfy { $0.message != nil } ? nil : "the server got what is no JSON"
    }

    private func credentials() -> String? {
        let values = outcome.exchanges.flatMap(\.received).map { $0.http.values("authorization") }
        if values.isEmpty { return "the server got nothing" }
        return values.allSatisfy { $0 == [MCPAttackPlay.credential] } ? nil : "the server got another"
    }

    // MARK: Tools

    private func event(_ text: String) -> String? {
        let wanted = Self.words(text)
        return outcome.observations.contains { Self.words($0).isSuperset(of: wanted) }
            ? nil : "recorded is \(outcome.observations)"
    }

    /// The words of the name of an event, in the gate's own words.
    private static func words(_ text: String) -> Set<String> {
        let synonyms = ["invisible": "hidden", "characters": "text"]
        return Set(text.lowercased().split { !$0.isLetter }.map { synonyms[String($0)] ?? String($0) })
    }

    private func tools(_ name: String, _ text: String) -> String? {
        let lists = outcome.exchanges.compactMap { $0.answer.result?["tools"]?.array }
        guard let shown = lists.last else { return "no list was answered" }
        let names = shown.compactMap { $0["name"]?.string }
        if name == "tool" {
            if let trial = outcome.trials.first(where: { refusal($0) != nil }) {
                return "\(trial.tool ?? "") can be called"
            }
            return names.isEmpty ? nil : "\(names) is shown"
        }
        if let hidden = text.wholeMatch(of: /(\S+) hidden/) {
            return names.contains(String(hidden.1)) ? "\(hidden.1) is shown" : nil
        }
        if text.contains("characters removed") {
            let isHidden = shown.contains { $0.text.unicodeScalars.contains { (0xE0000...0xE007F).contains($0.value) } }
            return isHidden ? "they are shown" : nil
        }
        guard text.contains("absent") else { return "«\(text)» cannot be judged" }
        let first = lists.first ?? []
        return shown.allSatisfy(first.contains) ? nil : "the new definition is shown"
    }
}
