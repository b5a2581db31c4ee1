// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

extension FirecrackerSuites {
    /// What Firecracker is asked, and what comes of it when all goes well.
    struct FirecrackerTests {
        private static let begin = ["GET /version", "GET /"]
        private static let configure = [
            #"PUT /machine-config {"mem_size_mib":352,"smt":false,"track_dirty_pages":false,"vcpu_count":1}"#,
            #"PUT /boot-source {"boot_args":"reboot=k panic=-1 quiet loglevel=1 mitigations=off nokaslr random.trust_cpu=on 8250.nr_uarts=0","initrd_path":"/initrd","kernel_image_path":"/kernel"}"#,
            #"PUT /drives/root {"drive_id":"root","is_read_only":true,"is_root_device":true,"path_on_host":"/disk"}"#,
            #"PUT /vsock {"guest_cid":3,"uds_path":"/v.socket"}"#, "PUT /entropy {}", "GET /vm/config",
            #"PUT /actions {"action_type":"InstanceStart"}"#, "GET /",
        ]
        private static let save = [
            #"PATCH /vm {"state":"Paused"}"#,
            #"PUT /snapshot/create {"mem_file_path":"/memory","snapshot_path":"/state","snapshot_type":"Full"}"#,
        ]
        private static let load = [
            #"PUT /snapshot/load {"mem_backend":{"backend_path":"/memory","backend_type":"File"},"resume_vm":true,"snapshot_path":"/state"}"#,
            "GET /", "GET /vm/config",
        ]

        @Test("a machine boots by these calls, runs its job, and nothing of it stays")
        func cold() async throws {
            let fake = try FakeFirecracker()
            let result = try await fake.run("import sys\nprint('yett', sys.argv[1:], sys.stdin.read())\nexit(7)") {
                $0.arguments = ["a", "b c"]
                $0.input = Array("in".utf8)
            }
            #expect(result.outcome == .exited(7) && result.text == "yett ['a', 'b c'] in\n", "\(result.errorText)")
            #expect(fake.calls() == Self.begin + Self.configure)
            #expect(fake.log.allSatisfy { ($0["status"] as? Int ?? 200) < 300 }, "the fake refused something")
            #expect(fake.notes("job").first?["filters"] as? Int ?? 0 > 0)
            #expect(await fake.settled() == [])
        }

        @Test("a copy is made by these calls, and the machine that it is copied from by those")
        func copy() async throws {
            let fake = try FakeFirecracker(warm: 1)
            try await fake.driver.warm(.standard)
            #expect(fake.driver.faults == [] && fake.driver.idleCount == 1)
            #expect(fake.calls(0) == Self.begin + Self.configure + Self.save)
            #expect(fake.calls(1) == Self.begin + Self.load)
            #expect(fake.notes("rehearsal").count == 1)
            #expect(fake.log.allSatisfy { ($0["status"] as? Int ?? 200) < 300 }, "the fake refused something")
            let result = try await fake.run("echo yett", .shell)
            #expect(result.text == "yett\n")
            #expect(fake.notes("job").first?["machine"] as? Int == 1, "the one that waited runs the job")
            fake.driver.stop()
            #expect(await fake.settled(\.remains) == [])
        }

        @Test("every copy is told other randomness and the time")
        func fresh() async throws {
            let fake = try FakeFirecracker(warm: 2)
            try await fake.driver.warm(.standard)
            let before = Date().timeIntervalSince1970
            for _ in 0..<2 { #expect(try await fake.run().text == "42\n") }
            let entropy = fake.notes("ioctl").compactMap { $0["content"] as? String }.filter { !$0.isEmpty }
            #expect(entropy.count == 2 && Set(entropy).count == 2 && entropy.allSatisfy { $0.utf8.count == 80 })
            let clocks = fake.notes("clock").compactMap { $0["microseconds"] as? Double }
            #expect(clocks.count == 2 && clocks.allSatisfy { abs($0 / 1e6 - before) < 10 })
        }

        @Test("a copy that was never told that its connection is gone takes the next one")
        func deaf() async throws {
            let fake = try FakeFirecracker(#"{"copy": "deaf"}"#, warm: 1)
            try await fake.driver.warm(.standard)
            #expect(fake.driver.faults == [] && fake.driver.idleCount == 1)
            #expect(try await fake.run().text == "42\n")
        }

        @Test("the receipt says in what, and the host saw no network")
        func receipt() async throws {
            let fake = try FakeFirecracker()
            let result = try await fake.run("import time; time.sleep(0.2)") {
                $0.requirement.strength = .vm
                $0.requirement.acceleration = .hardware
                $0.requirement.needsJail = true
                $0.requirement.needsFilter = true
                $0.requirement.needsOwnUser = true
            }
            let receipt = result.receipt
            #expect(receipt.isolation.driver == "firecracker" && receipt.isolation.strength == .vm)
            #expect(receipt.isolation.groups == (FirecrackerGroups.found()?.version ?? SandboxGroups.none))
            #expect(
                receipt.network.holds && receipt.network.interfaces == ["lo"] && receipt.network.reason == "no_device")
            #expect(receipt.network.namespace != nil && receipt.network.namespace != receipt.network.hostNamespace)
            #expect(receipt.deadline == receipt.started + 5_000_000 && receipt.ended > receipt.started + 200_000)
            #expect(result.timings.setUp > 0 && result.timings.run >= 200_000)
        }

        @Test("the machine's process has a user of its own, no descriptors and no environment but the jailer's")
        func process() async throws {
            let fake = try FakeFirecracker()
            _ = try await fake.run()
            let start = try #require(fake.log.first { $0["start"] != nil }?["start"] as? [String: Any])
            #expect((61_200...61_263).contains(start["user"] as? Int ?? 0))
            // The first process of its namespace.
            #expect(start["process"] as? Int == 1 && start["variables"] as? [String] == ["FAKE_NUMBER", "LC_CTYPE"])
        }

        @Test("the jailer is told these things")
        func jailer() async throws {
            let fake = try FakeFirecracker()
            _ = try await fake.run()
            let text = try String(contentsOfFile: fake.directory + "/jailer.log", encoding: .utf8)
            let words = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String])
            func value(_ option: String) -> [String] {
                words.indices.filter { words[$0] == option }.map { words[$0 + 1] }
            }
            let name = try #require(value("--id").first)
            #expect(name.utf8.count <= 64 && name.hasSuffix("-1"))
            #expect(value("--uid") == value("--gid") && value("--exec-file") == [fake.directory + "/firecracker"])
            #expect(value("--chroot-base-dir").first?.hasPrefix(fake.directory + "/machines/") == true)
            #expect(value("--resource-limit") == ["fsize=16777216", "no-file=1024"])
            #expect(value("--parent-cgroup") == (FirecrackerGroups.found() == nil ? [] : ["yett-firecracker"]))
            #expect(words.suffix(4) == ["--new-pid-ns", "--", "--api-sock", "/api.socket"])
            #expect(!words.contains("--netns") && !words.contains("--daemonize"))
        }

        @Test("what is demanded and not there is refused, and nothing else is tried")
        func demands() async throws {
            let fake = try FakeFirecracker()
            let requests: [(inout SandboxRequest) -> Void] = [
                { $0.requirement.acceleration = .emulated }, { $0.program = .source(.javascript, []) },
                { $0.program = .module([0, 0x61]) }, { $0.limits.memoryBytes = 3 << 30 },
            ]
            for adjust in requests {
                let error = await #expect(throws: SandboxError.self) { try await fake.run(adjust: adjust) }
                #expect(error?.kind == .unsatisfied)
            }
            #expect(fake.log.isEmpty, "no machine was started for it")
        }

        @Test("the driver says of a machine without hardware why not, and runs nothing there")
        func obstacles() async throws {
            let fake = try FakeFirecracker(virtualization: { () throws(FirecrackerHost.Obstacle) in
                throw FirecrackerHost.Obstacle(reason: "no hardware here", remedy: "buy some")
            })
            #expect(await fake.driver.probe() == .unusable(reason: "no hardware here", remedy: "buy some"))
            let error = await #expect(throws: SandboxError.self) { try await fake.run() }
            #expect(error?.kind == .unavailable && error?.description == "no hardware here (buy some)")
            #expect(fake.log.isEmpty)
        }

        @Test("its probe runs a program of each language")
        func probe() async throws {
            let fake = try FakeFirecracker()
            guard case .usable(let isolation, let kinds) = await fake.driver.probe() else {
                Issue.record("\(await fake.driver.probe())")
                return
            }
            #expect(kinds == [.python, .shell] && isolation.acceleration == .hardware && isolation.isFiltered)
        }

        @Test("four at once are four machines, each with its own user")
        func atOnce() async throws {
            let fake = try FakeFirecracker(times: FirecrackerTimes())
            try await withThrowingTaskGroup(of: String.self) { group in
                let driver = fake.driver
                for number in 0..<4 {
                    group.addTask { try await Bench.run(.shell, "id -u; echo \(number)", on: driver).text }
                }
                var users: Set<Substring> = []
                for try await text in group { users.insert(text.split(separator: "\n")[0]) }
                #expect(users.count == 4)
            }
            #expect(await fake.settled() == [])
        }
    }
}
