// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Sandbox
import Testing

/// The image that tests boot, which `make sandbox-image` puts into a cache; nil where it is not.
enum TestImage {
    static let recipe =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/share/sandbox"

    /// The image's directory.
    static let directory: String? = {
        let caches = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? "/var/cache"
        let path = "\(caches)/yett-images/\(key)/python"
        guard FileManager.default.fileExists(atPath: path + "/vmlinux") else {
            return missing("there is no image of this recipe in \(caches)/yett-images; make sandbox-image builds it")
        }
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/qemu-system-x86_64") else {
            return missing("qemu-system-x86 is not installed")
        }
        return path
    }()

    /// One driver for all tests, as in a gate.
    static let driver = driver(warm: 1)

    static func driver(warm: Int) -> MicroVMDriver {
        var settings = MicroVMDriver.Settings()
        settings.image = directory ?? "/nowhere"
        settings.warm = warm
        return MicroVMDriver(settings, jail: Bench.alone())
    }

    private static func missing(_ why: String) -> String? {
        print("measured: microvm not run: \(why)")
        return nil
    }

    /// The same as in dev/sandbox-image.
    private static var key: String {
        var all: [UInt8] = []
        for name in ["agent.py", "build-kernel", "build-root", "init.c", "kernel.config"] {
            all += FileManager.default.contents(atPath: recipe + "/" + name) ?? Data()
        }
        return String(SandboxDigest(all).text.dropFirst(7).prefix(16))
    }
}

/// Tests of real machines, one after the other: each takes a processor for itself.
@Suite(.serialized, .enabled(if: TestImage.directory != nil, "takes QEMU and the image of make sandbox-image"))
enum MachineSuites {}

extension Abuse {
    /// What a case prints on a kernel that has no protocols of the internet at all; nil where that is nothing else.
    var onMachine: String? { name == "18 interfaces, routes, sockets" ? "lo:\n1\n" : nil }
}
