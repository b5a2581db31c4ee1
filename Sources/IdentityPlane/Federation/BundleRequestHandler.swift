// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import NIOCore
internal import Protocols

/// Answers the one request of a connection with the bundle document, and closes.
final class BundleRequestHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let path: String
    private let time: TimeAmount
    private let bundle: () -> TrustBundle?
    private var parser = HTTP1RequestParser(limits: HTTP1Limits(headBytes: 8192))
    private var buffer = ByteBuffer()
    private var isAnswered = false
    private var deadline: Scheduled<Void>?

    init(path: String, time: TimeAmount, bundle: @escaping () -> TrustBundle?) {
        self.path = path
        self.time = time
        self.bundle = bundle
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered else { return }
        var bytes = unwrapInboundIn(data)
        buffer.writeBuffer(&bytes)
        let answer = buffer.withUnsafeReadableBytes { bytes -> BundleAnswer? in
            switch parser.parse(bytes) {
            case .needMore: nil
            case .refused(let refusal): BundleAnswer(status: refusal.status)
            case .complete: judge(parser.head, bytes)
            }
        }
        guard let answer else { return }
        isAnswered = true
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer.bytes))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    private func judge(_ head: HTTP1RequestHead, _ bytes: UnsafeRawBufferPointer) -> BundleAnswer {
        if let refusal = head.judgeRest(of: bytes) { return BundleAnswer(status: refusal.status) }
        guard head.method == .get else { return BundleAnswer(status: 405) }
        guard head.framing == .none else { return BundleAnswer(status: 400) }
        guard head.target.form == .origin, head.target.query == nil,
            head.target.path.slice(of: bytes).elementsEqual(path.utf8)
        else { return BundleAnswer(status: 404) }
        guard let bundle = bundle() else { return BundleAnswer(status: 503) }
        return BundleAnswer(bundle)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// What the endpoint says.
struct BundleAnswer {
    private let status: UInt16
    private let fields: String
    private let body: [UInt8]

    /// The document. It may be kept for as long as its own hint says.
    init(_ bundle: TrustBundle) {
        status = 200
        fields =
            "content-type: application/json\r\n"
            + "cache-control: public, max-age=\(max(bundle.refreshHint ?? 0, 0))\r\nx-content-type-options: nosniff\r\n"
        body = bundle.document.bytes
    }

    /// Something else.
    init(status: UInt16) {
        self.status = status
        fields = "cache-control: no-store\r\n" + (status == 405 ? "allow: GET\r\n" : "")
        body = []
    }

    /// The answer as it goes on the wire.
    var bytes: [UInt8] {
        Array("HTTP/1.1 \(status) \r\n\(fields)content-length: \(body.count)\r\nconnection: close\r\n\r\n".utf8) + body
    }
}
