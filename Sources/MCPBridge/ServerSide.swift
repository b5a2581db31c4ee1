// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore
internal import NIOHTTP1
internal import Protocols

/// The side towards the server: what the gate sends becomes lines of its input, and its lines go to whoever waits.
actor ServerSide {
    typealias Writer = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

    /// A request of the gate that has no answer yet.
    private struct Pending {
        let number: UInt64
        let writer: Writer
        let progressToken: JSONRPCID?
        let wantsLog: Bool
        let isInitialize: Bool
        var isStreaming = false
    }

    private let settings: BridgeSettings
    private let input: LineWriter
    private let complain: @Sendable (String) -> Void
    private let tooNoisy: @Sendable () -> Void
    private let session: String
    private var pending: [JSONRPCID: Pending] = [:]
    private var listener: (number: UInt64, writer: Writer)?
    private var held: [[UInt8]] = []
    private var hasSession = false
    private var number: UInt64 = 0
    private var stray = 0
    /// Why the server answers no more.
    private var over: String?

    /// - Parameter tooNoisy: Called once when the server writes more that is no message than anybody would read.
    init(
        _ settings: BridgeSettings, input: LineWriter, complain: @escaping @Sendable (String) -> Void,
        tooNoisy: @escaping @Sendable () -> Void
    ) {
        self.settings = settings
        self.input = input
        self.complain = complain
        self.tooNoisy = tooNoisy
        var random = SystemRandomNumberGenerator()
        session = String(random.next() as UInt64, radix: 16)
    }

    // MARK: Requests of the gate

    /// Takes one request; what there is to say at once is written.
    ///
    /// - Returns: The number under which the connection is known here.
    func take(_ head: HTTPRequestHead, _ body: [UInt8], _ writer: Writer) async -> UInt64 {
        number &+= 1
        let number = number
        switch head.method {
        case .POST: await post(body, writer, number)
        case .GET: await open(writer, number)
        default: await answer(.accepted, [], writer)
        }
        return number
    }

    /// The gate has closed a connection.
    func gone(_ number: UInt64) async {
        if listener?.number == number { listener = nil }
        guard let id = pending.first(where: { $0.value.number == number })?.key,
            let request = pending.removeValue(forKey: id), !request.isInitialize, over == nil
        else { return }
        try? await input.write(BridgeMessage.cancelled(id))
    }

    private func post(_ body: [UInt8], _ writer: Writer, _ number: UInt64) async {
        guard let message = try? JSONValue(parsing: body, limits: .line(settings.lineBytes)) else {
            return await answer(.badRequest, [], writer)
        }
        let method = message["method"]?.string
        guard let method, let id = message["id"].flatMap({ JSONRPCID($0) }) else {
            let isWritten = await write(message)
            return await answer(isWritten ? .accepted : .serviceUnavailable, [], writer)
        }
        if let over { return await answer(over, id, writer) }
        guard pending[id] == nil else {
            return await answer("A request with this identifier is under way.", id, writer)
        }
        let meta = message["params"]?["_meta"]
        let isInitialize = method.utf8.elementsEqual("initialize".utf8)
        pending[id] = Pending(
            number: number, writer: writer, progressToken: meta?["progressToken"].flatMap { JSONRPCID($0) },
            wantsLog: meta?["io.modelcontextprotocol/logLevel"] != nil, isInitialize: isInitialize)
        if isInitialize { hasSession = true }
        guard await write(message) else {
            pending[id] = nil
            return await answer(over ?? "The server reads nothing any more.", id, writer)
        }
    }

    private func write(_ message: JSONValue) async -> Bool {
        do {
            try await input.write(message.bytes)
            return true
        } catch { return false }
    }

    /// The stream of what the server says by itself.
    private func open(_ writer: Writer, _ number: UInt64) async {
        guard listener == nil, over == nil else { return await answer(.conflict, [], writer) }
        listener = (number, writer)
        await begin(writer)
        let waiting = held
        held = []
        for message in waiting { await event(message, writer) }
    }

    // MARK: Lines of the server

    /// Takes a line; returns when the next one may come.
    func take(_ line: LineSplitter.Line) async {
        guard case .whole(let bytes) = line else {
            return await end(
                "The server wrote a message longer than service_proxy.limits.stdio_line (\(settings.lineBytes) bytes).")
        }
        guard let value = try? JSONValue(parsing: bytes, limits: .line(settings.lineBytes)), value.object != nil else {
            return await misread(bytes)
        }
        guard let method = value["method"]?.string else { return await respond(value, bytes) }
        let meta = value["params"]?["_meta"]
        if value["id"] == nil {
            if method.utf8.elementsEqual("notifications/progress".utf8) {
                let token = value["params"]?["progressToken"].flatMap { JSONRPCID($0) }
                guard let token, let id = pending.first(where: { $0.value.progressToken == token })?.key else { return }
                return await stream(bytes, id)
            }
            if let id = meta?["io.modelcontextprotocol/subscriptionId"].flatMap({ JSONRPCID($0) }) {
                return await stream(bytes, id)
            }
            let isLog = method.utf8.elementsEqual("notifications/message".utf8)
            let listeners = isLog ? pending.filter(\.value.wantsLog) : [:]
            if listeners.count == 1, let id = listeners.first?.key { return await stream(bytes, id) }
        }
        guard hasSession else { return }
        guard let listener else {
            held.append(bytes)
            if held.count > BridgeSettings.heldMessages { held.removeFirst() }
            return
        }
        await event(bytes, listener.writer)
    }

    /// A line that is no message. Where one request waits it may be its answer, of which the gate says what is wrong.
    private func misread(_ bytes: [UInt8]) async {
        if bytes.first == UInt8(ascii: "{"), pending.count == 1, let id = pending.keys.first,
            let request = pending.removeValue(forKey: id)
        {
            return await finish(request, bytes)
        }
        stray &+= 1
        if stray <= 10 {
            complain(
                "yett: the server wrote a line that is no message: "
                    + String(decoding: bytes.prefix(200), as: UTF8.self))
        }
        if stray == BridgeSettings.strayLines {
            await end("The server wrote \(stray) lines that are no messages.")
            tooNoisy()
        }
    }

    private func respond(_ value: JSONValue, _ bytes: [UInt8]) async {
        let id = value["id"].flatMap { JSONRPCID($0) }
        // A late answer to a request that nobody waits for any more is nothing to speak of.
        guard let id, let request = pending.removeValue(forKey: id) else {
            return id == nil ? await misread(bytes) : ()
        }
        await finish(request, bytes)
    }

    /// Every request is answered with why there is no answer, and so are those to come.
    ///
    /// - Parameter isExpected: Whether nobody has to be told.
    func end(_ why: String, isExpected: Bool = false) async {
        guard over == nil else { return }
        over = why
        if !isExpected { complain("yett: \(why)") }
        for (id, request) in pending { await finish(request, BridgeMessage.error(BridgeMessage.failed, why, to: id)) }
        pending = [:]
        if let listener { try? await listener.writer.write(.end(nil)) }
        listener = nil
    }

    // MARK: Answers to the gate

    private func finish(_ request: Pending, _ message: [UInt8]) async {
        guard request.isStreaming else {
            var fields = [("content-type", "application/json")]
            if request.isInitialize { fields.append(("mcp-session-id", session)) }
            return await answer(.ok, fields, request.writer, message)
        }
        await event(message, request.writer)
        try? await request.writer.write(.end(nil))
    }

    private func answer(_ why: String, _ id: JSONRPCID, _ writer: Writer) async {
        await answer(
            .ok, [("content-type", "application/json")], writer, BridgeMessage.error(BridgeMessage.failed, why, to: id))
    }

    private func answer(
        _ status: HTTPResponseStatus, _ fields: [(String, String)], _ writer: Writer, _ body: [UInt8] = []
    ) async {
        let headers = HTTPHeaders(fields + [("content-length", "\(body.count)"), ("connection", "close")])
        try? await writer.write(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)))
        if !body.isEmpty { try? await writer.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
        try? await writer.write(.end(nil))
    }

    private func stream(_ message: [UInt8], _ id: JSONRPCID) async {
        guard var request = pending[id] else { return }
        if !request.isStreaming {
            request.isStreaming = true
            pending[id] = request
            await begin(request.writer)
        }
        await event(message, request.writer)
    }

    private func begin(_ writer: Writer) async {
        let headers = HTTPHeaders([
            ("content-type", "text/event-stream"), ("transfer-encoding", "chunked"), ("connection", "close"),
        ])
        try? await writer.write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
    }

    private func event(_ message: [UInt8], _ writer: Writer) async {
        try? await writer.write(.body(.byteBuffer(ByteBuffer(bytes: EventStreamEvent(data: message).bytes))))
    }
}
