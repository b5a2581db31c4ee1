// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Sandbox

/// Prints a line at once, whatever standard output is.
private func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}

/// A small gate: runs what it is told, for tests that kill it, strip it of rights or run it as another user.
///
/// `sandbox-fixture probe`, `sandbox-fixture run LANGUAGE SECONDS CODE [ARGUMENT…]`, or `sandbox-fixture hunt CANARY FILE
/// COUNT`.
@main struct Main {
    static func main() async {
        let words = CommandLine.arguments.dropFirst()
        let driver = NamespaceDriver()
        switch words.first {
        case "probe":
            switch await driver.probe() {
            case .usable(let isolation, let kinds):
                say("usable " + kinds.map(\.rawValue).sorted().joined(separator: ","))
                say("groups=\(isolation.groups.rawValue) own_user=\(isolation.hasOwnUser)")
            case .unusable(let reason, let remedy): say("unusable: \(reason) [\(remedy)]")
            }
        case "run":
            let words = Array(words)
            guard words.count >= 4, let language = SandboxLanguage(rawValue: words[1]), let seconds = Int(words[2])
            else {
                exit(2)
            }
            var request = SandboxRequest(.source(language, Array(words[3].utf8)))
            request.arguments = Array(words[4...])
            request.limits.wallMilliseconds = seconds * 1000
            do {
                try driver.start()
                let result = try await driver.run(request) { _, bytes in
                    FileHandle.standardOutput.write(Data(bytes))
                }
                say("outcome \(result.outcome)")
                let timings = result.timings
                say("set up \(timings.setUp) us, ran \(timings.run) us, gone after \(timings.tearDown) us")
            } catch {
                say("error \(error)")
            }
        case "hunt":
            let words = Array(words)
            guard words.count == 4, let count = Int(words[3]) else { exit(2) }
            await CanaryHunt.run(canary: words[1], file: words[2], count: count, driver: driver)
        default: exit(2)
        }
    }
}
