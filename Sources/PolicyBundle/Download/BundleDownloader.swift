// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// Keeps a bundle up to date from a server.
public struct BundleDownloader: Sendable {
    /// Puts a bundle to use; throws to refuse it, in which case what was in use before must stay so.
    public typealias Activation = @Sendable (BundleContent) async throws -> Void

    private let settings: DownloadSettings
    private let client: HTTPClient
    private let reader: BundleReader
    /// Where the last good version is kept and under which name; nil: nowhere.
    private let store: (store: BundleStore, name: String)?
    private let report: @Sendable (String) -> Void

    /// Makes a downloader.
    ///
    /// - Parameters:
    ///   - store: where the last good version is kept and under which name; nil: nowhere.
    ///   - report: is told what goes wrong, in one line.
    public init(
        _ settings: DownloadSettings, client: HTTPClient, reader: BundleReader,
        store: (store: BundleStore, name: String)? = nil, report: @escaping @Sendable (String) -> Void
    ) {
        self.settings = settings
        self.client = client
        self.reader = reader
        self.store = store
        self.report = report
    }

    /// Activates the kept version, if there is one, then what the server has, until the task is cancelled.
    public func run(activating activate: @escaping Activation) async throws {
        var download = BundleDownload(settings, entityTag: await restore(activate))
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
                do {
                    let answer = try await send(request)
                    content = answer.content
                    if answer.head.status != 200, answer.head.status != 304 {
                        report("bundle \(settings.url): the server answers \(answer.head.status)")
                    }
                    action = download.answered(answer.head, random: &random)
                } catch {
                    try Task.checkCancellation()
                    report("bundle \(settings.url): \(error)")
                    action = download.failed(random: &random)
                }
            case .activate(let entityTag):
                do {
                    try await self.activate(content, entityTag, activate)
                    action = download.activated(random: &random)
                } catch {
                    try Task.checkCancellation()
                    report("bundle \(settings.url) is refused: \(error)")
                    action = download.refused(random: &random)
                }
                content = []
            }
        }
    }

    /// The tag of the kept version once it is in use.
    private func restore(_ activate: Activation) async -> String? {
        guard let store else { return nil }
        do {
            guard let kept = try store.store.kept(store.name) else { return nil }
            try await activate(reader.read(archive: kept.archive, entityTag: kept.entityTag))
            return kept.entityTag
        } catch {
            report("the kept bundle '\(store.name)' is refused: \(error)")
            return nil
        }
    }

    private func activate(_ archive: [UInt8], _ entityTag: String?, _ activate: Activation) async throws {
        let bundle = try reader.read(archive: archive, entityTag: entityTag)
        try await activate(bundle)
        // A change is worth nothing without what it changes, so only whole bundles are kept.
        guard let store, !bundle.isDelta else { return }
        do {
            try store.store.keep(BundleStore.Entry(archive: archive, entityTag: entityTag), as: store.name)
        } catch {
            report("the bundle '\(store.name)' is in use and could not be kept: \(error)")
        }
    }

    private func send(
        _ request: BundleDownload.Request
    ) async throws -> (head: BundleDownload.Answer, content: [UInt8]) {
        var message = HTTPClientRequest(url: settings.url)
        for header in settings.headers { message.headers.add(name: header.name, value: header.value) }
        for header in request.headers { message.headers.replaceOrAdd(name: header.key, value: header.value) }
        let response = try await client.execute(message, timeout: .seconds(Int64(request.timeoutSeconds)))
        let head = BundleDownload.Answer(
            status: Int(response.status.code), entityTag: response.headers.first(name: "ETag"),
            contentType: response.headers.first(name: "Content-Type"))
        guard head.status == 200 else { return (head, []) }
        let body = try await response.body.collect(upTo: reader.limits.archiveBytes)
        return (head, Array(body.readableBytesView))
    }
}
