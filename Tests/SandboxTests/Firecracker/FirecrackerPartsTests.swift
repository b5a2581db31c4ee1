// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CSandbox
import Foundation
import Glibc
import Testing

@testable import Sandbox

/// What needs no machine.
struct FirecrackerPartsTests {
    @Test(
        "control groups are found where the jailer finds them",
        arguments: [
            ("cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n", "cpuset cpu io memory pids\n", SandboxGroups.v2),
            ("cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n", "cpu memory\n", nil),
            ("cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n", "", nil), ("", "cpu memory pids", nil),
            (
                "cgroup /c/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\ncgroup /c/m cgroup rw,memory 0 0\n"
                    + "cgroup /c/p cgroup rw,pids 0 0\ncgroup2 /c/u cgroup2 rw 0 0\n", "", .v1
            ),
            ("cgroup /c/m cgroup rw,memory 0 0\ncgroup /c/p cgroup rw,pids 0 0\n", "", nil),
            (
                "cgroup /c/cpu cgroup rw,cpuset,xcpu 0 0\ncgroup /c/m cgroup rw,memory 0 0\ncgroup /c/p cgroup rw,pids 0 0",
                "", nil
            ),
            ("cgroup2 /sys/fs/my\\040groups cgroup2 rw 0 0\n", "cpu memory pids", nil),
            ("cgroup2 sys/fs/cgroup cgroup2 rw 0 0\n", "cpu memory pids", nil),
            ("cgroup2 /c cgroup2\n", "cpu memory pids", nil),
        ] as [(String, String, SandboxGroups?)])
    func groups(mounts: String, unified: String, version: SandboxGroups?) throws {
        let groups = FirecrackerGroups(mounts: mounts) { _ in unified }
        #expect(groups?.version == version)
        guard let groups else { return }
        let kind = try #require(MachineKind(image: "x", .standard))
        var expected = ["memory.max=\(kind.wholeBytes)", "pids.max=32", "cpu.max=100000 100000"]
        if version == .v1 {
            expected = ["memory.limit_in_bytes=\(kind.wholeBytes)", "pids.max=32", "cpu.cfs_quota_us=100000"]
        }
        #expect(groups.settings(kind).map { "\($0.file)=\($0.value)" } == expected)
        #expect(groups.directories(of: "a-1").allSatisfy { $0.hasSuffix("/yett-firecracker/a-1") })
        #expect(groups.directories(of: "a-1").count == (version == .v2 ? 1 : 3))
    }

    @Test("the jailer's command line")
    func command() throws {
        let kind = try #require(MachineKind(image: "x", .standard))
        let groups = FirecrackerGroups(mounts: "cgroup2 /g cgroup2 rw 0 0\n") { _ in "cpu memory pids" }
        let command = JailerCommand(
            id: "1-a-1", executable: "/usr/local/bin/firecracker-v1.17.0", base: "/m", groups: groups, fileBytes: 1000)
        #expect(
            command.words(kind) == [
                "--id", "1-a-1", "--exec-file", "/usr/local/bin/firecracker-v1.17.0", "--chroot-base-dir", "/m",
                "--cgroup-version", "2", "--parent-cgroup", "yett-firecracker", "--cgroup",
                "memory.max=\(kind.wholeBytes)", "--cgroup", "pids.max=32", "--cgroup", "cpu.max=100000 100000",
                "--resource-limit", "fsize=1000", "--resource-limit", "no-file=1024", "--new-pid-ns", "--",
                "--api-sock",
                "/api.socket",
            ])
        #expect(command.directory == "/m/firecracker-v1.17.0/1-a-1" && command.root == command.directory + "/root")
        var bare = command
        bare.groups = nil
        #expect(!bare.words(kind).contains { $0.hasPrefix("--cgroup") || $0 == "--parent-cgroup" })
    }

    @Test("an answer is the same in pieces of any size", arguments: [1, 2, 7, 64, 1 << 20])
    func pieces(size: Int) throws {
        let good = Array("HTTP/1.1 400 \r\nServer: x\r\nContent-Length: 21\r\n\r\n{\"fault_message\":\"a\"}".utf8)
        var answer = FirecrackerAnswer()
        var whole: FirecrackerAnswer.Whole?
        var rest = good[...]
        while !rest.isEmpty {
            #expect(whole == nil)
            whole = try answer.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        #expect(whole?.status == 400 && FirecrackerAnswer.fault(whole?.body) == "a")
    }

    @Test("changed bytes are an answer or are refused, and never more than the limits")
    func mutations() {
        var generator = SystemRandomNumberGenerator()
        let good = Array(
            "HTTP/1.1 200 \r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"state\":\"Paused\"}".utf8)
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                }
            }
            var answer = FirecrackerAnswer()
            let whole = try? answer.append(bytes)
            if let whole { #expect((200...599).contains(whole.status)) }
        }
    }

    @Test(
        "the line that grants a connection is exactly one",
        arguments: [
            ("OK 1\n", true), ("OK 1073741824\n", true), ("OK 4294967295\n", true), ("OK 4294967296\n", false),
            ("OK \n", false), ("OK 1", false), ("ok 1\n", false), ("OK  1\n", false), ("OK +1\n", false),
            ("OK 1\r\n", false),
            ("", false), ("\n", false), ("OK ١\n", false),
        ])
    func handshake(line: String, isGood: Bool) {
        #expect(VsockHandshake.isGood(Array(line.utf8)) == isGood)
    }

    @Test(
        "releases from 1.10 on are used",
        arguments: [
            ("1.10.0", true), ("1.17.0-dev", true), ("1.9.9", false), ("2.0.0", false), ("1.10", false), ("", false),
            ("v1.12.0", false), ("1.99999.0", false), ("-1.12.0", false), ("1.+12.0", false), ("1..12", false),
        ])
    func releases(text: String, isUsed: Bool) {
        #expect(FirecrackerClient.isNewEnough(text) == isUsed)
    }

    @Test("a tree is removed however deep it is, without leaving it")
    func tree() throws {
        let top = "/tmp/yett-tree-\(UInt64.random(in: 0...UInt64.max))"
        let kept = top + "-kept"
        defer { try? FileManager.default.removeItem(atPath: kept) }
        for path in [top, kept] { mkdir(path, 0o755) }
        try Data("x".utf8).write(to: URL(filePath: kept + "/file"))
        symlink(kept, top + "/link")
        mkdir(top + "/closed", 0o000)
        mkfifo(top + "/pipe", 0o600)
        // Deeper than a path can be long, and wide.
        var directory = open(top, O_RDONLY | O_DIRECTORY)
        for _ in 0..<3000 {
            mkdirat(directory, "deep", 0o700)
            symlinkat(kept, directory, "away")
            let next = openat(directory, "deep", O_RDONLY | O_DIRECTORY)
            close(directory)
            directory = next
        }
        close(directory)
        for number in 0..<300 { mkdir("\(top)/\(number)", 0o700) }
        #expect(yett_remove_tree(top) && access(top, F_OK) != 0 && errno == ENOENT)
        #expect(try String(contentsOfFile: kept + "/file", encoding: .utf8) == "x")
        #expect(yett_remove_tree(top), "what is not there need not be removed")
        // A link in its place is not followed.
        symlink(kept, top)
        #expect(!yett_remove_tree(top) && access(kept + "/file", F_OK) == 0)
        unlink(top)
    }

    @Test(
        "the keeper does nothing by hand",
        arguments: [
            "keep", "keep 3", "keep 2 10 61000 10 /d -- /bin/true", "keep x 10 61000 10 /d -- /bin/true",
            "keep 3 -1 61000 10 /d -- /bin/true", "keep 3 10 61000 99999 /d -- /bin/true",
            "keep 3 10 61000 10 d -- /bin/true",
            "keep 3 10 61000 10 /d", "keep 3 10 61000 10 /d --", "keep 3 10 61000 10 /d -- true",
            "keep 3 10 61000 10 /d g -- /bin/true", "keep 3 10 61000 10 /d /1 /2 /3 /4 /5 /6 /7 /8 /9 -- /bin/true",
            "keep 3 99999999999999999999 61000 10 /d -- /bin/true", "keep 3 10 61000 10 /d -- /bin/true \(more)",
        ])
    func keeper(line: String) throws {
        let said = try Fixture.outcome([Bench.built("yett-sandbox")] + line.split(separator: " ").map(String.init))
        #expect(said == "yett-sandbox is started by the gate, not by hand\n")
    }

    private static let more = [String](repeating: "x", count: 80).joined(separator: " ")

    @Test("the driver says what is missing, and what to install")
    func missing() async {
        var settings = FirecrackerDriver.Settings()
        settings.firecracker = "/nowhere/firecracker"
        let verdict = await FirecrackerDriver(settings).probe()
        guard case .unusable(let reason, let remedy) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(reason.contains(geteuid() == 0 ? "/nowhere/firecracker" : "needs root") && !remedy.isEmpty)
    }
}
