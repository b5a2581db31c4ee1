// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// Keeps a bundle up to date from a server.
public struct BundleDownloader: Sendable {
    /// Puts a bundle to use; throws to refuse it, in which case what was in use before must stay so.
    public typealias Activation = @Sendable (BundleContent) async throws -> Void

    /// What happened.
    public enum Event: Sendable {
        /// A request was sent.
        case asked
        /// The server has nothing new.
        case unchanged
        /// Something came, of so many bytes.
        case downloaded(Int)
        /// It is in use.
        case activated
        /// There was no answer, or none that counts; the server or the network is at fault.
        case failed(DownloadFailure)
        /// What came is refused; its author is at fault.
        case refused(any Error)
    }

    private let settings: DownloadSettings
    private let client: HTTPClient
    private let reader: BundleReader
    private let authorization: @Sendable () throws -> String?
    private let report: @Sendable (Event) -> Void

    /// Makes a downloader.
    ///
    /// - Parameters:
    ///   - client: Must not follow redirections: what another address sends is not what the operator named.
    ///   - authorization: What stands in the header of that name, read for each request since tokens are renewed.
    ///   - report: Is told what happens.
    public init(
        _ settings: DownloadSettings, client: HTTPClient, reader: BundleReader,
        authorization: @escaping @Sendable () throws -> String? = { nil },
        report: @escaping @Sendable (Event) -> Void
    ) {
        self.settings = settings
        self.client = client
        self.reader = reader
        self.authorization = authorization
        self.report = report
    }

    /// Activates what the server has, until the task is cancelled.
    ///
    /// - Parameter entityTag: The tag of the version that is in use already.
    public func run(from entityTag: String? = nil, activating activate: @escaping Activation) async throws {
        var download = BundleDownload(settings, entityTag: entityTag)
        var random = SystemRandomNumberGenerator()
        var content: [UInt8] = []
        var action = download.start()
        while true {
            try Task.checkCancellation()
            switch action {
            case .wait(let nanoseconds):
                try await Task.sleep(for: .nanoseconds(Int64(clamping: nanoseconds)))
                action = download.waited()
            case .ask(let request):
                (action, content) = try await ask(request, &download, &random)
            case .activate(let entityTag):
                do {
                    var bundle = try reader.read(archive: content, entityTag: entityTag)
                    if !bundle.isDelta { bundle.archive = content }
                    try await activate(bundle)
                    report(.activated)
                    action = download.activated(random: &random)
                } catch {
                    try Task.checkCancellation()
                    report(.refused(error))
                    action = download.refused(random: &random)
                }
                content = []
            }
        }
    }

    private func ask(
        _ request: BundleDownload.Request, _ download: inout BundleDownload, _ random: inout some RandomNumberGenerator
    ) async throws -> (action: BundleDownload.Action, content: [UInt8]) {
        report(.asked)
        do {
            let answer = try await within(seconds: request.timeoutSeconds) { try await send(request) }
            switch answer.head.status {
            case 200: report(.downloaded(answer.content.count))
            case 304 where request.headers["If-None-Match"] != nil: report(.unchanged)
            default: report(.failed(DownloadFailure(answer.head.status, location: answer.location)))
            }
            return (download.answered(answer.head, random: &random), answer.content)
        } catch {
            try Task.checkCancellation()
            report(.failed(error as? DownloadFailure ?? DownloadFailure(error, limit: reader.limits.archiveBytes)))
            return (download.failed(random: &random), [])
        }
    }

    /// An answer whose body was read.
    private struct Answer: Sendable {
        let head: BundleDownload.Answer
        let location: String?
        let content: [UInt8]
    }

    private func send(_ request: BundleDownload.Request) async throws -> Answer {
        var message = HTTPClientRequest(url: settings.url)
        for header in settings.headers { message.headers.add(name: header.name, value: header.value) }
        if let text = try authorization() { message.headers.replaceOrAdd(name: "Authorization", value: text) }
        for header in request.headers { message.headers.replaceOrAdd(name: header.key, value: header.value) }
        let response = try await client.execute(message, timeout: .seconds(Int64(request.timeoutSeconds)))
        let head = BundleDownload.Answer(
            status: Int(response.status.code), entityTag: response.headers.first(name: "ETag"),
            contentType: response.headers.first(name: "Content-Type"))
        let location = response.headers.first(name: "Location")
        guard head.status == 200 else { return Answer(head: head, location: location, content: []) }
        let body = try await response.body.collect(upTo: reader.limits.archiveBytes)
        return Answer(head: head, location: location, content: Array(body.readableBytesView))
    }

    /// Ends what takes too long: a server may send its head in time and its body a byte at a time.
    private func within<Value: Sendable>(
        seconds: Int, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw DownloadFailure(timeout: seconds)
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
