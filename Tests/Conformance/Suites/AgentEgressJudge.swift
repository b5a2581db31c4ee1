// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import LeakDetection
import Protocols

/// What the gate does with a case when every public destination is granted: whether it refuses or asks a person.
struct AgentEgressJudge {
    let matcher: LeakMatcher

    /// Why the case is stopped, or nil when it passes.
    func stop(_ test: AgentEgressCase) -> String? {
        let payload = test.payload
        switch test.inputType {
        case "url": return request(payload)
        case "header":
            if let why = request(payload) { return why }
            for header in payload["headers"]?.object?.members ?? [] {
                let value = Array((header.value.string ?? "").utf8)
                if let why = stop(matcher.inspect(header: value), .header) { return why }
            }
            return nil
        case "request_body": return request(payload) ?? body(payload)
        case "mcp_tool_call", "mcp_tool_sequence":
            return messages(payload) {
                $0["params"]?["arguments"]
            } on: {
                .argument
            }
        case "mcp_tool_result":
            return messages(payload) {
                $0["result"]
            } on: {
                .result
            }
        case "mcp_tool_definition":
            return messages(payload) {
                $0["result"]?["tools"]
            } on: {
                .definition
            }
        case "a2a_message":
            return messages(payload) {
                $0["params"]
            } on: {
                .message
            }
        case "a2a_agent_card":
            return messages(.array([payload])) {
                $0["agent_card"]
            } on: {
                .definition
            }
        case "response_content": return response(payload)
        case "websocket_frame": return frames(payload)
        default: return nil
        }
    }

    private func stop(_ report: LeakReport, _ surface: LeakSurface) -> String? {
        // What comes back may also be taken out.
        if LeakAction.standard(for: report, on: surface) >= .redact {
            return report.findings.map(\.description).joined(separator: "; ")
        }
        return report.isIncomplete ? "incomplete" : nil
    }

    // MARK: Requests

    private func request(_ payload: JSONValue) -> String? {
        guard let url = payload["url"]?.string else { return nil }
        return self.url(Array(url.utf8))
    }

    private func url(_ url: [UInt8]) -> String? {
        guard let scheme = url.firstRange(of: Array("://".utf8)) else { return nil }
        let end = url[scheme.upperBound...].firstIndex { $0 == 0x2f || $0 == 0x3f || $0 == 0x23 } ?? url.count
        let authority = url[scheme.upperBound..<end]
        let host = authority.lastIndex(of: 0x40).map { authority[($0 + 1)...] } ?? authority
        return destination(String(decoding: host, as: UTF8.self))
            ?? stop(matcher.inspect(hostname: Array(host)), .hostname)
            ?? stop(matcher.inspect(target: url), .target)
    }

    /// The guard that refuses addresses that are not public, and names that are odd spellings of addresses.
    private func destination(_ text: String) -> String? {
        guard let host = try? Host(parsing: text) else { return "no host" }
        guard case .address(let address) = host else { return nil }
        return AddressGuard().judge(address, host: host, port: 443).isAllowed ? nil : "no public address"
    }

    private func body(_ payload: JSONValue) -> String? {
        let body = Array((payload["body"]?.string ?? "").utf8)
        var scanner = LeakScanner(matcher)
        for byte in body { _ = scanner.scan([byte]) }
        _ = scanner.finish()
        if let why = stop(scanner.report, .body) { return why }
        guard let value = try? JSONValue(parsing: body) else { return nil }
        return stop(matcher.inspect(arguments: value, on: .body), .body)
    }

    // MARK: Messages

    private func messages(
        _ payload: JSONValue, _ part: (JSONValue) -> JSONValue?, on surface: () -> LeakSurface
    ) -> String? {
        for message in payload["jsonrpc_messages"]?.array ?? payload.array ?? [] {
            guard let value = part(message) else { continue }
            if let why = stop(matcher.inspect(arguments: value, on: surface()), surface()) { return why }
        }
        return nil
    }

    private func response(_ payload: JSONValue) -> String? {
        let body = Array((payload["response_body"]?.string ?? "").utf8)
        if let value = try? JSONValue(parsing: body) {
            return stop(matcher.inspect(arguments: value, on: .result), .result)
        }
        return stop(matcher.inspect(body, on: .result), .result)
    }

    private func frames(_ payload: JSONValue) -> String? {
        var parts: [[UInt8]] = []
        for frame in payload["frames"]?.array ?? [] {
            // The gate negotiates no extension that would give this bit a meaning (RFC 6455 section 5.2).
            if frame["rsv1"]?.bool == true { return "reserved bit" }
            let text = Array((frame["payload"]?.string ?? "").utf8)
            let isContinued = frame["opcode"]?.string?.utf8.elementsEqual("continuation".utf8) ?? false
            if isContinued, let last = parts.popLast() { parts.append(last + text) } else { parts.append(text) }
        }
        return stop(matcher.inspect(parts: parts, on: .message), .message)
    }
}
