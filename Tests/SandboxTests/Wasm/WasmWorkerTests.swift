// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

/// The worker program: what becomes of each kind of module, and what it makes of bytes that are no job.
@Suite(.serialized, .enabled(if: TestEngine.library != nil, "takes the PyPI package wasmtime 50.0.1"))
struct WasmWorkerTests {
    static func job(_ module: [UInt8], wall: Int = 5000, adjust: (inout WasmJob) -> Void = { _ in }) -> [UInt8] {
        var job = WasmJob(module: module, arguments: [Array("module".utf8)])
        job.limits.wallMilliseconds = wall
        job.limits.memoryBytes = 64 << 20
        adjust(&job)
        return job.bytes
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let module: [UInt8]
        let outcome: WasmReport.Outcome
        var trap: UInt8 = 255
        var exit: Int32 = 0
        var isStarted = true
        var testDescription: String { name }
    }

    @Test(
        "a module that",
        arguments: [
            Case(name: "says hello", module: Modules.hello, outcome: .exited),
            Case(name: "exits with 7", module: Modules.exits(7), outcome: .exited, exit: 7),
            Case(name: "spins", module: Modules.spins, outcome: .deadline, trap: 10),
            Case(name: "spins before it starts", module: Modules.spinsAtOnce, outcome: .deadline, trap: 10),
            Case(name: "sleeps ten seconds", module: Modules.sleeps, outcome: .deadline),
            Case(name: "gives up without memory", module: Modules.grows, outcome: .memory, trap: 9),
            Case(name: "asks for memory for ever", module: Modules.growsForEver, outcome: .deadline, trap: 10),
            Case(name: "begins with 4 GiB", module: Modules.hugeMemory, outcome: .memory),
            Case(name: "begins with a huge table", module: Modules.hugeTable, outcome: .memory),
            Case(name: "recurses", module: Modules.recurses, outcome: .trapped, trap: 0),
            Case(name: "reaches the unreachable", module: Modules.unreachable, outcome: .trapped, trap: 9),
            Case(name: "divides by zero", module: Modules.divides, outcome: .trapped, trap: 7),
            Case(name: "reads beside its memory", module: Modules.strays, outcome: .trapped, trap: 1),
            Case(name: "asks for a foreign function", module: Modules.asksForMore, outcome: .link, isStarted: false),
            Case(name: "has no start", module: Modules.hasNoStart, outcome: .entry, isStarted: false),
            Case(name: "is empty", module: [], outcome: .invalid, isStarted: false),
            Case(name: "is text", module: Array("(module)".utf8), outcome: .invalid, isStarted: false),
            Case(name: "counts its one argument", module: Modules.countsArguments, outcome: .exited, exit: 1),
            Case(name: "looks for variables", module: Modules.countsVariables, outcome: .exited, exit: 0),
            Case(name: "looks for a directory", module: Modules.looksForDirectory, outcome: .exited, exit: 8),
            Case(name: "accepts a connection", module: Modules.accepts, outcome: .exited, exit: 8),
        ])
    func outcomes(_ example: Case) throws {
        let talk = try Talk(Self.job(example.module, wall: 300))
        let report = try #require(talk.report, "\(talk)")
        #expect(report.outcome == example.outcome, "\(report)")
        // On a busy machine the thread that keeps the time may report before the trap does.
        let mayLackTrap = example.outcome == .deadline && report.trap == 255
        #expect((report.trap == example.trap || mayLackTrap) && report.exit == example.exit, "\(report)")
        #expect(talk.isStarted == example.isStarted && talk.status == 0 && !talk.isMalformed)
        if example.outcome == .link { #expect(report.words.contains("env::secret"), "\(report.words)") }
    }

    @Test("standard input, output and error are the bytes themselves")
    func streams() throws {
        let bytes = (0..<70_000).map { UInt8($0 % 256) }
        let copied = try Talk(Self.job(Modules.copies) { $0.input = bytes })
        #expect(copied.text() == bytes && copied.report?.outcome == .exited)
        let wrote = try Talk(Self.job(Modules.writes([0, 0xff, 0x0a], to: 2)))
        #expect(wrote.text(.errors) == [0, 0xff, 0x0a] && wrote.text().isEmpty)
    }

    @Test("a flood ends at the output limit, to the byte, and at once")
    func flood() throws {
        let flood = Modules.writes([UInt8](repeating: 7, count: 4096), forever: true)
        let talk = try Talk(Self.job(flood, wall: 20_000) { $0.limits.outputBytes = 1_000_001 })
        #expect(talk.text().count == 1_000_001 && talk.report?.outcome == .output && talk.report?.isTruncated == true)
        #expect(talk.milliseconds < 5000)
    }

    @Test("when the other side goes, so does the worker: before a job, in the middle of one, and while it runs")
    func goneStarter() throws {
        let silent = try Talk([])
        #expect(silent.status == 4 && silent.events.count == 1)
        let running = try Talk(Self.job(Modules.spins, wall: 60_000), hangsUpAfter: 2)
        #expect(running.status == 4 && running.milliseconds < 5000)
        let waiting = try Talk(Self.job(Modules.sleeps, wall: 60_000), hangsUpAfter: 2)
        #expect(waiting.status == 4 && waiting.milliseconds < 5000)
        // Extra bytes are no second job.
        let more = try Talk(Self.job(Modules.spins, wall: 60_000) + [0])
        #expect(more.status == 4 && more.report == nil)
    }

    @Test("bytes that are no job are refused in words, before room is made for them")
    func malformedJobs() throws {
        let good = Self.job(Modules.hello)
        func changed(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
            var job = good
            job.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
            return job
        }
        let most: [UInt8] = [0xff, 0xff, 0xff, 0xff]
        let bad: [(String, [UInt8])] = [
            ("YWJ1", changed(0, Array("GET ".utf8))), ("flags", changed(4, [2])), ("flags", changed(60, [1])),
            ("time", changed(8, [0, 0, 0, 0])), ("time", changed(8, most)), ("output", changed(12, most)),
            ("output", changed(12, [0, 0, 0, 0])), ("memory", changed(16, [0, 0, 0, 0, 0, 0, 0, 0])),
            ("memory", changed(16, most + most)), ("fuel", changed(24, [1])), ("table", changed(32, most)),
            ("arguments", changed(36, most)), ("arguments", changed(40, most)), ("input", changed(44, most)),
            ("module", changed(48, most)), ("module", changed(48, [0, 0, 0, 4])), ("files", changed(52, most)),
            ("files", changed(56, most)), ("argument", changed(64, [UInt8](repeating: 0x41, count: 7))),
            ("without a module", WasmJob(module: nil).bytes),
            ("scratch", Self.job(Modules.hello) { $0.files = [SandboxFile(path: "a", bytes: [1])].compactMap { $0 } }),
        ]
        for (word, job) in bad {
            let talk = try Talk(job)
            #expect(talk.report?.outcome == .refused && talk.status == 0, "\(word): \(talk)")
            #expect(talk.report?.words.contains(word) == true, "\(word): \(talk.report?.words ?? "")")
            #expect((talk.report?.peakBytes ?? 0) < 128 << 20)
        }
    }

    @Test("every prefix of a job leaves no worker behind")
    func truncatedJobs() throws {
        let good = Self.job(Modules.hello)
        for count in stride(from: 1, to: good.count, by: 29) {
            let (channel, workers) = try StreamChannel.open()
            let process = try PlainSpawner.start(
                [try Bench.built("yett-wasm"), "worker", try #require(TestEngine.library)],
                standard: [workers.number, workers.number, -1], environment: [])
            workers.close()
            var pending = good[..<count]
            #expect(channel.write(&pending) && pending.isEmpty)
            channel.shut()
            #expect(process.end(milliseconds: 5000) != nil)
            #expect(process.status == 4)
            process.kill()
        }
    }

    @Test("a module with any byte changed runs, is refused or traps, and the worker is gone")
    func changedModules() throws {
        var random = SystemRandomNumberGenerator()
        for index in 0..<60 {
            var module = index % 2 == 0 ? Modules.copies : Modules.hello
            let place = Int.random(in: 0..<module.count, using: &random)
            module[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
            let talk = try Talk(Self.job(module, wall: 200) { $0.limits.outputBytes = 65_536 })
            #expect(talk.status == 0 && talk.report != nil && !talk.isMalformed, "byte \(place): \(talk)")
        }
    }

    @Test("a large module that says nothing sensible is refused within bounds")
    func largeModule() throws {
        let noise = Self.job([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0] + [UInt8](repeating: 0x60, count: 15 << 20))
        let talk = try Talk(noise)
        #expect(talk.report?.outcome == .invalid && talk.status == 0, "\(talk)")
        #expect((talk.report?.peakBytes ?? 0) < 256 << 20)
    }

    @Test("a missing library, one that is no engine, and a path that is none are told with the remedy")
    func wrongLibrary() throws {
        for path in ["/nowhere/lib.so", "relative.so", "/etc/passwd", "/lib/x86_64-linux-gnu/libm.so.6"] {
            let (channel, workers) = try StreamChannel.open()
            let process = try PlainSpawner.start(
                [try Bench.built("yett-wasm"), "worker", path], standard: [workers.number, workers.number, -1],
                environment: [])
            workers.close()
            #expect(process.end(milliseconds: 5000) != nil)
            var replies = WasmReplies()
            if case .bytes(let bytes) = channel.read() { replies.append(bytes) }
            guard case .done(let report) = try replies.next() else {
                Issue.record("no report for \(path)")
                continue
            }
            #expect(report.outcome == .engine && report.words.contains("pip download"), "\(report.words)")
        }
    }

    @Test("a worker with native code runs it, and can translate nothing")
    func precompiled() throws {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "wasm-\(UInt64.random(in: 0...UInt64.max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let module = directory.appending(path: "copies.wasm").path
        try Data(Modules.copies).write(to: URL(filePath: module))
        let compiler = try PlainSpawner.start(
            [
                try Bench.built("yett-wasm"), "compile", try #require(TestEngine.library), module,
                directory.path + "/copies.cwasm",
            ], standard: [-1, -1, -1], environment: [])
        #expect(compiler.end(milliseconds: 20_000) != nil && compiler.status == 0)
        func image() throws -> SandboxDescriptor {
            let file = SandboxDescriptor(open(directory.path + "/copies.cwasm", O_RDONLY | O_CLOEXEC))
            try #require(file.number >= 0)
            return file
        }
        var job = WasmJob(module: nil, arguments: [Array("copies".utf8)], input: Array("warm".utf8))
        let first = try image()
        let ran = try Talk(job.bytes, ["worker", "precompiled=3"], image: first.number)
        #expect(ran.report?.outcome == .exited && ran.text() == Array("warm".utf8), "\(ran)")
        job.module = Modules.hello
        let second = try image()
        let refused = try Talk(job.bytes, ["worker", "precompiled=3"], image: second.number)
        #expect(refused.report?.outcome == .refused, "\(refused)")
        // What is no native code of this engine is not run.
        let text = SandboxDescriptor(open("/etc/passwd", O_RDONLY | O_CLOEXEC))
        let wrong = try Talk(job.bytes, ["worker", "precompiled=3"], image: text.number)
        #expect(wrong.report?.outcome == .engine && !wrong.isStarted, "\(wrong)")
    }

    @Test("fuel ends a run after so many instructions")
    func fuel() throws {
        let talk = try Talk(Self.job(Modules.spins) { $0.fuel = 1_000_000 }, ["worker", "fuel"])
        #expect(talk.report?.outcome == .fuel && talk.report?.trap == 11, "\(talk)")
    }

    @Test("files lie in the scratch directory, and no path leads out of it")
    func scratch() throws {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "wasm-\(UInt64.random(in: 0...UInt64.max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let words = ["worker", "scratch=\(directory.path)"]
        let file = try #require(SandboxFile(path: "a/b/c.txt", bytes: Array("content".utf8)))
        let talk = try Talk(Self.job(Modules.looksForDirectory) { $0.files = [file] }, words)
        #expect(talk.report?.outcome == .exited && talk.report?.exit == 0, "\(talk)")
        #expect(FileManager.default.contents(atPath: directory.path + "/a/b/c.txt") == Data("content".utf8))
        // The file is there already.
        let again = try Talk(Self.job(Modules.hello) { $0.files = [file] }, words)
        #expect(again.report?.outcome == .refused)
        var bytes = Self.job(Modules.hello) { $0.files = [SandboxFile(path: "xx/y", bytes: [1])].compactMap { $0 } }
        let place = try #require(bytes.lastIndex(of: UInt8(ascii: "x")))
        bytes[place] = UInt8(ascii: ".")
        bytes[place - 1] = UInt8(ascii: ".")
        let escaping = try Talk(bytes, words)
        #expect(escaping.report?.outcome == .refused && escaping.report?.words.contains("path") == true, "\(escaping)")
    }
}
