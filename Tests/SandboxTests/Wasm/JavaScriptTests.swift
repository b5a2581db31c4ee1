// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

/// JavaScript: QuickJS built by `share/sandbox/build-javascript`, once on each machine, in the Wasm driver's jail.
@Suite(
    .serialized,
    .enabled(
        if: TestEngine.library != nil && geteuid() == 0 && JavaScriptImage.directory != nil,
        "takes root, the PyPI package wasmtime 50.0.1, wasi-libc, and QuickJS's source from Debian"))
struct JavaScriptTests {
    private static func driver(isJailed: Bool, warm: Int = 1) throws -> WasmDriver {
        var settings = WasmDriver.Settings()
        settings.images = JavaScriptImage.directory
        settings.warm = warm
        guard isJailed else {
            settings.worker = try Bench.built("yett-wasm")
            settings.library = TestEngine.library
            return WasmDriver(settings, spawner: PlainSpawner())
        }
        let copy = try WasmJailCopy.shared.get()
        settings.worker = copy.worker
        settings.library = copy.library
        return WasmDriver(settings, spawner: WasmJailCopy.spawner)
    }

    private static func request(_ text: String, milliseconds: Int = 5000) -> SandboxRequest {
        var request = SandboxRequest(.source(.javascript, Array(text.utf8)))
        request.limits.wallMilliseconds = milliseconds
        request.limits.memoryBytes = 64 << 20
        return request
    }

    private static let programs: [(script: String, outcome: SandboxOutcome, output: String, errors: String)] = [
        ("console.log(1 + 1, 'ü', [1, 2].map(x => x * 2))", .exited(0), "2 ü 2,4\n", ""),
        ("print(scriptArgs.length, scriptArgs[1])", .exited(0), "2 b c\n", ""),
        ("print(readInput().toUpperCase())", .exited(0), "GIVEN\n", ""),
        ("await null; print('later'); console.error('wrong')", .exited(0), "later\n", "wrong\n"),
        ("throw new TypeError('no')", .exited(1), "", "TypeError: no\n"),
        ("Promise.reject(new Error('nobody'))", .exited(1), "", "Error: nobody\n"),
        ("Promise.reject(1).catch(() => print('caught'))", .exited(0), "caught\n", ""),
        ("let (", .exited(1), "", "SyntaxError: "),
        ("(function f() { f() })()", .exited(1), "", "InternalError: "),
        ("JSON.parse('['.repeat(1e6))", .signalled(Int(SIGSEGV)), "", ""),
        ("let all = []; for (;;) all.push(new Uint8Array(1 << 20))", .exited(1), "", ""),
        (
            "print(typeof std, typeof os, typeof require, typeof process, typeof fetch, typeof Worker)", .exited(0), "",
            ""
        ),
        ("print(new Function('return this')().constructor.name)", .exited(0), "", ""),
    ]

    @Test("scripts, their mistakes and what they are not given", arguments: [false, true])
    func programs(_ isJailed: Bool) async throws {
        let driver = try Self.driver(isJailed: isJailed)
        defer { driver.stop() }
        for program in Self.programs {
            var request = Self.request(program.script)
            request.arguments = ["a", "b c"]
            request.input = Array("given".utf8)
            let result = try await driver.run(request, listener: nil)
            #expect(result.outcome == program.outcome, "\(program.script): \(result.outcome)")
            if !program.output.isEmpty { #expect(result.text == program.output, "\(program.script)") }
            let errors = String(decoding: result.errors, as: UTF8.self)
            #expect(errors.hasPrefix(program.errors), "\(program.script): \(errors)")
            if program.script.contains("typeof std") {
                #expect(result.text.split(whereSeparator: \.isWhitespace).allSatisfy { $0 == "undefined" })
            }
            #expect(result.receipt.program == .javascript && result.receipt.network.holds)
        }
    }

    @Test(
        "what runs for ever ends at its deadline",
        arguments: ["for (;;);", "/^(a+)+$/.test('a'.repeat(64) + 'b')", "(async () => { for (;;) await null })()"])
    func endless(_ script: String) async throws {
        let driver = try Self.driver(isJailed: true)
        defer { driver.stop() }
        let result = try await driver.run(Self.request(script, milliseconds: 300), listener: nil)
        #expect(result.outcome == .timeout)
        #expect(result.receipt.ended - result.receipt.deadline < 1_000_000)
    }

    @Test("a warm script is quick")
    func warm() async throws {
        let driver = try Self.driver(isJailed: true, warm: 2)
        defer { driver.stop() }
        _ = try await driver.run(Self.request("print(1)"), listener: nil)
        var took: [Int64] = []
        for _ in 0..<Bench.runs(otherwise: 30) {
            // Workers become warm in the meantime; what they take for that is not this run's.
            usleep(150_000)
            let begun = SteadyClock.microseconds()
            let result = try await driver.run(Self.request("print(6 * 7)"), listener: nil)
            took.append(SteadyClock.microseconds() - begun)
            #expect(result.text == "42\n")
        }
        took.sort()
        print("measured: warm JavaScript in Wasm, request to gone: p50 \(took[took.count / 2]) us, min \(took[0]) us")
        #expect(took[0] < 500_000)
    }
}

/// An image of QuickJS as `docs/sandbox.md` describes images, made once on each machine.
enum JavaScriptImage {
    /// The directory of images; nil where it cannot be made.
    static let directory: String? = {
        guard let library = TestEngine.library, let worker = try? Bench.built("yett-wasm") else { return nil }
        let caches = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache"
        let share =
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path + "/share/sandbox"
        let sources = ["build-javascript", "javascript.c"].compactMap {
            FileManager.default.contents(atPath: "\(share)/\($0)")
        }
        let key = SandboxDigest(sources.flatMap { Array($0) }).text.suffix(16)
        let modules = caches + "/yett-tests/quickjs-\(key)"
        if !FileManager.default.fileExists(atPath: modules + "/quickjs.wasm") {
            let script = """
                set -e; part=$(mktemp -d "$0.XXXXXX"); trap 'rm -rf "$part"' EXIT
                "$1/build-javascript" "$part/out" && mv -T "$part/out" "$0"
                """
            try? FileManager.default.createDirectory(
                atPath: caches + "/yett-tests", withIntermediateDirectories: true)
            guard
                let build = try? PlainSpawner.start(
                    ["/bin/sh", "-c", script, modules, share], standard: [-1, -1, 2], environment: nil),
                build.end(milliseconds: 300_000) != nil, build.status == 0
            else { return nil }
        }
        // Where only root writes: a home need not be such a place.
        return try? install(modules + "/quickjs.wasm", library, worker, in: "/run/yett-tests-\(getpid())")
    }()

    private static func install(
        _ module: String, _ library: String, _ worker: String, in directory: String
    ) throws -> String? {
        atexit {
            try? FileManager.default.removeItem(atPath: "/run/yett-tests-\(getpid())")
        }
        let image = directory + "/javascript"
        try FileManager.default.createDirectory(atPath: image, withIntermediateDirectories: true)
        for path in [directory, image] { chmod(path, 0o755) }
        let compiler = try PlainSpawner.start(
            [worker, "compile", library, module, image + "/quickjs.cwasm"], standard: [-1, -1, -1], environment: [])
        guard compiler.end(milliseconds: 60_000) != nil, compiler.status == 0,
            let native = FileManager.default.contents(atPath: image + "/quickjs.cwasm")
        else { return nil }
        let manifest = """
            {"version":1,"name":"javascript","language":"javascript","engine":"wasmtime 50","module":"quickjs.cwasm",
            "digest":"\(SandboxDigest(Array(native)).text)","source":"argument","arguments":["javascript"]}
            """
        try Data(manifest.utf8).write(to: URL(filePath: image + "/manifest.json"))
        return directory
    }
}
