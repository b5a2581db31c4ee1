// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

/// Images of languages: native code runs only when a manifest that only root can have written names its digest.
@Suite(
    .serialized,
    .enabled(if: TestEngine.library != nil && geteuid() == 0, "takes root and the PyPI package wasmtime 50.0.1"))
struct WasmImageTests {
    /// An installed image whose "interpreter" copies its standard input, which is the text.
    final class Installed {
        let directory: String
        let digest: String

        init(source: String = "input", change: (inout String) -> Void = { _ in }) throws {
            directory = "/tmp/yett-images-\(UInt64.random(in: 0...UInt64.max))"
            let image = directory + "/echo"
            try FileManager.default.createDirectory(atPath: image, withIntermediateDirectories: true)
            for path in [directory, image] { chmod(path, 0o755) }
            let module = directory + "/echo.wasm"
            try Data(source == "input" ? Modules.copies : Modules.countsArguments).write(to: URL(filePath: module))
            let compiler = try PlainSpawner.start(
                [
                    try Bench.built("yett-wasm"), "compile", try #require(TestEngine.library), module,
                    image + "/echo.cwasm",
                ], standard: [-1, -1, -1], environment: [])
            try #require(compiler.end(milliseconds: 20_000) != nil && compiler.status == 0)
            let native = try #require(FileManager.default.contents(atPath: image + "/echo.cwasm"))
            digest = SandboxDigest(Array(native)).text
            var manifest = """
                {"version":1,"name":"echo","language":"javascript","engine":"wasmtime 50","module":"echo.cwasm",
                "digest":"\(digest)","source":"\(source)","arguments":["echo"]}
                """
            change(&manifest)
            try Data(manifest.utf8).write(to: URL(filePath: image + "/manifest.json"))
        }

        deinit { try? FileManager.default.removeItem(atPath: directory) }

        func driver() throws -> WasmDriver {
            var settings = WasmDriver.Settings()
            settings.images = directory
            settings.worker = try Bench.built("yett-wasm")
            settings.library = TestEngine.library
            return WasmDriver(settings, spawner: PlainSpawner())
        }
    }

    private static func request(_ text: String) -> SandboxRequest {
        SandboxRequest(.source(.javascript, Array(text.utf8)))
    }

    @Test("an image runs its language, and the receipt names it")
    func runs() async throws {
        let installed = try Installed()
        let driver = try installed.driver()
        for text in ["one", "two"] {
            let result = try await driver.run(Self.request(text), listener: nil)
            #expect(result.outcome == .exited(0) && result.text == text)
            #expect(result.receipt.isolation.image == installed.digest && result.receipt.program == .javascript)
        }
        let arguments = try Installed(source: "argument")
        let other = try arguments.driver()
        #expect(try await other.run(Self.request("x"), listener: nil).outcome == .exited(2))
        await #expect(throws: SandboxError.self) { try await other.run(Self.request("a\u{0}b"), listener: nil) }
        driver.stop()
        other.stop()
    }

    @Test("one changed byte, another owner, an open mode or a false manifest: not run, and told why")
    func untrusted() async throws {
        func fault(_ installed: Installed) async throws -> String {
            let driver = try installed.driver()
            do {
                _ = try await driver.run(Self.request("x"), listener: nil)
                Issue.record("it ran")
            } catch {
                #expect(error.kind == .unsatisfied)
            }
            return driver.imageFaults.first ?? ""
        }
        let changed = try Installed()
        let path = changed.directory + "/echo/echo.cwasm"
        let file = open(path, O_WRONLY)
        #expect(pwrite(file, [0x90 as UInt8], 1, 5000) == 1)
        close(file)
        #expect(try await fault(changed).contains("its manifest says"))
        let foreign = try Installed()
        chown(foreign.directory + "/echo/echo.cwasm", 12_345, 12_345)
        #expect(try await fault(foreign).contains("chown root"))
        let open = try Installed()
        chmod(open.directory + "/echo/manifest.json", 0o666)
        #expect(try await fault(open).contains("chmod go-w"))
        let directory = try Installed()
        chmod(directory.directory + "/echo", 0o777)
        #expect(try await fault(directory).contains("chmod go-w"))
        for (old, new) in [
            ("\"version\":1", "\"version\":2"), ("wasmtime 50", "wasmtime 49"), ("echo.cwasm", "../echo/echo.cwasm"),
            ("javascript", "perl"), ("[\"echo\"]", "\"echo\""), ("}", ""), ("\"input\"", "\"stdin\""),
        ] {
            let wrong = try Installed { $0 = $0.replacingOccurrences(of: old, with: new) }
            #expect(try await fault(wrong).contains("is not the manifest"), "\(old)")
        }
    }
}
