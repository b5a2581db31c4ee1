// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

extension MachineSuites {
    /// A guest that fell: its agent does, as its root and with the channel in its hands, what the program says.
    @Suite(
        .enabled(
            if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/mkfs.erofs"),
            "takes root and erofs-utils"))
    struct HostileGuestTests {
        /// An image whose agent is another one.
        final class Fallen {
            let directory = "/var/tmp/yett-fallen-\(UInt64.random(in: 0...UInt64.max))"
            let driver: MicroVMDriver

            init(beforeReady: String = "") throws {
                let image = try #require(TestImage.directory)
                let agent = """
                    import os, struct, sys, time
                    source = open('/usr/lib/yett/agent.py').read().replace('\\nmain()\\n', '\\n')
                    exec(compile(source, 'agent', 'exec'))
                    port = Port(OWN + '/vport0p1')
                    \(beforeReady)
                    port.send(b'R', 0, b'yett-guest 1')
                    assert port.read(4) == b'YVJ1'
                    job = Job.read(port)
                    exec(compile(job.source, 'job', 'exec'))
                    while True: time.sleep(3600)
                    """
                let script = """
                    set -e; umask 022; mkdir "$1"; cp -a "$2"/. "$1"/; printf '%s\\n' "$3" > "$1"/root/usr/lib/yett/fallen.py
                    chroot "$1"/root /usr/bin/python3 -I -c "import py_compile
                    py_compile.compile('/usr/lib/yett/fallen.py', '/usr/lib/yett/agent.pyc', doraise=True)"
                    rm "$1"/root.erofs; mkfs.erofs -zlz4 "$1"/root.erofs "$1"/root > /dev/null
                    """
                let made = try PlainSpawner.start(
                    ["/bin/sh", "-c", script, "sh", directory, image, agent], standard: [-1, -1, -1],
                    environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"])
                try #require(made.end(milliseconds: 60_000) != nil && made.status == 0)
                try ImageManifest.write(in: directory, name: "python")
                var settings = MicroVMDriver.Settings()
                settings.image = directory
                settings.warm = 0
                driver = MicroVMDriver(settings, jail: Bench.alone())
            }

            deinit {
                driver.stop()
                try? FileManager.default.removeItem(atPath: directory)
            }
        }

        private static let begin = "port.send(b'S')\n"

        @Test("34, 35 whatever it says, the run ends with a word for it, and the next one runs")
        func forgery() async throws {
            let fallen = try Fallen()
            let end = "struct.pack('<BBHIQQ', 0, 0, 0, 0, 0, 0)"
            let cases: [(code: String, outcomes: [SandboxOutcome])] = [
                ("os.write(port.descriptor, b'O\\x01\\0\\0' + struct.pack('<I', 0xffffffff))", [.protocolError]),
                ("os.write(port.descriptor, b'O\\x01\\0\\0' + struct.pack('<I', 65537))", [.protocolError]),
                ("os.write(port.descriptor, b'X\\0\\0\\0' + struct.pack('<i', -1))", [.protocolError]),
                ("port.send(b'S')", [.protocolError]),
                ("port.send(b'R', 0, b'yett-guest 1')", [.protocolError]),
                ("port.send(b'X', 0, \(end) + b'x')", [.protocolError]),
                ("os.write(port.descriptor, 2 * (b'X\\0\\0\\0' + struct.pack('<I', 24) + \(end)))", [.protocolError]),
                ("while True: os.write(port.descriptor, os.urandom(4096))", [.protocolError]),
                ("while True: port.send(b'O', 1)", [.timeout]),
                ("while True: port.send(b'O', 1, b'x' * 65536)", [.outputLimit]),
                ("os.write(port.descriptor, b'O\\x01\\0\\0' + struct.pack('<I', 100) + b'half')", [.timeout]),
                ("pass", [.timeout]),
                ("import ctypes\nctypes.CDLL(None).reboot(0x01234567)", [.crashed, .timeout]),
                ("os.kill(1, 9)\nopen('/proc/sysrq-trigger', 'w').write('c')", [.crashed, .timeout]),
                ("port.end((0, 3, 0, 0, 1 << 62, 1 << 62))", [.exited(3)]),
            ]
            for (code, outcomes) in cases {
                let result = try await MachineSuites.MicroVMTests.run(
                    .python, Self.begin + code, seconds: 3, on: fallen.driver)
                #expect(outcomes.contains(result.outcome), "\(code): \(result.outcome)")
                #expect(result.output.count <= 1 << 20)
            }
        }

        @Test("34 what it says before the code starts starts nothing")
        func tooEarly() async throws {
            let fallen = try Fallen()
            for code in ["port.send(b'O', 1, b'x')", "port.end((0, 0, 0, 0, 0, 0))", "os._exit(0)"] {
                await #expect(throws: SandboxError.self, "\(code)") {
                    try await MachineSuites.MicroVMTests.run(.python, code, seconds: 3, on: fallen.driver)
                }
            }
        }

        @Test("36 one that says something else than that it is ready is not used")
        func neverReady() async throws {
            for code in ["port.send(b'Q')", "os._exit(0)", "port.send(b'R', 0, b'yett-guest 9')"] {
                let fallen = try Fallen(beforeReady: code)
                await #expect(throws: SandboxError.self) {
                    try await MachineSuites.MicroVMTests.run(.python, "pass", on: fallen.driver)
                }
            }
        }

        @Test("its disk cannot be written to, and no device is there but the channel")
        func devices() async throws {
            let fallen = try Fallen()
            let code = """
                found = []
                try: os.write(os.open(OWN + '/vda', os.O_RDWR), b'x' * 512); found.append('written')
                except OSError as error: found.append(error.errno)
                found.append(sorted(n for n in os.listdir(OWN) if n.startswith('v')))
                port.output(1, repr(found).encode())
                port.end((0, 0, 0, 0, 0, 0))
                """
            let result = try await MachineSuites.MicroVMTests.run(
                .python, Self.begin + code, seconds: 5, on: fallen.driver)
            // A channel to other machines is known to the kernel, but there is none.
            let refusals = [1, 13, 30].map { "[\($0), ['vda', 'vport0p1', 'vsock']]" }
            #expect(refusals.contains(result.text), "\(result.text) \(result.outcome)")
        }
    }
}
