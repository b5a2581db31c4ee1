// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AsyncHTTPClient
internal import NIOCore
internal import PolicyBundle
internal import ServiceLifecycle
internal import YettConfiguration

/// Keeps the bundles that come from servers up to date.
struct BundleDownloadService: Service {
    let gate: Gate

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await withThrowingDiscardingTaskGroup { group in
                for settings in gate.bundles.remote {
                    guard let download = settings.download else { continue }
                    group.addTask { try await follow(settings, download) }
                }
            }
        }
    }

    private func follow(_ settings: BundleSettings, _ download: DownloadSettings) async throws {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: settings.tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10)))
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let token = settings.configuration.token
        let downloader = BundleDownloader(
            download, client: client, reader: settings.reader,
            authorization: { try token.map { "Bearer " + String(decoding: try SecretReader.read($0), as: UTF8.self) } },
            report: { gate.bundles.note($0, of: settings.name) })
        let tag = gate.bundles.downloaded[settings.name]?.entityTag
        let end: any Error
        do {
            try await downloader.run(from: tag) { try await gate.activate($0, of: settings) }
            return try await client.shutdown()
        } catch {
            end = error
        }
        try await client.shutdown()
        throw end
    }
}
