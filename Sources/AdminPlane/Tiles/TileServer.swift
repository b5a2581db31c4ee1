// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import ServiceLifecycle
public import Storage

/// Serves an audit tree to whoever may see it, and cosigns the trees of others: read-only HTTP for mirrors, monitors and
/// witnesses.
///
/// Paths: `checkpoint`, `cosigned-checkpoint`, `key.pub`, `tile/…` (C2SP tlog-tiles), and `POST /add-checkpoint` (C2SP
/// tlog-witness) where a witness is given. Nothing else of the directory can be asked for.
public struct TileServer: Service {
    private let directory: String
    private let host: String
    private let port: Int
    private let witness: Witness?
    private let now: @Sendable () -> UInt64
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// Describes a server.
    ///
    /// - Parameters:
    ///   - directory: The audit directory.
    ///   - port: 0 lets the system choose.
    ///   - witness: Cosigns other logs.
    ///   - now: Seconds since 1970, for cosignatures.
    ///   - onListening: Called with the port once requests are taken.
    public init(
        directory: String, host: String, port: Int, witness: Witness?, now: @escaping @Sendable () -> UInt64,
        logger: Logger, onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.directory = directory
        self.host = host
        self.port = port
        self.witness = witness
        self.now = now
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the service group shuts down.
    public func run() async throws {
        let router = Router(context: AdminContext.self)
        router.add(middleware: ProblemMiddleware())
        for name in ["checkpoint", "cosigned-checkpoint", "key.pub"] {
            router.get(RouterPath(stringLiteral: name)) { _, _ in try file(name, isImmutable: false) }
        }
        router.get("tile/**") { request, _ in
            let path = String(request.uri.path.dropFirst())
            guard let tile = TilePath(path), tile.text.utf8.elementsEqual(path.utf8) else {
                throw AdminError(.unknown, "\(path) is not the path of a tile")
            }
            return try file(tile.text, isImmutable: true)
        }
        if let witness {
            router.post("add-checkpoint") { request, context in
                let body = try await request.body.collect(upTo: WitnessRequest.largest)
                let answer = witness.answer(Array(body.readableBytesView), time: now())
                var headers = HTTPFields()
                if let type = answer.contentType { headers[.contentType] = type }
                return Response(
                    status: HTTPResponse.Status(code: answer.status), headers: headers,
                    body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
            }
        }
        let application = Application(
            router: router,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    idleTimeout: .seconds(30),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64))),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [onListening] channel in onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await application.run()
    }

    /// The largest file of a tree: an entry bundle of 256 entries of 65,535 bytes with their lengths.
    private static let largestFile = 256 * 65_537

    private func file(_ name: String, isImmutable: Bool) throws -> Response {
        guard let bytes = try? PublicFile.read(directory + "/" + name, limit: Self.largestFile) else {
            throw AdminError(.unknown, "this tree has no \(name)")
        }
        var headers = HTTPFields()
        headers[.contentType] = isImmutable ? "application/octet-stream" : "text/plain; charset=utf-8"
        headers[.cacheControl] = isImmutable ? "max-age=31536000, immutable" : "no-cache"
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
