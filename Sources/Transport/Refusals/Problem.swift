// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Decision
internal import Identity
package import NIOCore
internal import Protocols

/// A denial as an RFC 9457 problem document: what happened, whose fault it is, and what to do next.
package struct Problem {
    package let verdict: Verdict
    package let decision: DecisionID
    package let status: Int
    package let agent: String?
    package let missingGrant: String?

    /// A refusal before there were facts to decide on.
    package init(_ verdict: Verdict, decision: DecisionID, status: Int) {
        self.verdict = verdict
        self.decision = decision
        self.status = status
        agent = nil
        missingGrant = nil
    }

    /// A denial of a request, with the grant that would allow it.
    package init(_ verdict: Verdict, decision: DecisionID, facts: Facts, snapshot: Snapshot) {
        self.verdict = verdict
        self.decision = decision
        status = verdict.answer?.status ?? verdict.reason.status
        agent = facts.identity?.id.description
        missingGrant = verdict.reason.isAboutGrants ? GrantIndex.missingGrant(for: facts) : nil
    }

    /// The answer in its parts, for those who frame it themselves.
    package var parts: (fields: [(name: String, value: String)], body: String) {
        let body = verdict.answer?.body ?? body
        var fields = verdict.answer?.fields.map { (name: $0.name, value: $0.value) } ?? []
        func add(_ name: String, _ value: String) {
            guard !fields.contains(where: { $0.name.lowercased() == name }) else { return }
            fields.append((name, value))
        }
        add("content-type", verdict.answer?.body == nil ? "application/problem+json" : "text/plain; charset=utf-8")
        add("yett-reason", verdict.reason.rawValue)
        add("yett-decision", decision.description)
        add("cache-control", "no-store")
        if let seconds = Self.retrySeconds(after: verdict.reason) { add("retry-after", "\(seconds)") }
        return (fields, body)
    }

    /// The complete response; the connection closes after it.
    package func response(isHead: Bool) -> ByteBuffer {
        let body = verdict.answer?.body ?? body
        let fields = verdict.answer?.fields ?? []
        var text = "HTTP/1.1 \(status) \(phrase)\r\n"
        for field in fields { text += "\(field.name): \(field.value)\r\n" }
        if !fields.contains(where: { $0.name.lowercased() == "content-type" }) {
            let type = verdict.answer?.body == nil ? "application/problem+json" : "text/plain; charset=utf-8"
            text += "Content-Type: \(type)\r\n"
        }
        text += "Content-Length: \(body.utf8.count)\r\n"
        text += "Yett-Reason: \(verdict.reason.rawValue)\r\nYett-Decision: \(decision)\r\n"
        if status == 407 {
            text += "Proxy-Authenticate: Bearer realm=\"yett\"\r\nProxy-Authenticate: Basic realm=\"yett\"\r\n"
        }
        if !fields.contains(where: { $0.name.lowercased() == "cache-control" }) {
            text += "Cache-Control: no-store\r\n"
        }
        text += "Connection: close\r\n\r\n"
        if !isHead { text += body }
        return ByteBuffer(string: text)
    }

    private var body: String {
        var members: [(name: String, value: JSONValue)] = [
            ("type", .string("urn:yett:problem:\(verdict.reason.rawValue)")),
            ("title", .string(verdict.reason.title)),
            ("status", .integer(status)),
            ("reason", .string(verdict.reason.rawValue)),
            ("decision", .string(decision.description)),
            ("fault", .string(verdict.reason.fault.rawValue)),
            ("next", .string("yett explain \(decision)")),
        ]
        if let detail = verdict.detail { members.append(("detail", .string(detail))) }
        if !verdict.policyCodes.isEmpty { members.append(("codes", .array(verdict.policyCodes.map { .string($0) }))) }
        if let agent { members.append(("agent", .string(agent))) }
        if let missingGrant { members.append(("grant", .string(missingGrant))) }
        return JSONValue.object(JSONObject(members) ?? JSONObject()).text + "\n"
    }

    private var phrase: String { Self.phrase(of: status) }

    /// After how many seconds a request that was refused for this reason may be repeated as it was.
    package static func retrySeconds(after reason: ReasonCode) -> Int? { reason == .sandboxBusy ? 1 : nil }

    /// The reason phrase of a status.
    package static func phrase(of status: Int) -> String {
        switch status {
        case 100: "Continue"
        case 200: "OK"
        case 202: "Accepted"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 407: "Proxy Authentication Required"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: status >= 400 ? "Refused" : "OK"
        }
    }
}
