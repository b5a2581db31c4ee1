// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

/// An installed image is the system that code sees, in namespaces and in gVisor.
struct ImageRootTests {
    /// A system of a shell and its libraries.
    private final class Shell {
        let directory = "/tmp/yett-image-\(UInt64.random(in: 0...UInt64.max))"

        init() throws {
            let libraries = "usr/lib/x86_64-linux-gnu"
            for folder in ["usr/bin", "usr/lib64", libraries] {
                try FileManager.default.createDirectory(
                    atPath: "\(directory)/root/\(folder)", withIntermediateDirectories: true)
            }
            for (from, to) in [
                ("/bin/sh", "usr/bin/sh"), ("/lib64/ld-linux-x86-64.so.2", "usr/lib64/ld-linux-x86-64.so.2"),
                ("/lib/x86_64-linux-gnu/libc.so.6", libraries + "/libc.so.6"),
            ] {
                let bytes = try Data(contentsOf: URL(filePath: from))
                try bytes.write(to: URL(filePath: "\(directory)/root/\(to)"))
                chmod("\(directory)/root/\(to)", 0o755)
            }
            for (name, target) in [("bin", "usr/bin"), ("lib", "usr/lib"), ("lib64", "usr/lib64")] {
                symlink(target, "\(directory)/root/\(name)")
            }
            try ImageManifest.write(in: directory, name: "shell")
        }

        deinit { try? FileManager.default.removeItem(atPath: directory) }

        func drivers() -> [any SandboxDriver] {
            var jail = Bench.alone()
            jail.image = directory
            var gvisor = GVisorDriver.Settings()
            gvisor.jail = jail
            return [NamespaceDriver(jail), GVisorDriver(gvisor)]
        }
    }

    @Test("code sees the image and nothing of the host's system, and the receipt names it")
    func shown() async throws {
        let shell = try Shell()
        let digest = try SandboxImage(directory: shell.directory).digest
        for driver in shell.drivers() {
            if driver.name == "gvisor", await Candidate.gvisor.usable() == nil { continue }
            let code = "echo /usr/* /usr/bin/*; echo x 2>/dev/null > /usr/bin/new || echo read-only"
            let result = try await Bench.run(.shell, code, on: driver)
            #expect(result.text == "/usr/bin /usr/lib /usr/lib64 /usr/bin/sh\nread-only\n", "\(driver.name)")
            #expect(result.receipt.isolation.image == digest, "\(driver.name)")
            let error = await #expect(throws: SandboxError.self) {
                try await Bench.run(.python, "print(1)", on: driver)
            }
            #expect(error?.kind == .unsatisfied, "the host's Python stood in: \(driver.name)")
        }
    }

    @Test("an image that was changed is not run, and the host's system does not stand in for it")
    func changed() async throws {
        let shell = try Shell()
        try Data("echo".utf8).write(to: URL(filePath: shell.directory + "/root/usr/bin/echo"))
        for driver in shell.drivers() {
            if driver.name == "gvisor", await Candidate.gvisor.usable() == nil { continue }
            guard case .unusable(let reason, _) = await driver.probe() else {
                Issue.record("\(driver.name) uses it")
                continue
            }
            #expect(reason.contains("its manifest says"), "\(reason)")
            await #expect(throws: SandboxError.self) { try await Bench.run(.shell, "echo", on: driver) }
        }
    }

    @Test("an image that the sandboxes' users cannot reach says so")
    func unreachable() async throws {
        let shell = try Shell()
        chmod(shell.directory, 0o700)
        guard case .unusable(let reason, _) = await shell.drivers()[0].probe() else {
            Issue.record("it runs")
            return
        }
        #expect(reason.contains("chmod o+x \(shell.directory)"), "\(reason)")
    }
}
