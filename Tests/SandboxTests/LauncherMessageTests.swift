// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CSandbox
import Testing

@testable import Sandbox

/// What crosses the launcher's sockets, in both directions: exactly the messages that there are, and nothing else.
@Suite struct LauncherMessageTests {
    private static let good = LauncherJob(
        number: 7, limits: .standard, fileBytes: 1 << 20, needsGroups: true, arguments: ["/usr/bin/python3", "", "a b"])

    /// What the launcher says about the bytes; nil when it takes them as a job.
    private static func refusal(_ bytes: [UInt8], descriptors: Int = 5) -> String? {
        withUnsafeTemporaryAllocation(of: yett_job.self, capacity: 1) { job in
            job.initialize(repeating: yett_job())
            return yett_job_parse(bytes, bytes.count, descriptors, job.baseAddress).map { String(cString: $0) }
        }
    }

    @Test("a job is read as it was written")
    func roundTrip() {
        let bytes = Self.good.bytes(descriptors: 9)
        #expect(Self.refusal(bytes, descriptors: 9) == nil)
        withUnsafeTemporaryAllocation(of: yett_job.self, capacity: 1) { buffer in
            buffer.initialize(repeating: yett_job())
            #expect(yett_job_parse(bytes, bytes.count, 9, buffer.baseAddress) == nil)
            let job = buffer[0]
            #expect(job.number == 7 && job.wall_milliseconds == 5000 && job.processor_thousandths == 1000)
            #expect(job.memory_bytes == 256 << 20 && job.processes == 64 && job.file_bytes == 1 << 20)
            #expect(job.needs_groups && job.argument_count == 3)
            #expect(job.arguments.2.map { String(cString: $0) } == "a b")
            #expect(job.arguments.3 == nil)
        }
    }

    @Test("every cut of a job is refused")
    func cuts() {
        let bytes = Self.good.bytes(descriptors: 5)
        for count in 0..<bytes.count { #expect(Self.refusal(Array(bytes[..<count])) != nil) }
        #expect(Self.refusal(bytes + [0]) != nil)
        #expect(Self.refusal([UInt8](repeating: 0, count: Int(yett_job_bytes_limit) + 1)) != nil)
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        let at: Int
        let bytes: [UInt8]
        var testDescription: String { name }
    }

    @Test(
        "a job with a field out of its range is refused",
        arguments: [
            Change(name: "another magic", at: 0, bytes: [0]),
            Change(name: "a longer length", at: 4, bytes: [0xff, 0xff]),
            Change(name: "no time", at: 16, bytes: [0, 0, 0, 0]),
            Change(name: "too much time", at: 16, bytes: [0xff, 0xff, 0xff, 0xff]),
            Change(name: "no processor", at: 20, bytes: [0, 0, 0, 0]),
            Change(name: "no memory", at: 24, bytes: [0, 0, 0, 0, 0, 0, 0, 0]),
            Change(name: "all memory", at: 24, bytes: [UInt8](repeating: 0xff, count: 8)),
            Change(name: "no process", at: 32, bytes: [0, 0, 0, 0]),
            Change(name: "too many processes", at: 32, bytes: [0, 0, 1, 0]),
            Change(name: "other descriptors", at: 36, bytes: [6]),
            Change(name: "no file", at: 40, bytes: [UInt8](repeating: 0, count: 8)),
            Change(name: "an unknown flag", at: 48, bytes: [5]),
            Change(name: "a high flag", at: 51, bytes: [0x80]),
            Change(name: "no argument", at: 52, bytes: [0, 0, 0, 0]),
            Change(name: "fewer arguments than there are", at: 52, bytes: [2]),
            Change(name: "more arguments than there are", at: 52, bytes: [4]),
            Change(name: "four billion arguments", at: 52, bytes: [0xff, 0xff, 0xff, 0xff]),
            Change(name: "a path that is not absolute", at: 56, bytes: [0x61]),
        ])
    func changes(change: Change) {
        var bytes = Self.good.bytes(descriptors: 5)
        bytes.replaceSubrange(change.at..<(change.at + change.bytes.count), with: change.bytes)
        #expect(Self.refusal(bytes) != nil)
    }

    @Test("descriptors are neither too few nor too many")
    func descriptors() {
        for count in [0, 1, 4, 81, 1000] {
            #expect(Self.refusal(Self.good.bytes(descriptors: count), descriptors: count) != nil)
        }
        for count in [5, 80] { #expect(Self.refusal(Self.good.bytes(descriptors: count), descriptors: count) == nil) }
    }

    @Test("chance changes to a job never do more than be refused")
    func chance() {
        var generator = SystemRandomNumberGenerator()
        let bytes = Self.good.bytes(descriptors: 5)
        for _ in 0..<20_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                changed[Int.random(in: 0..<changed.count)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = Self.refusal(changed)
        }
    }

    @Test("of an event only the exact form is read")
    func events() {
        func event(_ kind: yett_event, _ values: [UInt64], _ text: String = "") -> [UInt8] {
            let numbers = values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
            return [UInt8(kind.rawValue)] + numbers + Array(text.utf8)
        }
        #expect(LauncherEvent([]) == nil && LauncherEvent([0]) == nil)
        let start = event(yett_event_started, [1, 2, 61_000, 3], "lo\n")
        guard case .started(let read) = LauncherEvent(start) else {
            Issue.record("it was not read")
            return
        }
        #expect(read.network.holds && read.user == 61_000 && read.network.interfaces == ["lo"])
        #expect(LauncherEvent(Array(start.dropLast(4))) == nil)
        #expect(LauncherEvent(event(yett_event_started, [1, 2, 1 << 32, 3], "lo\n")) == nil)
        #expect(LauncherEvent(event(yett_event_ready, [1, 1, 1, 1, 1], "/usr/bin/bwrap")) != nil)
        #expect(LauncherEvent(event(yett_event_ready, [2, 1, 1, 1, 1], "/usr/bin/bwrap")) == nil)
        #expect(LauncherEvent(event(yett_event_ready, [1, 1, 3, 1, 1], "/usr/bin/bwrap")) == nil)
        #expect(LauncherEvent(event(yett_event_ready, [1, 1, 1, 1, 1], "a\0b")) == nil)
        #expect(LauncherEvent(event(yett_event_failed, [0], "why")) != nil)
        #expect(LauncherEvent(event(yett_event_failed, [6], "why")) == nil)
        #expect(LauncherEvent(event(yett_event_useless, [])) == nil)
        let end: [UInt64] = [0, 7 << 8, 1, 2, 0, 3, 4, 5]
        #expect(LauncherEvent(event(yett_event_ended, end)) != nil)
        #expect(LauncherEvent(event(yett_event_ended, end, "x")) == nil)
        #expect(LauncherEvent(event(yett_event_ended, Array(end.dropLast()))) == nil)
        #expect(LauncherEvent(event(yett_event_ended, [4] + end.dropFirst())) == nil)
        #expect(LauncherEvent(event(yett_event_ended, [0, 1 << 40, 1, 2, 0, 3, 4, 5])) == nil)
        #expect(LauncherEvent(event(yett_event_ended, [0, 0, UInt64.max, 2, 0, 3, 4, 5])) == nil)
        #expect(LauncherEvent([UInt8](repeating: UInt8(yett_event_failed.rawValue), count: 2000)) == nil)
    }

    @Test("an end tells exit codes, signals, deadlines and want of memory apart")
    func ends() throws {
        func outcome(_ cause: yett_cause, _ status: UInt64, memoryKills: UInt64 = 0) throws -> SandboxOutcome {
            try #require(LauncherEnd([UInt64(cause.rawValue), status, 0, 0, memoryKills, 0, 0, 0])).outcome
        }
        #expect(try outcome(yett_cause_itself, 0) == .exited(0))
        #expect(try outcome(yett_cause_itself, 255 << 8) == .exited(255))
        #expect(try outcome(yett_cause_itself, 128 << 8) == .exited(128))
        #expect(try outcome(yett_cause_itself, 139 << 8) == .signalled(11))
        #expect(try outcome(yett_cause_itself, 9) == .signalled(9))
        #expect(try outcome(yett_cause_itself, 137 << 8, memoryKills: 1) == .outOfMemory)
        #expect(try outcome(yett_cause_itself, 0, memoryKills: 1) == .exited(0))
        #expect(try outcome(yett_cause_deadline, 9, memoryKills: 1) == .timeout)
        #expect(try outcome(yett_cause_asked, 9) == .cut)
        #expect(try outcome(yett_cause_stuck, 9) == .crashed)
    }

    @Test("bubblewrap's words are read where they are a number, and not otherwise")
    func information() {
        func number(_ text: String) -> UInt64? {
            var value: UInt64 = 0
            return yett_information_number(text, "child-pid", &value) ? value : nil
        }
        #expect(number("{\n    \"child-pid\": 123,\n") == 123 && number("{\"child-pid\":7}") == 7)
        #expect(number("{\"child-pid\": 12") == nil && number("{\"child-pid\": }") == nil)
        #expect(number("{\"child-pid\": -1}") == nil && number("{\"child-pidx\": 1}") == nil)
        #expect(number("child-pid: 1\n") == nil && number("") == nil)
        #expect(number("{\"child-pid\": 1234567890123456789}") == nil)
    }

    @Test("interfaces are listed, and what is no such list is not")
    func interfaces() {
        func names(_ text: String, capacity: Int = 64) -> String? {
            var names = [CChar](repeating: 0, count: capacity)
            guard yett_interface_names(text, &names, capacity) else { return nil }
            return String(decoding: names.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        #expect(names("head\nhead\n    lo:  0 0\n") == "lo\n" && names("head\nhead\n") == "")
        #expect(names("head\nhead\n  lo: 0\neth0:1\n") == "lo\neth0\n")
        #expect(names("") == nil && names("head\n") == nil && names("head\nhead\nlo 0\n") == nil)
        #expect(names("head\nhead\nlo: 0") == nil)
        #expect(names("head\nhead\n  a-very-long-name: 0\n", capacity: 8) == nil)
    }
}
