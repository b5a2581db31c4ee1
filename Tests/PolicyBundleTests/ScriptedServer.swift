// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOPosix
import Synchronization

/// Answers requests one after the other with what a script says, and notes what was asked.
final class ScriptedServer: Sendable {
    /// An answer: status, headers and body.
    struct Answer: Sendable {
        var status = 200
        var headers: [String] = []
        var body: [UInt8] = []
        /// Whether the connection ends in the middle of the body.
        var isCut = false
    }

    private struct State {
        var answers: [Answer]
        var requests: [String] = []
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let server: ScriptedServer
        private var text = ""

        init(_ server: ScriptedServer) {
            self.server = server
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            guard text.utf8.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return }
            let answer = server.answer(text)
            text = ""
            var head = "HTTP/1.1 \(answer.status) x\r\nConnection: close\r\n"
            if answer.status != 304 { head += "Content-Length: \(answer.body.count)\r\n" }
            for header in answer.headers { head += header + "\r\n" }
            var buffer = ByteBuffer(string: head + "\r\n")
            buffer.writeBytes(answer.isCut ? answer.body.dropLast() : answer.body[...])
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
            context.close(promise: nil)
        }
    }

    private let state: Mutex<State>

    /// Answers in this order; once they are used up, that nothing changed.
    init(_ answers: [Answer]) {
        state = Mutex(State(answers: answers))
    }

    /// The heads of the requests so far.
    var requests: [String] { state.withLock { $0.requests } }

    private func answer(_ request: String) -> Answer {
        state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? Answer(status: 304) : state.answers.removeFirst()
        }
    }

    /// Serves on a port of the system's choice while a body runs.
    func serve<Result: Sendable>(_ body: (Int) async throws -> Result) async throws -> Result {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        do {
            let result = try await body(port)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }
}
