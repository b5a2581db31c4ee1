// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Sandbox

/// Runs programs of every ending many times, and compares what there is before and after.
enum LeakHunt {
    /// Ids that nothing else on the machine bears, so that everything of theirs is of these runs.
    private static let users: ClosedRange<UInt32> = 61_900...61_915
    private static let atOnce = 4

    private static let shell = [
        "true", "exit 7", "echo x", "sleep 9 & exit 0", "kill -9 $$", "cat /dev/zero", "echo x > /tmp/x; sleep 9",
        "while :; do :; done", "(setsid sleep 9 &) ; mkfifo /tmp/f", "kill -9 -1", "b() { b | b & }; b",
        "mkdir -p /tmp/a/b/c; exec 1>&- 2>&-; sleep 9",
    ]

    /// What may end only at its deadline has a short one.
    private static func request(_ number: Int) -> SandboxRequest {
        let index = number % shell.count
        var request = SandboxRequest(.source(.shell, Array(shell[index].utf8)))
        request.limits.wallMilliseconds = [6, 7, 10, 11].contains(index) ? 30 : 5000
        request.limits.outputBytes = 4096
        request.limits.memoryBytes = 64 << 20
        return request
    }

    private static func once(_ number: Int, _ driver: any SandboxDriver) async -> String {
        var wanted = request(number)
        if driver.name == "wasm" {
            wanted.program =
                number % 3 == 0 ? Drivers.spinning(driver) : .module(number % 3 == 1 ? Drivers.emptyModule : [0])
            wanted.limits.wallMilliseconds = number % 3 == 0 ? 30 : 5000
        }
        let request = wanted
        // Every fifth one is cut somewhere.
        let task = Task { () -> String in
            do {
                return try await driver.run(request, listener: nil).outcome.name
            } catch let error as SandboxError {
                return error.kind.rawValue
            } catch {
                return "\(error)"
            }
        }
        if number % 5 == 0 {
            try? await Task.sleep(for: .milliseconds(number % 37))
            task.cancel()
        }
        return await task.value
    }

    /// Whether nothing is left.
    static func run(_ name: String, _ count: Int) async -> Bool {
        var settings = NamespaceDriver.Settings()
        settings.users = users
        settings.jobs = 32
        guard let driver = Drivers.named(name, jail: settings) else { return false }
        if case .unusable(let reason, let remedy) = await driver.probe() {
            say("not run: \(name): \(reason) [\(remedy)]")
            return true
        }
        // As many at once as later, and more: each user id that was ever taken is a claim that the launcher keeps.
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<(2 * atOnce) { group.addTask { _ = await once(5 * number + 8, driver) } }
        }
        for number in 0..<40 { _ = await once(number, driver) }
        let before = Belongings(users: users)
        let start = ContinuousClock.now
        var ends: [String: Int] = [:]
        await withTaskGroup(of: String.self) { group in
            for number in 0..<count {
                if number >= atOnce, let end = await group.next() { ends[end, default: 0] += 1 }
                group.addTask { await once(number, driver) }
            }
            for await end in group { ends[end, default: 0] += 1 }
        }
        let taken = start.duration(to: .now)
        // A run's thread gives its descriptors back just after the result.
        let settled = ContinuousClock.now + .seconds(2)
        var after = Belongings(users: users)
        while ContinuousClock.now < settled, !after.exceeding(before, waiting: name == "wasm").isEmpty {
            try? await Task.sleep(for: .milliseconds(20))
            after = Belongings(users: users)
        }
        let words = ends.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        say("\(name): \(count) runs in \(taken): \(words)")
        let more = after.exceeding(before, waiting: name == "wasm")
        for line in before.lines(against: after) { say("  " + line) }
        for line in more { say("left: " + line) }
        return more.isEmpty
    }
}

/// What this process, its launcher, and the sandboxes' users have.
struct Belongings {
    private var counts: [(name: String, count: Int)] = []

    init(users: ClosedRange<UInt32>) {
        let launchers = Self.children(of: getpid())
        let processes = [getpid()] + launchers
        counts = [
            ("processes of the sandboxes' users", Self.processes(of: users)),
            ("children of the launcher", launchers.reduce(0) { $0 + Self.children(of: $1).count }),
            ("launchers", launchers.count),
            ("control groups", launchers.reduce(0) { $0 + Self.groups(of: $1) }),
            ("mounts", processes.reduce(0) { $0 + Self.lines("/proc/\($1)/mounts") }),
            ("descriptors", processes.reduce(0) { $0 + Self.descriptors(of: $1, of: "") }),
            ("sockets", processes.reduce(0) { $0 + Self.descriptors(of: $1, of: "socket:") }),
            ("threads", Self.names("/proc/self/task").count),
            ("files of the sandboxes' users", Self.files(of: users)),
        ]
    }

    /// What there is more of than before, in words.
    func exceeding(_ before: Belongings, waiting: Bool) -> [String] {
        zip(counts, before.counts).compactMap { after, before in
            // Warm workers wait, now some more and now some fewer of them, and threads end when they like.
            let slack = after.name == "threads" ? 8 : waiting ? 40 : 0
            return after.count > before.count + slack ? "\(after.count - before.count) more \(after.name)" : nil
        }
    }

    func lines(against after: Belongings) -> [String] {
        zip(counts, after.counts).map { "\($0.name): \($0.count) before, \($1.count) after" }
    }

    private static func names(_ path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    private static func lines(_ path: String) -> Int { text(path).split(separator: "\n").count }

    private static func children(of process: Int32) -> [Int32] {
        names("/proc/\(process)/task").flatMap { task in
            text("/proc/\(process)/task/\(task)/children").split(separator: " ").compactMap { Int32($0) }
        }
    }

    private static func descriptors(of process: Int32, of kind: String) -> Int {
        names("/proc/\(process)/fd").filter { name in
            kind.isEmpty
                || (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\(name)"))?
                    .hasPrefix(kind) == true
        }.count
    }

    private static func owner(_ path: String) -> UInt32? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_uid : nil
    }

    private static func processes(of users: ClosedRange<UInt32>) -> Int {
        names("/proc").filter { Int32($0) != nil && owner("/proc/\($0)").map { users.contains($0) } == true }.count
    }

    private static func groups(of launcher: Int32) -> Int {
        var count = 0
        for root in ["memory", "pids", "cpu", "unified", ""] {
            guard let found = FileManager.default.enumerator(atPath: "/sys/fs/cgroup/\(root)") else { continue }
            for case let path as String in found where path.contains("yett-sandbox/\(launcher)-") {
                if found.fileAttributes?[.type] as? FileAttributeType == .typeDirectory { count += 1 }
            }
        }
        return count
    }

    private static func files(of users: ClosedRange<UInt32>) -> Int {
        ["/tmp", "/var/tmp", "/dev/shm", "/run", "/dev/mqueue"].reduce(0) { sum, top in
            sum + names(top).filter { owner(top + "/" + $0).map { users.contains($0) } == true }.count
        }
    }
}
