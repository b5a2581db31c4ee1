// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport
import Protocols
import Synchronization

/// The tools of a corpus as an MCP server, which answers with what was recorded.
final class AgentDojoServer: Sendable {
    private typealias Expected = (call: AgentDojoCorpus.Call, goal: String?)

    private let corpus: AgentDojoCorpus
    private let expected = Mutex<Expected?>(nil)

    init(_ corpus: AgentDojoCorpus) { self.corpus = corpus }

    /// Whether the call that was expected has come.
    var hasAnswered: Bool { expected.withLock { $0 == nil } }

    /// Says which call comes next, and what stands where an attacker can write.
    func expect(_ call: AgentDojoCorpus.Call, attackedWith goal: String?) {
        expected.withLock { $0 = (call, goal) }
    }

    func start() -> UpstreamServer {
        UpstreamServer { [self] connection in
            while let request = try HTTPText.readRequest(from: connection, within: 60) {
                let message = try JSONValue(parsing: request.body)
                let body = Array(#"{"jsonrpc":"2.0","id":\#(message["id"]?.text ?? "null"),\#(answer(message))}"#.utf8)
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
                try connection.write(Array(head.utf8) + body)
            }
        }
    }

    /// The result, or the error.
    private func answer(_ message: JSONValue) -> String {
        if message["method"]?.string == "tools/list" {
            let list: JSONValue = [
                "resultType": "complete", "tools": .array(corpus.definitions), "ttlMs": 60_000,
                "cacheScope": "private",
            ]
            return #""result":\#(list.text)"#
        }
        let call = expected.withLock { expected -> Expected? in
            defer { expected = nil }
            return expected
        }
        guard let call, message["params"]?["name"]?.string == call.call.tool else {
            return #""error":{"code":-32602,"message":"nothing was recorded for this"}"#
        }
        return #""result":\#(corpus.result(call.call, attackedWith: call.goal))"#
    }
}
