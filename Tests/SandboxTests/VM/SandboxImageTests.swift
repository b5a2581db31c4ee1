// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

/// Images are what their manifests say, or are not used.
struct SandboxImageTests {
    /// A small one.
    final class Small {
        let directory = "/tmp/yett-image-\(UInt64.random(in: 0...UInt64.max))"

        init() throws {
            let files = FileManager.default
            try files.createDirectory(atPath: directory + "/root/usr/bin", withIntermediateDirectories: true)
            for (path, text) in [
                ("/root/usr/bin/python3", "python"), ("/root/usr/bin/sh", "shell"), ("/vmlinux", "kernel"),
                ("/initrd.cpio", "first"), ("/root.erofs", "system"), ("/packages.txt", "a=1\n"),
            ] { try Data(text.utf8).write(to: URL(filePath: directory + path)) }
            for path in ["", "/root", "/root/usr", "/root/usr/bin", "/root/usr/bin/python3", "/root/usr/bin/sh"] {
                chmod(directory + path, 0o755)
            }
            for name in ["vmlinux", "initrd.cpio", "root.erofs", "packages.txt"] {
                chmod("\(directory)/\(name)", 0o644)
            }
            try files.createSymbolicLink(atPath: directory + "/root/bin", withDestinationPath: "usr/bin")
            try ImageManifest.write(in: directory, name: "python")
        }

        deinit { try? FileManager.default.removeItem(atPath: directory) }

        func change(_ path: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: directory + path))
        }

        /// What is wrong with it.
        var fault: String? {
            do throws(SandboxError) {
                try SandboxImage(directory: directory).verify()
                return nil
            } catch {
                return error.description
            }
        }
    }

    @Test("one that was not changed is what its manifest says")
    func whole() throws {
        let small = try Small()
        let image = try SandboxImage(directory: small.directory)
        #expect(small.fault == nil && image.boots && image.name == "python")
        #expect(image.interpreters == [.python: "/usr/bin/python3", .shell: "/usr/bin/sh"])
        // The same content elsewhere has the same digest.
        let other = try Small()
        #expect(try SandboxImage(directory: other.directory).digest == image.digest)
    }

    @Test(
        "a changed byte is found, wherever",
        arguments: ["/vmlinux", "/initrd.cpio", "/root.erofs", "/packages.txt", "/root/usr/bin/python3"])
    func changed(path: String) throws {
        let small = try Small()
        try small.change(path, "other")
        #expect(try #require(small.fault).contains("its manifest says"))
    }

    @Test("so are other permissions, new files, other links and missing ones")
    func otherTree() throws {
        let changes: [(Small) throws -> Void] = [
            { chmod($0.directory + "/root/usr/bin/sh", 0o4755) }, { try $0.change("/root/usr/new", "") },
            {
                unlink($0.directory + "/root/bin")
                symlink("/etc", $0.directory + "/root/bin")
            },
            { unlink($0.directory + "/root/usr/bin/sh") }, { unlink($0.directory + "/vmlinux") },
            { chmod($0.directory + "/vmlinux", 0o666) }, { chmod($0.directory, 0o777) },
            { mkfifo($0.directory + "/root/usr/pipe", 0o644) },
        ]
        for (index, change) in changes.enumerated() {
            let small = try Small()
            try change(small)
            #expect(small.fault != nil, "\(index)")
        }
    }

    @Test(
        "a false manifest names no image",
        arguments: [
            ("\"version\":1", "\"version\":2"), ("\"python\"}", "\"python\""), ("\"bytes\":6", "\"size\":6"),
            ("x86_64", "riscv"), ("aarch64", "riscv"), ("\"root.erofs\"", "\"../root.erofs\""),
            ("\"root\":", "\"tree\":"),
        ])
    func falseManifest(old: String, new: String) throws {
        let small = try Small()
        let path = small.directory + "/manifest.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard text.contains(old) else { return }
        try small.change("/manifest.json", text.replacingOccurrences(of: old, with: new))
        #expect(small.fault != nil)
    }

    @Test("no image, and no emulator's image: the driver says what to do")
    func missing() async {
        var settings = MicroVMDriver.Settings()
        settings.image = "/nowhere/python"
        let driver = MicroVMDriver(settings)
        defer { driver.stop() }
        guard case .unusable(let reason, let remedy) = await driver.probe() else {
            Issue.record("it runs")
            return
        }
        #expect(reason.contains("no image") || reason.contains("not installed"))
        #expect(remedy.contains("image build") || remedy.contains("apt-get"))
    }
}
