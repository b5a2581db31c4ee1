// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

extension FirecrackerSuites {
    /// Runs that end otherwise than by themselves, guests that fell, and gates that are killed.
    struct FirecrackerRunTests {
        @Test("the deadline holds, whatever the code does, and little later nothing is left")
        func deadline() async throws {
            let fake = try FakeFirecracker()
            let code =
                "import os, signal\nsignal.signal(15, signal.SIG_IGN)\nos.fork()\nprint('before')\nwhile True: pass"
            let result = try await fake.run(code, seconds: 0.6)
            #expect(result.outcome == .timeout, "\(result.outcome)")
            #expect(result.text.split(separator: "\n").joined() == "beforebefore", "\(result.text)")
            #expect((600_000..<900_000).contains(result.timings.run) && result.timings.tearDown < 1_000_000)
            print(
                "measured: firecracker's fake past the deadline: \(result.timings.run - 600_000) µs, gone after \(result.timings.tearDown) µs"
            )
            #expect(fake.leftovers == [], "at the end of the run, not later")
        }

        @Test("a run that is cut ends at once")
        func cut() async throws {
            let fake = try FakeFirecracker()
            let driver = fake.driver
            let (lines, heard) = AsyncStream<Void>.makeStream()
            let task = Task {
                var request = SandboxRequest(.source(.python, Array("import time\nprint('x')\ntime.sleep(60)".utf8)))
                request.limits.wallMilliseconds = 30_000
                return try await driver.run(request) { _, _ in heard.yield() }
            }
            for await _ in lines { break }
            let start = ContinuousClock.now
            task.cancel()
            let result = try await task.value
            #expect(result.outcome == .cut && result.text.hasPrefix("x") && start.duration(to: .now) < .seconds(1))
            #expect(fake.leftovers == [])
        }

        @Test("a run that is cut while its machine boots never starts")
        func cutBefore() async throws {
            let fake = try FakeFirecracker(#"{"boot_seconds": 1}"#)
            let driver = fake.driver
            let task = Task {
                try await driver.run(SandboxRequest(.source(.shell, Array("echo x".utf8))), listener: nil)
            }
            let last = ContinuousClock.now + .seconds(5)
            while fake.calls().count < 10, ContinuousClock.now < last { try await Task.sleep(for: .milliseconds(5)) }
            task.cancel()
            let error = await #expect(throws: SandboxError.self) { try await task.value }
            #expect(error?.kind == .cut && fake.notes("job").isEmpty)
            #expect(await fake.settled() == [])
        }

        @Test("whatever a machine leaves in its jail is removed, and nothing else")
        func litter() async throws {
            let fake = try FakeFirecracker(#"{"guest": "fallen"}"#)
            let code = """
                port.send(b'S')
                os.symlink('\(fake.directory)', '/away')
                for name in ('/closed', '/closed/inside', '/.0', '/.1'):
                    os.mkdir(name)
                os.mkfifo('/closed/pipe')
                os.symlink('\(fake.directory)', '/closed/inside/away')
                os.chmod('/closed', 0)
                for _ in range(400):
                    os.mkdir('deep')
                    os.symlink('\(fake.directory)', 'away' + str(_))
                    os.chdir('deep')
                port.end((0, 0, 0, 0, 0, 0))
                """
            let result = try await fake.run(code, seconds: 10)
            #expect(result.outcome == .exited(0) && fake.leftovers == [], "\(result.outcome)")
            #expect(access(fake.directory + "/plan.json", F_OK) == 0)
        }

        @Test("files of the image that the machine's user cannot read are copied for it, once")
        func closedImage() async throws {
            let fake = try FakeFirecracker(image: { directory in
                for name in ["vmlinux", "root.erofs"] { chmod("\(directory)/\(name)", 0o600) }
            })
            #expect(try await fake.run().text == "42\n" && fake.log.allSatisfy { ($0["status"] as? Int ?? 200) < 300 })
        }

        @Test("more output than the limit ends the machine")
        func flood() async throws {
            let fake = try FakeFirecracker()
            let result = try await fake.run("while True: print('x' * 1000)") { $0.limits.outputBytes = 100_000 }
            #expect(result.outcome == .outputLimit && result.output.count == 100_000 && result.isTruncated)
            #expect(fake.leftovers == [])
        }

        @Test("whatever a fallen guest says, the run ends with a word for it, and the next one runs")
        func fallen() async throws {
            let fake = try FakeFirecracker(#"{"guest": "fallen"}"#)
            let end = "struct.pack('<BBHIQQ', 0, 0, 0, 0, 0, 0)"
            let cases: [(code: String, outcome: SandboxOutcome)] = [
                ("os.write(port.descriptor, b'O\\x01\\0\\0' + struct.pack('<I', 0xffffffff))", .protocolError),
                ("os.write(port.descriptor, b'X\\0\\0\\0' + struct.pack('<i', -1))", .protocolError),
                ("port.send(b'S')", .protocolError), ("port.send(b'R', 0, b'yett-guest 1')", .protocolError),
                ("port.send(b'X', 0, \(end) + b'x')", .protocolError),
                ("os.write(port.descriptor, 2 * (b'X\\0\\0\\0' + struct.pack('<I', 24) + \(end)))", .protocolError),
                ("while True: os.write(port.descriptor, os.urandom(4096))", .protocolError),
                ("while True: port.send(b'O', 1)", .timeout),
                ("while True: port.send(b'O', 1, b'x' * 65536)", .outputLimit),
                ("os.write(port.descriptor, b'O\\x01\\0\\0' + struct.pack('<I', 100) + b'half')", .timeout),
                ("pass", .timeout), ("os._exit(0)", .crashed), ("os.close(port.descriptor)", .timeout),
                ("port.end((0, 3, 0, 0, 1 << 62, 1 << 62))", .exited(3)),
            ]
            for (code, outcome) in cases {
                let result = try await fake.run("port.send(b'S')\n" + code, seconds: 1)
                #expect(result.outcome == outcome, "\(code): \(result.outcome)")
                #expect(result.output.count <= 1 << 20 && fake.leftovers == [], "\(code)")
            }
        }

        @Test("what a guest says before the code starts starts nothing")
        func tooEarly() async throws {
            let fake = try FakeFirecracker(#"{"guest": "fallen"}"#)
            for code in ["port.send(b'O', 1, b'x')", "port.end((0, 0, 0, 0, 0, 0))", "os._exit(0)"] {
                let error = await #expect(throws: SandboxError.self, "\(code)") { try await fake.run(code, seconds: 1) }
                #expect(error?.kind == .setUp && fake.leftovers == [], "\(code)")
            }
        }

        /// Everything that the fake and its keeper started.
        private static func machine(_ fake: FakeFirecracker) -> Set<Processes.Entry> {
            Processes().descendants(of: getpid()).filter { entry in
                let line = FileManager.default.contents(atPath: "/proc/\(entry.process)/cmdline") ?? Data()
                return Array(line).firstRange(of: Array(fake.directory.utf8)) != nil
                    || Array(line).firstRange(of: Array("./firecracker".utf8)) != nil
            }
        }

        @Test("a machine whose keeper is killed dies with it, and the run is told so")
        func keeperKilled() async throws {
            let fake = try FakeFirecracker()
            let driver = fake.driver
            let (lines, heard) = AsyncStream<Void>.makeStream()
            let task = Task {
                var request = SandboxRequest(.source(.python, Array("import time\nprint('x')\ntime.sleep(60)".utf8)))
                request.limits.wallMilliseconds = 30_000
                return try await driver.run(request) { _, _ in heard.yield() }
            }
            for await _ in lines { break }
            let all = Self.machine(fake)
            let keepers = Bench.processes(naming: fake.directory).filter { process in
                let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
                return Array(line).starts(with: Array("yett-sandbox".utf8))
            }
            #expect(!all.isEmpty && !keepers.isEmpty)
            for keeper in keepers { kill(keeper, SIGKILL) }
            let result = try await task.value
            #expect(result.outcome == .crashed)
            let last = ContinuousClock.now + .seconds(1)
            while !Processes.alive(all).isEmpty, ContinuousClock.now < last { usleep(5000) }
            #expect(Processes.alive(all).isEmpty)
            // What it could not remove goes with the driver.
            driver.stop()
            #expect(await fake.settled(\.remains) == [])
        }

        @Test("a machine that nobody asks for ends with its life, or with the gate", arguments: [300, 600_000])
        func life(milliseconds: Int) async throws {
            let fake = try FakeFirecracker()
            let machines = fake.directory + "/machines"
            let command = JailerCommand(
                id: "life-1", executable: fake.directory + "/firecracker", base: machines,
                groups: FirecrackerGroups.found(), fileBytes: 16 << 20)
            try FileManager.default.createDirectory(atPath: command.root, withIntermediateDirectories: true)
            var process: KeptProcess? = try KeptProcess(
                command, try #require(MachineKind(image: "x", .standard)), jailer: fake.directory + "/jailer",
                settings: FakeFirecracker.jail.launcher, milliseconds: milliseconds,
                errors: try SandboxDescriptor.pipe())
            #expect(process?.isOver == false && access(command.directory, F_OK) == 0)
            if milliseconds < 1000 { #expect(process?.end(milliseconds: 3000) != nil) }
            // So it is for the keeper when the gate is killed.
            process = nil
            #expect(access(command.directory, F_OK) != 0)
            #expect(Bench.processes(naming: fake.directory).isEmpty)
            for group in command.groups?.directories(of: command.id) ?? [] { #expect(access(group, F_OK) != 0) }
        }

        @Test("what a killed gate left is removed by the next one, and what lives is not")
        func sweep() async throws {
            let fake = try FakeFirecracker()
            let machines = fake.directory + "/machines"
            for (name, isAlive) in [("1-dead", false), ("2-alive", true)] {
                try FileManager.default.createDirectory(
                    atPath: "\(machines)/\(name)/firecracker/\(name)-1/root/dev", withIntermediateDirectories: true)
                let lock = open("\(machines)/\(name).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
                if isAlive { flock(lock, LOCK_EX) } else { close(lock) }
            }
            chmod(machines, 0o700)
            #expect(try await fake.run().text == "42\n")
            fake.driver.stop()
            // The run's thread gives the driver's directory up a little later than it says how the run ended.
            let last = ContinuousClock.now + .seconds(6)
            while fake.workspaces.count > 2, ContinuousClock.now < last { try await Task.sleep(for: .milliseconds(10)) }
            #expect(fake.workspaces.sorted() == ["2-alive", "2-alive.lock"])
        }

        @Test("a workspace that others can change is not used", arguments: [mode_t(0o777), 0o770])
        func openWorkspace(mode: mode_t) async throws {
            let fake = try FakeFirecracker()
            mkdir(fake.directory + "/machines", mode)
            chmod(fake.directory + "/machines", mode)
            let error = await #expect(throws: SandboxError.self) { try await fake.run() }
            #expect(error?.kind == .unavailable && error?.description.contains("chmod 700") == true)
        }

        @Test("many runs leave nothing")
        func leaks() async throws {
            let fake = try FakeFirecracker(warm: 1)
            try await fake.driver.warm(.standard)
            _ = try await fake.run()
            try await fake.driver.warm(.standard)
            let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
            for _ in 0..<Bench.runs(otherwise: 5) { #expect(try await fake.run().text == "42\n") }
            try await fake.driver.warm(.standard)
            let after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
            #expect(after <= before + 2, "\(before) descriptors became \(after)")
            fake.driver.stop()
            #expect(await fake.settled(\.remains) == [])
            // Ended and reaped: other tests' may be there for a moment.
            let last = ContinuousClock.now + .seconds(3)
            while !Self.unreaped.isEmpty, ContinuousClock.now < last { try await Task.sleep(for: .milliseconds(10)) }
            #expect(Self.unreaped == [])
        }

        /// Children of this process that have ended and that nobody has waited for.
        private static var unreaped: [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { name in
                let text = (try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8)) ?? ""
                return Int32(name) != nil && text.contains("(yett-sandbox) Z \(getpid()) ")
            }
        }
    }
}
