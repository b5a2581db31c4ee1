// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport

/// One end of an HTTP/2 connection, frame by frame: a service that a test scripts, or an agent.
final class HTTP2Peer {
    private let socket: RawSocket
    private var reader = FrameReader()
    private var waiting: [ReceivedFrame] = []

    /// A message as it came.
    struct Message: Equatable {
        var stream: UInt32 = 0
        var head: [String] = []
        var body = ""
        var trailers: [String] = []
        /// Why it was ended before its end.
        var reset: UInt32?

        subscript(name: String) -> String? {
            head.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.utf8.count + 2)) }
        }
    }

    /// A service at the other end of a connection that begins.
    init(serving socket: RawSocket, settings: [(UInt16, UInt32)] = []) throws {
        self.socket = socket
        guard try socket.read(exactly: RawFrames.preface.count) == RawFrames.preface else {
            throw SocketFailure.ended([])
        }
        try socket.write(RawFrames.settings(settings) + RawFrames.settingsAck)
    }

    /// An agent.
    init(asking gate: GateHarness, settings: [(UInt16, UInt32)] = []) throws {
        socket = try gate.connectToServices()
        try socket.write(RawFrames.preface + RawFrames.settings(settings) + RawFrames.settingsAck)
    }

    func close() { socket.close() }

    func send(_ bytes: [UInt8]) throws { try socket.write(bytes) }

    /// The next frame that says something of a message; nil at the end.
    func next(windows: Bool = false) throws -> ReceivedFrame? {
        while true {
            while !waiting.isEmpty {
                let frame = waiting.removeFirst()
                switch frame {
                case .settings, .settingsAck, .ping: continue
                case .window where !windows: continue
                default: return frame
                }
            }
            let bytes = try socket.readSome(within: 60)
            guard !bytes.isEmpty else { return nil }
            waiting = try reader.read(bytes)
        }
    }

    /// The next whole message; nil at the end. There is one at a time.
    func message() throws -> Message? {
        var message = Message()
        while let frame = try next() {
            switch frame {
            case .headers(let stream, let fields, let end):
                if message.head.isEmpty || message[":status"] == "100" {
                    message.stream = stream
                    message.head = fields
                } else {
                    message.trailers = fields
                }
                if end { return message }
            case .data(_, let text, let end):
                message.body += text
                if end { return message }
            case .reset(_, let code):
                message.reset = code
                return message
            case .goAway: continue
            default: continue
            }
        }
        return nil
    }

    /// Sends a request of an agent.
    func ask(
        _ stream: UInt32, _ path: String = "/s/tickets/v1", method: String = "GET", _ fields: [(String, String)] = [],
        body: String? = nil, trailers: [(String, String)]? = nil
    ) throws {
        let head = RawFrames.request(method, path, fields)
        var bytes = RawFrames.headers(stream, head, end: body == nil && trailers == nil)
        if let body { bytes += RawFrames.data(stream, body, end: trailers == nil) }
        if let trailers { bytes += RawFrames.headers(stream, trailers) }
        try send(bytes)
    }

    /// Sends an answer of a service.
    func answer(
        _ stream: UInt32, _ fields: [(String, String)] = [], status: String = "200", body: String? = "hello",
        trailers: [(String, String)]? = nil
    ) throws {
        var bytes = RawFrames.headers(stream, [(":status", status)] + fields, end: body == nil && trailers == nil)
        if let body { bytes += RawFrames.data(stream, body, end: trailers == nil) }
        if let trailers { bytes += RawFrames.headers(stream, trailers) }
        try send(bytes)
    }
}

extension UpstreamServer {
    /// A service that speaks HTTP/2 without TLS and answers one request after the other.
    static func http2(
        settings: [(UInt16, UInt32)] = [],
        _ answer: @escaping @Sendable (HTTP2Peer, HTTP2Peer.Message) throws -> Void = { try $0.answer($1.stream) }
    ) -> UpstreamServer {
        UpstreamServer { connection in
            let peer = try HTTP2Peer(serving: connection, settings: settings)
            while let request = try peer.message() {
                if request.reset == nil { try answer(peer, request) }
            }
        }
    }
}
