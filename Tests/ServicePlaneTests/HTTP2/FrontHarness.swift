// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOEmbedded
import Testing
import Transport

@testable import ServicePlane

/// A client's connection to the front, in memory.
final class FrontHarness {
    let channel = EmbeddedChannel()
    let connection: HTTP2Connection
    private var reader = FrameReader()

    /// - Parameters:
    ///   - makeExchange: What answers; without it whatever comes is answered with two bytes.
    ///   - opens: Whether to begin as a client does.
    init(
        limits: HTTP2Limits = HTTP2Limits(), opens: Bool = true,
        makeExchange: @escaping (any ClientStream) -> ScriptedExchange? = ScriptedExchange.answering
    ) throws {
        let made = Made()
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/client")).wait()
        connection = try HTTP2Connection.install(
            on: channel, limits: limits, loop: nil, clock: Clock(monotonic: { 1 }, wall: { 1 })
        ) { stream in
            let exchange = makeExchange(stream)
            if let exchange { made.exchanges.append(exchange) }
            return exchange
        }
        self.made = made
        guard opens else { return }
        send(RawFrames.preface + RawFrames.settings())
        channel.embeddedEventLoop.run()
        send(RawFrames.settingsAck)
        _ = try frames()
    }

    private final class Made { var exchanges: [ScriptedExchange] = [] }
    private let made: Made

    /// The exchanges in the order of their streams.
    var all: [ScriptedExchange] { made.exchanges }
    /// The last exchange.
    var exchange: ScriptedExchange {
        get throws { try #require(made.exchanges.last) }
    }

    /// Sends bytes as one read.
    func send(_ bytes: [UInt8]) {
        // What is refused comes out as an error at the end of the pipeline at most.
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        channel.embeddedEventLoop.run()
    }

    /// Lets time pass up to a moment, in seconds.
    func sweep(seconds: Int64) {
        connection.sweep(now: 1 + seconds * 1_000_000_000)
        channel.embeddedEventLoop.run()
    }

    /// What the gate has sent since the last time.
    func frames() throws -> [ReceivedFrame] {
        channel.embeddedEventLoop.run()
        var bytes: [UInt8] = []
        while let data = try channel.readOutbound(as: IOData.self) {
            if case .byteBuffer(let buffer) = data { bytes += Array(buffer.readableBytesView) }
        }
        return try reader.read(bytes)
    }

    /// The same without windows and settings.
    func answers() throws -> [ReceivedFrame] {
        try frames().filter { !$0.isWindow && $0 != .settings && $0 != .settingsAck }
    }

    var isOpen: Bool { channel.isActive }

    /// Ends the connection, whatever became of it.
    func finish() { _ = try? channel.finish(acceptAlreadyClosed: true) }
}
