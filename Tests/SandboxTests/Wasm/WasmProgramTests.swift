// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

/// A real program in C with a real library, which looks for ways out.
@Suite(
    .serialized, .enabled(if: CModule.bytes != nil, "takes clang and apt-get install wasi-libc libclang-rt-dev-wasm32"))
struct WasmProgramTests {
    @Test(
        "a program in C finds nothing of the host, and in a jail a directory of its own",
        arguments: WasmDriverTests.sets)
    func program(_ set: WasmDriverTests.Set) async throws {
        let driver = try set.driver()
        var request = SandboxRequest(.module(try #require(CModule.bytes)))
        request.arguments = ["one"]
        request.limits.wallMilliseconds = 20_000
        if set.isJailed { request.files = [try #require(SandboxFile(path: "given", bytes: Array("gift".utf8)))] }
        for _ in 0..<2 {
            let result = try await driver.run(request, listener: nil)
            #expect(result.outcome == .exited(set.isJailed ? 0 : 3), "\(result.outcome) \(result.errorText)")
            #expect(result.text.hasPrefix("arguments 2\n"), "\(result.text)")
            #expect(result.text.hasSuffix(set.isJailed ? "gift\nkept\n" : "no directory\n"), "\(result.text)")
            #expect(!result.text.contains("found"), "\(result.text)")
        }
        driver.stop()
    }
}

/// The program, translated with the toolchain's own compiler.
enum CModule {
    private static let source = """
        #include <dirent.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        int main(int count, char **words) {
            static const char *const paths[] = {
                "/etc/passwd", "etc/passwd", "../etc/passwd", "/../etc/passwd", "/given/../../etc/passwd",
                "/proc/self/environ", "/proc/1/cmdline", "/dev/null", "/engine", "/usr", "..", "/..",
            };
            char text[16] = "";
            printf("arguments %d\\n", count);
            for (int index = 0; index < sizeof paths / sizeof *paths; index++)
                if (fopen(paths[index], "r") || opendir(paths[index])) printf("found %s\\n", paths[index]);
            if (getenv("PATH") || getenv("CANARY")) printf("found variables\\n");
            FILE *given = fopen("/given", "r");
            if (!given) { printf("no directory\\n"); return 3; }
            printf("%s\\n", fgets(text, sizeof text, given));
            FILE *own = fopen("/own", "wx");
            if (!own || fputs("kept", own) < 0 || fclose(own)) { printf("found an older run\\n"); return 4; }
            own = fopen("/own", "r");
            printf("%s\\n", own ? fgets(text, sizeof text, own) : "lost");
            return 0;
        }
        """

    static let bytes: [UInt8]? = {
        let directory = FileManager.default.temporaryDirectory.path + "/wasi-\(UInt64.random(in: 0...UInt64.max))"
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        guard FileManager.default.createFile(atPath: directory + "/main.c", contents: Data(source.utf8)) else {
            return nil
        }
        let script = """
            set -e; cd "$0"
            builtins=$(ls /usr/lib/llvm-*/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a | tail -n 1)
            clang --target=wasm32-wasi --sysroot=/usr -isystem /usr/include/wasm32-wasi -O1 -w -c main.c -o main.o
            wasm-ld /usr/lib/wasm32-wasi/crt1-command.o main.o -L/usr/lib/wasm32-wasi -lc "$builtins" -o main.wasm
            """
        let made = try? PlainSpawner.start(
            ["/bin/sh", "-c", script, directory], standard: [-1, -1, -1], environment: nil)
        guard let made, made.end(milliseconds: 30_000) != nil else { return nil }
        return FileManager.default.contents(atPath: directory + "/main.wasm").map { Array($0) }
    }()
}
