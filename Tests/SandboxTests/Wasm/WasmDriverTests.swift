// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Synchronization
import Testing

@testable import Sandbox

/// The driver with each engine that is here, and with or without a jail around its workers.
@Suite(.serialized) struct WasmDriverTests {
    /// A driver and what its workers live in.
    struct Set: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isInterpreted: Bool
        let isJailed: Bool

        func driver() throws -> WasmDriver {
            var settings = WasmDriver.Settings()
            settings.images = nil
            settings.warm = 1
            guard isJailed else {
                settings.worker = try Bench.built("yett-wasm")
                settings.library = isInterpreted ? nil : TestEngine.library
                settings.interpreter = TestEngine.interpreter
                return WasmDriver(settings, spawner: PlainSpawner())
            }
            let copy = try WasmJailCopy.shared.get()
            settings.worker = copy.worker
            settings.library = copy.library
            return WasmDriver(settings, spawner: WasmJailCopy.spawner)
        }
    }

    static let sets: [Set] = {
        var sets: [Set] = []
        if TestEngine.library != nil {
            sets.append(Set(testDescription: "wasmtime", isInterpreted: false, isJailed: false))
            if FileManager.default.isExecutableFile(atPath: "/usr/bin/bwrap") {
                sets.append(Set(testDescription: "wasmtime in a jail", isInterpreted: false, isJailed: true))
            }
        }
        if TestEngine.interpreter != nil {
            sets.append(Set(testDescription: "wasmkit", isInterpreted: true, isJailed: false))
        }
        return sets
    }()

    private static func request(_ module: [UInt8], milliseconds: Int = 5000) -> SandboxRequest {
        var request = SandboxRequest(.module(module))
        request.limits.wallMilliseconds = milliseconds
        request.limits.memoryBytes = 64 << 20
        return request
    }

    @Test("the probe runs a module and says what keeps it apart", arguments: sets)
    func probe(_ set: Set) async throws {
        let driver = try set.driver()
        guard case .usable(let isolation, let kinds) = await driver.probe() else {
            Issue.record("\(await driver.probe())")
            return
        }
        #expect(kinds == [.module] && isolation.strength == .wasm && isolation.isOneShot)
        #expect(isolation.acceleration == (set.isInterpreted ? .interpreter : .jit))
        #expect(isolation.isJailed == set.isJailed && isolation.isFiltered == !set.isInterpreted)
        #expect(isolation.image.hasPrefix("sha256:") && isolation.image.utf8.count == 71)
    }

    @Test("outcomes, streams and receipts", arguments: sets)
    func outcomes(_ set: Set) async throws {
        let driver = try set.driver()
        var request = Self.request(Modules.copies)
        request.input = [0, 1, 0xff, 0x0a]
        let copied = try await driver.run(request, listener: nil)
        #expect(copied.outcome == .exited(0) && copied.output == request.input && copied.errors.isEmpty)
        let receipt = copied.receipt
        #expect(receipt.network.holds && receipt.output == SandboxDigest(request.input))
        #expect(receipt.started > 0 && receipt.ended >= receipt.started && receipt.deadline > receipt.started)
        if set.isJailed { #expect(receipt.network.namespace != nil && receipt.network.interfaces == ["lo"]) }

        #expect(try await driver.run(Self.request(Modules.exits(7)), listener: nil).outcome == .exited(7))
        request = Self.request(Modules.countsArguments)
        request.arguments = ["--help", "-v", ""]
        #expect(try await driver.run(request, listener: nil).outcome == .exited(4))

        let trapped = try await driver.run(Self.request(Modules.unreachable), listener: nil)
        #expect(trapped.outcome == .signalled(6) && trapped.errorText.lowercased().contains("unreachable"))
        #expect(try await driver.run(Self.request(Modules.grows), listener: nil).outcome == .outOfMemory)
        #expect(try await driver.run(Self.request(Modules.hugeMemory), listener: nil).outcome == .outOfMemory)
    }

    @Test("what runs for ever ends at its deadline, and is gone", arguments: sets)
    func deadline(_ set: Set) async throws {
        let driver = try set.driver()
        for module in [Modules.spins, Modules.spinsAtOnce] {
            let result = try await driver.run(Self.request(module, milliseconds: 200), listener: nil)
            #expect(result.outcome == .timeout)
            #expect((150_000...900_000).contains(result.timings.run), "\(result.timings)")
            #expect(result.timings.tearDown < 500_000, "\(result.timings)")
        }
    }

    @Test("a flood is cut at the limit, and a listener hears every byte of it", arguments: sets)
    func flood(_ set: Set) async throws {
        let driver = try set.driver()
        var request = Self.request(Modules.writes([UInt8](repeating: 65, count: 1000), forever: true))
        request.limits.outputBytes = 100_001
        let heard = Counter()
        let result = try await driver.run(request) { stream, bytes in heard.add(stream == .output ? bytes.count : 0) }
        #expect(result.outcome == .outputLimit && result.isTruncated && result.output.count == 100_001)
        #expect(heard.value == 100_001)
    }

    @Test("a cancelled run ends at once", arguments: sets)
    func cancelled(_ set: Set) async throws {
        let driver = try set.driver()
        let begun = SteadyClock.microseconds()
        let started = Counter()
        let task = Task {
            try await driver.run(Self.request(Modules.writes([65], forever: true), milliseconds: 60_000)) { _, _ in
                started.add(1)
            }
        }
        // The limit of output is far; cut as soon as something came.
        while started.value == 0, SteadyClock.microseconds() < begun + 20_000_000 { await Task.yield() }
        task.cancel()
        let outcome = await task.result
        switch outcome {
        case .success(let result): #expect(result.outcome == .cut || result.outcome == .outputLimit)
        case .failure(let error): #expect((error as? SandboxError)?.kind == .cut)
        }
        #expect(SteadyClock.microseconds() - begun < 20_000_000)
    }

    @Test("what is no module, asks for more than it is given or has no start is refused in words", arguments: sets)
    func refused(_ set: Set) async throws {
        let driver = try set.driver()
        guard !set.isInterpreted else { return }
        for (module, word) in [
            (Modules.asksForMore, "env::secret"), (Array("text".utf8), "not valid"), (Modules.hasNoStart, "_start"),
            ([], "not valid"),
        ] {
            do {
                let result = try await driver.run(Self.request(module), listener: nil)
                Issue.record("\(word): \(result.outcome)")
            } catch {
                #expect(error.kind == .malformed && error.description.contains(word), "\(error)")
            }
        }
    }

    @Test("demands that cannot be met are refused, never met a little", arguments: sets)
    func demands(_ set: Set) async throws {
        let driver = try set.driver()
        func refusal(_ adjust: (inout SandboxRequest) -> Void) async -> SandboxError? {
            var request = Self.request(Modules.hello)
            adjust(&request)
            do {
                _ = try await driver.run(request, listener: nil)
                return nil
            } catch {
                return error
            }
        }
        #expect(await refusal { $0.requirement.strength = .vm }?.kind == .unsatisfied)
        #expect(await refusal { $0.requirement.acceleration = .hardware }?.kind == .unsatisfied)
        #expect(await refusal { $0.program = .source(.python, []) }?.kind == .unsatisfied)
        #expect((await refusal { $0.requirement.needsJail = true } == nil) == set.isJailed)
        let file = try #require(SandboxFile(path: "a", bytes: [1]))
        #expect((await refusal { $0.files = [file] } == nil) == set.isJailed)
        #expect(await refusal { $0.limits.wallMilliseconds = 0 }?.kind == .malformed)
    }

    @Test("in a jail there is a scratch directory, and with it the files", .enabled(if: sets.contains { $0.isJailed }))
    func scratch() async throws {
        let driver = try #require(Self.sets.first { $0.isJailed }).driver()
        var request = Self.request(Modules.looksForDirectory)
        request.files = [try #require(SandboxFile(path: "a/b", bytes: [UInt8](repeating: 7, count: 100_000)))]
        #expect(try await driver.run(request, listener: nil).outcome == .exited(0))
        request.files = [try #require(SandboxFile(path: "a", bytes: [UInt8](repeating: 7, count: 2 << 20)))]
        request.limits.scratchBytes = 1 << 20
        await #expect(throws: SandboxError.self) { try await driver.run(request, listener: nil) }
    }

    @Test("fifty runs at once and one after the other leave no process", arguments: sets)
    func leaves(_ set: Set) async throws {
        let driver = try set.driver()
        let modules = [Modules.hello, Modules.exits(3), Modules.spins, Modules.unreachable, Modules.recurses]
        try await withThrowingTaskGroup { group in
            for index in 0..<10 {
                group.addTask {
                    _ = try await driver.run(
                        Self.request(modules[index % modules.count], milliseconds: 100), listener: nil)
                }
            }
            try await group.waitForAll()
        }
        for index in 0..<40 {
            _ = try await driver.run(Self.request(modules[index % modules.count], milliseconds: 20), listener: nil)
        }
        driver.stop()
        let last = SteadyClock.microseconds() + 10_000_000
        func rest() -> [Int32] { children(named: "yett-wasm") }
        while !rest().isEmpty, SteadyClock.microseconds() < last { await Task.yield() }
        #expect(rest().isEmpty)
    }

    @Test("a missing engine, and one that others can change, are told with the remedy")
    func untrusted() async throws {
        var settings = WasmDriver.Settings()
        settings.worker = try Bench.built("yett-wasm")
        settings.library = "/nowhere/libwasmtime.so"
        guard case .unusable(let missing, let remedy) = await WasmDriver(settings, spawner: PlainSpawner()).probe()
        else { throw FixtureError(said: "usable") }
        #expect(missing.contains("/nowhere") && remedy.contains("pip download"))
        let path = FileManager.default.temporaryDirectory.path + "/lib-\(UInt64.random(in: 0...UInt64.max)).so"
        #expect(FileManager.default.createFile(atPath: path, contents: Data([1])))
        defer { try? FileManager.default.removeItem(atPath: path) }
        chmod(path, 0o666)
        settings.library = path
        guard case .unusable(let open, _) = await WasmDriver(settings, spawner: PlainSpawner()).probe()
        else { throw FixtureError(said: "usable") }
        #expect(open.contains("chmod go-w"))
    }

    private func children(named name: String) -> [Int32] {
        Bench.processes(naming: "\(name)\0").filter { process in
            let status = FileManager.default.contents(atPath: "/proc/\(process)/status") ?? Data()
            return String(decoding: status, as: UTF8.self).contains("PPid:\t\(getpid())\n")
        }
    }
}

/// Counts on any thread.
final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add(_ more: Int) { count.withLock { $0 += more } }
}

/// The engine and the worker where every user can read them: those of a jail are another one.
struct WasmJailCopy {
    let worker: String
    let library: String

    static let spawner = JailSpawner()

    /// One place for all runs of the tests: the library is large, and nothing of it changes.
    static let shared = Result<WasmJailCopy, any Error> {
        let directory = "/tmp/yett-wasm-tests-\(geteuid())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        chmod(directory, 0o755)
        guard let library = TestEngine.library else { throw FixtureError(said: "no engine") }
        let copy = WasmJailCopy(worker: directory + "/yett-wasm", library: directory + "/libwasmtime-50.0.1.so")
        for (from, to) in [(try Bench.built("yett-wasm"), copy.worker), (library, copy.library)] {
            guard from != library || !FileManager.default.fileExists(atPath: to) else { continue }
            let part = "\(to).\(getpid())"
            try FileManager.default.copyItem(atPath: from, toPath: part)
            chmod(part, 0o755)
            // Another run of the tests may be at the same place.
            guard rename(part, to) == 0 else { throw FixtureError(said: "\(to) cannot be replaced") }
        }
        return copy
    }
}
