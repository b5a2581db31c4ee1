// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AsyncHTTPClient
import Synchronization
import Testing

@testable import PolicyBundle

@Suite struct BundleDownloaderTests {
    private struct Refusal: Error {}

    private final class Log: Sendable {
        let lines = Mutex<[String]>([])
    }

    private static func archive(_ revision: String) throws -> [UInt8] {
        try BundleWriter.archive([
            BundleFile(".manifest", #"{"revision":"\#(revision)"}"#), BundleFile("data.json", #"{"v":"\#(revision)"}"#),
        ])
    }

    /// Runs a downloader until so many bundles are in use.
    private func download(
        _ answers: [ScriptedServer.Answer], count: Int, reader: BundleReader = BundleReader(),
        log: Log = Log(), refusing: String? = nil, from entityTag: String? = nil,
        authorization: @escaping @Sendable () throws -> String? = { nil }
    ) async throws -> (revisions: [String], requests: [String]) {
        let server = ScriptedServer(answers)
        let revisions = try await server.serve { port in
            var settings = DownloadSettings(url: "http://127.0.0.1:\(port)/bundles/main")
            settings.minimumDelay = 1_000_000
            settings.maximumDelay = 2_000_000
            settings.headers = [("Authorization", "Bearer t")]
            let (stream, continuation) = AsyncStream.makeStream(of: String.self)
            let downloader = BundleDownloader(
                settings, client: .shared, reader: reader, authorization: authorization
            ) { event in
                switch event {
                case .failed(let failure): log.lines.withLock { $0.append(failure.description) }
                case .refused(let error): log.lines.withLock { $0.append("\(error)") }
                default: break
                }
            }
            let task = Task {
                try await downloader.run(from: entityTag) { content in
                    if content.manifest.revision == refusing { throw Refusal() }
                    continuation.yield(content.manifest.revision)
                }
            }
            var revisions: [String] = []
            for await revision in stream {
                revisions.append(revision)
                if revisions.count == count { break }
            }
            task.cancel()
            _ = await task.result
            return revisions
        }
        return (revisions, server.requests)
    }

    private func good(_ revision: String) throws -> ScriptedServer.Answer {
        ScriptedServer.Answer(headers: ["ETag: \"\(revision)\""], body: try Self.archive(revision))
    }

    @Test(.timeLimit(.minutes(1))) func `follows the server from version to version`() async throws {
        let (revisions, requests) = try await download(
            [good("r1"), ScriptedServer.Answer(status: 304), ScriptedServer.Answer(status: 500), good("r2")], count: 2)
        #expect(revisions == ["r1", "r2"])
        #expect(requests.count >= 4)
        #expect(requests[0].contains("Authorization: Bearer t\r\n"))
        #expect(requests[0].contains("Prefer: modes=snapshot,delta\r\n"))
        #expect(!requests[0].contains("If-None-Match"))
        #expect(requests[1].contains("If-None-Match: \"r1\"\r\n"))
        #expect(requests[3].contains("If-None-Match: \"r1\"\r\n"))
    }

    @Test(.timeLimit(.minutes(1))) func `what is damaged, too large or refused changes nothing`() async throws {
        var cut = try good("r2")
        cut.isCut = true
        var large = BundleReader()
        large.limits.archiveBytes = 1000
        let log = Log()
        let answers = [
            try good("r1"), cut, ScriptedServer.Answer(body: [1, 2, 3]),
            ScriptedServer.Answer(body: [UInt8](repeating: 0, count: 2000)), try good("bad"), try good("r3"),
        ]
        let (revisions, requests) = try await download(answers, count: 2, reader: large, log: log, refusing: "bad")
        #expect(revisions == ["r1", "r3"])
        // After a refusal everything is asked for anew.
        #expect(!requests[5].contains("If-None-Match"))
        #expect(log.lines.withLock { $0.count } == 4)
    }

    @Test(.timeLimit(.minutes(1))) func `begins with the tag of what is in use, and asks for the token each time`()
        async throws
    {
        let count = Mutex(0)
        let (revisions, requests) = try await download([good("r2"), good("r3")], count: 2, from: "\"r1\"") {
            count.withLock { count in
                count += 1
                return "Bearer \(count)"
            }
        }
        #expect(revisions == ["r2", "r3"])
        #expect(requests[0].contains("If-None-Match: \"r1\"\r\n"))
        #expect(requests[0].contains("Authorization: Bearer 1\r\n"))
        #expect(requests[1].contains("Authorization: Bearer 2\r\n"))
    }
}
