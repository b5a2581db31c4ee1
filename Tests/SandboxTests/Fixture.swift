// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CSpawn
import Foundation
import Glibc

/// The small gate of the tests, as a process of its own.
final class Fixture {
    let process: Int32
    private let output: Int32
    private var collected = ""

    init(_ arguments: [String]) throws {
        (process, output) = try Self.start([Bench.built("sandbox-fixture")] + arguments)
    }

    deinit {
        end()
        close(output)
    }

    /// Reads until the text has come.
    func wait(for text: String) throws {
        var chunk = [UInt8](repeating: 0, count: 4096)
        while !collected.contains(text) {
            var watched = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 20_000) > 0 else { throw FixtureError(said: collected) }
            let count = read(output, &chunk, chunk.count)
            guard count > 0 else { throw FixtureError(said: collected) }
            collected += String(decoding: chunk[..<count], as: UTF8.self)
        }
    }

    private var isEnded = false

    /// Kills and reaps it.
    func end() {
        guard !isEnded else { return }
        isEnded = true
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    /// Runs a program to its end; what it printed.
    static func outcome(_ words: [String]) throws -> String {
        let (process, output) = try start(words)
        defer {
            close(output)
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        var collected: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            var watched = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 120_000) > 0 else { break }
            let count = read(output, &chunk, chunk.count)
            guard count > 0 else { break }
            collected += chunk[..<count]
        }
        return String(decoding: collected, as: UTF8.self)
    }

    private static func start(_ words: [String]) throws -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        guard yett_pipe(&ends) == 0 else { throw FixtureError(said: "no pipe") }
        defer { close(ends[1]) }
        // Who writes may wait.
        _ = fcntl(ends[1], F_SETFL, 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        var vector: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        vector.append(nil)
        defer { vector.forEach { free($0) } }
        let variables = ["PATH=/usr/bin", "CANARY=\(canary)"]
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) }
        environment.append(nil)
        defer { environment.forEach { free($0) } }
        var process: Int32 = 0
        let code = posix_spawn(&process, words[0], &actions, nil, &vector, &environment)
        guard code == 0 else {
            close(ends[0])
            throw FixtureError(said: "\(words[0]): \(String(cString: strerror(code)))")
        }
        return (process, ends[0])
    }

    /// What must never be seen inside of a sandbox.
    static let canary = "canary-\(UInt64.random(in: 0...UInt64.max))"
}

struct FixtureError: Error, CustomStringConvertible {
    let said: String
    var description: String { "the fixture said: \(said)" }
}

/// Copies of the programs where every user can execute them.
struct ReadableCopy {
    let directory: String
    var path: String { directory + "/sandbox-fixture" }

    init() throws {
        directory = "/tmp/yett-sandbox-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for program in ["sandbox-fixture", "yett-sandbox"] {
            _ = try Fixture.outcome(["/usr/bin/cp", Bench.built(program), directory + "/"])
        }
        // The toolchain's libraries lie in a home that is closed to others; the program looks beside itself as well.
        for library in try Self.libraries() {
            _ = try Fixture.outcome(["/usr/bin/cp", "-L", library, directory + "/"])
        }
        chmod(directory, 0o755)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static func libraries() throws -> Set<String> {
        let maps = try Fixture.outcome(["/usr/bin/ldd", Bench.built("sandbox-fixture")])
        let paths = maps.split(separator: "\n").compactMap { line -> String? in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count >= 3, words[1] == "=>" else { return nil }
            return String(words[2])
        }
        return Set(paths.filter { !$0.hasPrefix("/lib") && !$0.hasPrefix("/usr/lib") && $0.hasPrefix("/") })
    }
}

/// What a launcher holds at one time.
struct Census {
    let children: [Int32]
    let groups: [String]
    let mounts: Int
    let helperDescriptors: Int
    let ownDescriptors: Int

    /// What is there when the launcher has as much as before, or two seconds later: it says that a run is over before it has
    /// closed the last of it.
    static func settled(like before: Census, helper: Int32) throws -> Census {
        let last = ContinuousClock.now + .seconds(2)
        var census = try Census(helper: helper)
        while !census.isAsMuch(as: before), ContinuousClock.now < last {
            usleep(10_000)
            census = try Census(helper: helper)
        }
        return census
    }

    private func isAsMuch(as other: Census) -> Bool {
        helperDescriptors == other.helperDescriptors && children.count == other.children.count
            && groups.count == other.groups.count
    }

    init(helper: Int32) throws {
        let files = FileManager.default
        let text = (try? String(contentsOfFile: "/proc/\(helper)/task/\(helper)/children", encoding: .utf8)) ?? ""
        children = text.split(separator: " ").compactMap { Int32($0) }
        var groups: [String] = []
        for root in ["memory", "pids", "cpu", "unified", ""] {
            guard let found = files.enumerator(atPath: "/sys/fs/cgroup/\(root)") else { continue }
            for case let path as String in found where path.contains("yett-sandbox/\(helper)-") {
                if found.fileAttributes?[.type] as? FileAttributeType == .typeDirectory {
                    groups.append("\(root)/\(path)")
                }
            }
        }
        self.groups = groups
        mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8).split(separator: "\n").count
        helperDescriptors = (try? files.contentsOfDirectory(atPath: "/proc/\(helper)/fd").count) ?? 0
        ownDescriptors = try files.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
}
