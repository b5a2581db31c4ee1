// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Sandbox
import Testing

/// The expected abuse, for real, one after the other: the machine is small and the deadlines are short.
@Suite(.serialized) struct AbuseTests {
    @Test("comes to nothing", arguments: Candidate.allCases, Abuse.all)
    func abuse(candidate: Candidate, abuse: Abuse) async throws {
        guard let driver = await candidate.usable() else { return }
        let mark = "mark-\(UInt64.random(in: 0...UInt64.max))"
        let result = try await Bench.run(abuse.language, abuse.code, on: driver) { request in
            request.limits.wallMilliseconds = abuse.milliseconds
            request.limits.memoryBytes = abuse.memory
            request.limits.scratchBytes = abuse.scratch
            request.limits.outputBytes = abuse.outputBytes
            request.arguments = [mark]
        }
        let said = "\(result.outcome) \(result.text.suffix(500)) \(result.errorText.suffix(500))"
        if candidate == .gvisor, let kernel = abuse.onKernel {
            #expect((kernel.ends ?? abuse.ends).contains(result.outcome), "\(said)")
            #expect(kernel.isFine(result.text), "\(said)")
        } else if candidate.isMachine, let prints = abuse.onMachine {
            #expect(abuse.ends.contains(result.outcome) && result.text == prints, "\(said)")
        } else {
            #expect(abuse.ends.contains(result.outcome), "\(said)")
            if let prints = abuse.prints { #expect(result.text == prints, "\(said)") }
        }
        #expect(result.output.count + result.errors.count <= abuse.outputBytes)
        #expect(result.isTruncated == (result.outcome == .outputLimit))
        #expect(result.receipt.network.holds && result.receipt.network.interfaces == ["lo"])
        #expect(result.receipt.ended >= result.receipt.started)
        #expect(Bench.processes(naming: mark).isEmpty)
        let late = result.timings.run - Int64(abuse.milliseconds) * 1000
        #expect(late < 500_000, "\(late) µs past the deadline")
        #expect(result.timings.tearDown < 2_000_000, "dead after \(result.timings.tearDown) µs")
    }

    @Test("11 keeps what was written before the deadline", arguments: Candidate.allCases)
    func partialOutput(candidate: Candidate) async throws {
        guard let driver = await candidate.usable() else { return }
        let result = try await Bench.run(
            .python, "import time\nwhile True:\n    print('drop')\n    time.sleep(0.02)", seconds: 1, on: driver)
        #expect(result.outcome == .timeout)
        #expect(result.text.hasPrefix("drop\ndrop\n"))
    }

    @Test("12 every byte arrives as it was written, and every byte of the input", arguments: Candidate.allCases)
    func bytesExactly(candidate: Candidate) async throws {
        guard let driver = await candidate.usable() else { return }
        let every = (0...255).map { UInt8($0) }
        let code = "import os, sys\ndata = sys.stdin.buffer.read()\nos.write(1, data)\nos.write(2, data[::-1])"
        let result = try await Bench.run(.python, code, input: every, on: driver)
        #expect(result.output == every && result.errors == every.reversed())
        #expect(result.receipt.input == SandboxDigest(every) && result.receipt.output == SandboxDigest(every))
    }

    @Test("9 keeps the first bytes, and tells the listener of the same", arguments: Candidate.allCases)
    func firstBytes(candidate: Candidate) async throws {
        guard let driver = await candidate.usable() else { return }
        let heard = Heard()
        var request = SandboxRequest(
            .source(.python, Array("import os\nfor n in range(100000): os.write(1, b'%09d\\n' % n)".utf8)))
        request.limits.outputBytes = 12_345
        let result = try await driver.run(request) { stream, bytes in heard.add(stream, bytes) }
        #expect(result.outcome == .outputLimit && result.isTruncated)
        #expect(result.output.count == 12_345 && result.text.hasPrefix("000000000\n000000001\n"))
        #expect(heard.bytes == result.output)
    }

    @Test("20 the host's settings are what they were", arguments: Candidate.allCases)
    func hostSettings(candidate: Candidate) async throws {
        guard let driver = await candidate.usable() else { return }
        let files = ["/proc/sys/kernel/core_pattern", "/proc/sys/vm/swappiness", "/proc/sys/kernel/hostname"]
        let before = files.map { FileManager.default.contents(atPath: $0) }
        let code = files.map { "try: open('\($0)', 'w').write('x')\nexcept OSError: pass\n" }.joined()
        let result = try await Bench.run(
            .python, code + "import os\nos.system('rm -rf / 2>/dev/null')", on: driver)
        #expect(result.outcome == .exited(0))
        #expect(files.map { FileManager.default.contents(atPath: $0) } == before)
    }

    @Test("28 nothing of one run is there in the next", arguments: Candidate.allCases)
    func nothingStays(candidate: Candidate) async throws {
        guard let driver = await candidate.usable() else { return }
        let code = """
            import os
            print([os.path.exists(place) for place in ('/tmp/x', '/dev/shm/x')])
            for place in ('/tmp/x', '/dev/shm/x'): open(place, 'w').close()
            """
        for _ in 0..<3 {
            let result = try await Bench.run(.python, code, on: driver)
            #expect(result.text == "[False, False]\n")
        }
    }

    @Test("28 two runs at once do not see one another", arguments: Candidate.allCases)
    func twoTenants(candidate: Candidate) async throws {
        guard let driver = await candidate.usable() else { return }
        let code = """
            import os, time
            name = os.urandom(4).hex()
            for place in ('/tmp', '/dev/shm'): open(place + '/' + name, 'w').close()
            time.sleep(0.3)
            seen = [entry for place in ('/tmp', '/dev/shm') for entry in os.listdir(place) if entry != name]
            # A virtual machine has a kernel of its own, whose threads are nobody's program.
            others = [entry for entry in os.listdir('/proc') if entry.isdigit() and int(entry) != os.getpid()
                      and os.stat('/proc/' + entry).st_uid == os.getuid() and int(entry) > 1]
            print(seen, others)
            """
        async let first = Bench.run(.python, code, on: driver)
        async let second = Bench.run(.python, code, on: driver)
        #expect(try await first.text == "[] []\n")
        #expect(try await second.text == "[] []\n")
    }

    @Test("37, 38 chance differs between runs, and the clock is the host's", arguments: Candidate.allCases)
    func chanceAndTime(candidate: Candidate) async throws {
        guard let driver = await candidate.usable() else { return }
        var seen: Set<String> = []
        for _ in 0..<4 {
            let code =
                "import os, random, time, uuid\nprint(os.urandom(16).hex(), random.random(), uuid.uuid4())\nprint(time.time())"
            let lines = try await Bench.run(.python, code, on: driver).text.split(separator: "\n").map(String.init)
            try #require(lines.count == 2)
            seen.formUnion(lines[0].split(separator: " ").map(String.init))
            let time = try #require(Double(lines[1]))
            #expect(abs(time - Date().timeIntervalSince1970) < 2)
        }
        #expect(seen.count == 12)
    }

    @Test("files are there, and the program can import them", arguments: Candidate.allCases)
    func files(candidate: Candidate) async throws {
        guard let driver = await candidate.usable() else { return }
        let result = try await Bench.run(
            .python, "import sys, pack.part\nprint(pack.part.x, open('a.txt').read(), sys.argv[1:])",
            on: driver
        ) { request in
            request.arguments = ["one", "two words", "--help"]
            request.files = [
                SandboxFile(path: "pack/part.py", bytes: Array("x = 41 + 1".utf8)),
                SandboxFile(path: "a.txt", bytes: Array("text".utf8)),
            ].compactMap { $0 }
        }
        #expect(result.text == "42 text ['one', 'two words', '--help']\n", "\(result.errorText)")
    }

    @Test("40 a cancelled task ends the run at once", arguments: Candidate.allCases)
    func cancelled(candidate: Candidate) async throws {
        guard let driver = await candidate.usable() else { return }
        let mark = "mark-\(UInt64.random(in: 0...UInt64.max))"
        let (heard, hears) = AsyncStream<Void>.makeStream()
        let task = Task {
            // A run that fails is heard of as well.
            defer { hears.finish() }
            var request = SandboxRequest(.source(.python, Array("print('ready')\nwhile True: pass".utf8)))
            request.limits.wallMilliseconds = 60_000
            request.arguments = [mark]
            return try await driver.run(request) { _, _ in hears.yield() }
        }
        for await _ in heard { break }
        let start = ContinuousClock.now
        task.cancel()
        let result = try await task.value
        #expect(result.outcome == .cut)
        #expect(start.duration(to: .now) < .seconds(1))
        #expect(Bench.processes(naming: mark).isEmpty)
    }

    @Test("42 many at once, each within its deadline, and those too many are told so")
    func many() async throws {
        var settings = NamespaceDriver.Settings()
        settings.jobs = 8
        let driver = NamespaceDriver(settings)
        defer { driver.stop() }
        var counts: [String: Int] = [:]
        await withTaskGroup(of: String.self) { group in
            for number in 0..<40 {
                group.addTask {
                    var request = SandboxRequest(.source(.shell, Array("echo \(number)".utf8)))
                    request.limits.wallMilliseconds = 10_000
                    do throws(SandboxError) {
                        let result = try await driver.run(request, listener: nil)
                        return result.text == "\(number)\n" && result.outcome == .exited(0) ? "right" : "wrong"
                    } catch {
                        return error.kind == .busy && error.retryMilliseconds != nil ? "busy" : "\(error)"
                    }
                }
            }
            for await word in group { counts[word, default: 0] += 1 }
        }
        #expect((counts["right"] ?? 0) >= 8 && (counts["right"] ?? 0) + (counts["busy"] ?? 0) == 40, "\(counts)")
    }
}

/// What a listener was told.
final class Heard: @unchecked Sendable {
    // Unchecked: guarded by the lock.
    private let lock = NSLock()
    private var collected: [UInt8] = []

    func add(_ stream: SandboxStream, _ bytes: [UInt8]) {
        lock.withLock { collected += bytes }
    }

    var bytes: [UInt8] { lock.withLock { collected } }
}
