// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Sandbox

/// Prints a line at once, whatever standard output is.
func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}

/// A small gate: runs what it is told, for tests that kill it, strip it of rights or run it as another user, and for
/// measurements.
///
/// `sandbox-fixture [DRIVER] probe`, `… run LANGUAGE SECONDS CODE [ARGUMENT…]`, `… spin SECONDS`,
/// `… hunt CANARY FILE COUNT`, `… leaks COUNT`, `… files COUNT`, `… weigh`,
/// or `sandbox-fixture measure`. The driver is `namespace` unless another
/// one is named. `sandbox-fixture image RECIPE DIRECTORY [KERNEL]` builds an image.
@main struct Main {
    static func main() async {
        var words = Array(CommandLine.arguments.dropFirst())
        var driver: any SandboxDriver = NamespaceDriver()
        if let named = words.first.flatMap({ Drivers.named($0) }) {
            driver = named
            words.removeFirst()
        }
        switch words.first {
        case "probe" where words.count == 1: await probe(driver)
        case "run" where words.count >= 4:
            guard let language = SandboxLanguage(rawValue: words[1]), let seconds = Int(words[2]) else { exit(2) }
            var request = SandboxRequest(.source(language, Array(words[3].utf8)))
            request.arguments = Array(words[4...])
            await run(request, seconds, driver)
        case "spin" where words.count == 2:
            guard let seconds = Int(words[1]) else { exit(2) }
            await run(SandboxRequest(Drivers.spinning(driver)), seconds, driver)
        case "hunt" where words.count == 4:
            guard let count = Int(words[3]) else { exit(2) }
            await CanaryHunt.run(canary: words[1], file: words[2], count: count, driver: driver)
        case "image": await build(Array(words.dropFirst()))
        case "leaks" where words.count == 2:
            guard let count = Int(words[1]) else { exit(2) }
            exit(await LeakHunt.run(driver.name, count) ? 0 : 1)
        case "files" where words.count == 2:
            guard let count = Int(words[1]) else { exit(2) }
            await files(count, driver)
        case "weigh" where words.count == 1: await weigh(driver)
        case "measure" where words.count == 1: exit(await Measurement.run() ? 0 : 1)
        default: exit(2)
        }
    }

    private static func build(_ words: [String]) async {
        guard (2...3).contains(words.count) else { exit(2) }
        var builder = ImageBuilder()
        builder.recipe = words[0]
        builder.directory = words[1]
        builder.kernel = words.count > 2 ? words[2] : nil
        do {
            say("image \(try await builder.build("python") { say($0) }.digest)")
        } catch {
            say("error \(error)")
            exit(1)
        }
    }

    private static func probe(_ driver: any SandboxDriver) async {
        switch await driver.probe() {
        case .usable(let isolation, let kinds):
            say("usable " + kinds.map(\.rawValue).sorted().joined(separator: ","))
            say("groups=\(isolation.groups.rawValue) own_user=\(isolation.hasOwnUser)")
        case .unusable(let reason, let remedy): say("unusable: \(reason) [\(remedy)]")
        }
    }

    /// Gives files that are programs, each of which would say so if it ran instead of the sandbox.
    private static func files(_ count: Int, _ driver: any SandboxDriver) async {
        var request = SandboxRequest(.source(.shell, Array("cd /tmp; set -- *; echo $#; cat f0".utf8)))
        request.files = (0..<count).compactMap {
            SandboxFile(path: "f\($0)", bytes: Array("#!/bin/sh\necho escaped $(id -u) $(ls /etc/hostname)\n".utf8))
        }
        await run(request, 20, driver)
    }

    /// What this process itself grows by while its sandboxes take all they can get.
    private static func weigh(_ driver: any SandboxDriver) async {
        let codes = [
            "pieces = []\nwhile True: pieces.append(b'x' * (1 << 20))",
            "import os\nwhile True: os.write(1, b'x' * 65536)", "import os\nwhile True: os.write(2, b'x' * 65536)",
        ]
        var words: [String] = []
        var before = 0
        for round in 0..<3 {
            for code in codes {
                var request = SandboxRequest(.source(.python, Array(code.utf8)))
                request.limits.memoryBytes = 64 << 20
                do {
                    words.append(try await driver.run(request, listener: nil).outcome.name)
                } catch {
                    words.append("\(error)")
                }
            }
            if round == 0 { before = resident() }
        }
        say("\(words.joined(separator: " "))")
        say("grew \(resident() - before) KiB")
    }

    private static func resident() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return Int(line.filter(\.isNumber)) ?? 0
    }

    private static func run(_ wanted: SandboxRequest, _ seconds: Int, _ driver: any SandboxDriver) async {
        var request = wanted
        request.limits.wallMilliseconds = seconds * 1000
        do {
            try (driver as? NamespaceDriver)?.start()
            let result = try await driver.run(request) { _, bytes in
                FileHandle.standardOutput.write(Data(bytes))
            }
            say("outcome \(result.outcome)")
            let timings = result.timings
            say("set up \(timings.setUp) us, ran \(timings.run) us, gone after \(timings.tearDown) us")
        } catch {
            say("error \(error)")
        }
    }
}
