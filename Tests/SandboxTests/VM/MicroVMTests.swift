// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

extension MachineSuites {
    /// Real machines.
    struct MicroVMTests {
        static func run(
            _ language: SandboxLanguage, _ code: String, seconds: Double = 20,
            on driver: MicroVMDriver = TestImage.driver,
            adjust: (inout SandboxRequest) -> Void = { _ in }
        ) async throws -> SandboxResult {
            var request = SandboxRequest(.source(language, Array(code.utf8)))
            request.limits.wallMilliseconds = Int(seconds * 1000)
            adjust(&request)
            return try await driver.run(request, listener: nil)
        }

        @Test("a machine boots and runs Python and the shell, and the receipt says in what")
        func boots() async throws {
            let driver = TestImage.driver(warm: 0)
            defer { driver.stop() }
            let start = ContinuousClock.now
            let result = try await Self.run(.python, "import sys\nprint('yett', sys.argv[1:])\nexit(7)", on: driver) {
                $0.arguments = ["a", "b c"]
            }
            print("measured: microvm cold start to result: \(start.duration(to: .now))")
            #expect(result.outcome == .exited(7) && result.text == "yett ['a', 'b c']\n", "\(result.errorText)")
            let isolation = result.receipt.isolation
            #expect(
                isolation.driver == "microvm" && isolation.strength == .vm && isolation.isJailed && isolation.isOneShot)
            #expect(isolation.acceleration == .emulated || isolation.acceleration == .hardware)
            let image = try SandboxImage(directory: try #require(TestImage.directory))
            #expect(isolation.image == image.digest)
            let network = result.receipt.network
            #expect(network.holds && network.interfaces == ["lo"] && network.reason == "no_device")
            #expect(network.namespace != nil && network.namespace != network.hostNamespace)
        }

        @Test("os.system('rm -rf /') harms nothing but the sandbox")
        func removesEverything() async throws {
            let image = try SandboxImage(directory: try #require(TestImage.directory))
            let code =
                "import os\nos.system('rm -rf --no-preserve-root / 2>/dev/null')\nprint(os.path.exists('/usr/bin/sh'))"
            let result = try await Self.run(.python, code)
            #expect(result.text == "True\n")
            try image.verify()
        }

        @Test("two at once are two machines, each with its own processes and files")
        func apart() async throws {
            let code = """
                import os, time
                open('/tmp/x', 'x').close()
                time.sleep(0.3)
                print(os.listdir('/tmp'), len([n for n in os.listdir('/proc') if n.isdigit()]))
                """
            async let first = Self.run(.python, code)
            async let second = Self.run(.python, code)
            for result in [try await first, try await second] {
                // Only its own process: the agent's are hidden.
                #expect(result.text == "['x'] 1\n", "\(result.text) \(result.errorText)")
            }
        }
    }
}
