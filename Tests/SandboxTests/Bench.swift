// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Sandbox
import Synchronization

/// The driver that the tests share, and short ways to ask it.
enum Bench {
    static let driver = NamespaceDriver()

    private static let next = Atomic(100)

    /// Settings with which no other driver of these tests shares a launcher, for those that end it or look into it.
    static func alone() -> NamespaceDriver.Settings {
        var settings = NamespaceDriver.Settings()
        settings.jobs = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return settings
    }

    /// How often a test that repeats itself does so: `YETT_SANDBOX_RUNS` times where that is set.
    static func runs(otherwise count: Int) -> Int {
        ProcessInfo.processInfo.environment["YETT_SANDBOX_RUNS"].flatMap { Int($0) } ?? count
    }

    static func run(
        _ language: SandboxLanguage, _ code: String, seconds: Double = 20, input: [UInt8] = [],
        on driver: any SandboxDriver = driver, adjust: (inout SandboxRequest) -> Void = { _ in }
    ) async throws -> SandboxResult {
        var request = SandboxRequest(.source(language, Array(code.utf8)))
        request.limits.wallMilliseconds = Int(seconds * 1000)
        request.input = input
        adjust(&request)
        return try await driver.run(request, listener: nil)
    }

    /// The processes on this machine whose command line holds the word.
    static func processes(naming word: String) -> [Int32] {
        let wanted = Array(word.utf8)
        return ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { name in
            guard let process = Int32(name), process != getpid(),
                let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline"),
                Array(line).firstRange(of: wanted) != nil
            else { return nil }
            return process
        }
    }

    /// A program that was built with the tests.
    static func built(_ name: String) throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: own).deletingLastPathComponent().path + "/" + name
    }
}

extension SandboxResult {
    var text: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: errors, as: UTF8.self) }
}
