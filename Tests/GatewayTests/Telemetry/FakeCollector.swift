// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Protocols
import Synchronization

/// A collector that remembers what it was sent, and answers as it is told to.
final class FakeCollector: Sendable {
    /// A request that came.
    struct Received: Sendable {
        let path: String
        let body: JSONValue
    }

    private let received = Mutex<[Received]>([])
    private let answers = Mutex<[String]>([])
    private let server: UpstreamServer

    static let taken = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    /// - Parameter answers: The first answers, one after the other; then everything is taken.
    init(answers: [String] = []) {
        self.answers.withLock { $0 = answers }
        let remember = Remember()
        server = UpstreamServer.http { request in remember.take?(request) ?? Self.taken }
        remember.take = { [weak self] request in self?.answer(request) ?? Self.taken }
    }

    /// The server is made before there is somebody to remember.
    private final class Remember: Sendable {
        private let stored = Mutex<(@Sendable (HTTPText) -> String)?>(nil)

        var take: (@Sendable (HTTPText) -> String)? {
            get { stored.withLock { $0 } }
            set { stored.withLock { $0 = newValue } }
        }
    }

    var port: UInt16 { server.port }

    func stop() { server.stop() }

    /// What came to a path.
    func requests(to path: String) -> [JSONValue] {
        received.withLock { $0 }.filter { $0.path == path }.map(\.body)
    }

    /// All spans that came.
    var spans: [JSONValue] {
        requests(to: "/v1/traces").flatMap { $0["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?.array ?? [] }
    }

    private func answer(_ request: HTTPText) -> String {
        let path = request.startLine.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        let answer = answers.withLock { $0.isEmpty ? Self.taken : $0.removeFirst() }
        let isTaken = answer.hasPrefix("HTTP/1.1 2")
        if isTaken, let body = try? JSONValue(parsing: request.body) {
            received.withLock { $0.append(Received(path: path, body: body)) }
        }
        return answer
    }
}
