// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

/// A layer that is missing is an error that names what brings it; there is no weaker launch.
@Suite struct MissingLayerTests {
    @Test("names the package when bubblewrap is missing", .enabled(if: geteuid() == 0))
    func bubblewrap() async throws {
        let bench = try await Workbench.shared(.root)
        let outcome = try await hiding("mount -t tmpfs none /usr/bin", bench)
        #expect(outcome.code == 125 && outcome.errors.contains("apt-get install bubblewrap"), "\(outcome)")
    }

    @Test("names the setting when user namespaces are switched off", arguments: Account.available)
    func userNamespaces(account: Account) async throws {
        let bench = try await Workbench.shared(account)
        let script = "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$@\""
        let launch = Array(bench.launchCommand(["/bin/true"]).dropFirst(account.prefix.count))
        let command = account.prefix + ["/usr/bin/unshare", "-Ur", "/bin/sh", "-c", script, "sh"] + launch
        let outcome = await (try RunningProgram(command)).outcome()
        #expect(outcome.code == 125 && outcome.errors.contains("sysctl -w user.max_user_namespaces="), "\(outcome)")
    }

    @Test("names the place when the helper is missing", arguments: Account.available)
    func helper(account: Account) async throws {
        let bench = try await Workbench(account)
        try FileManager.default.removeItem(atPath: bench.root + "/bin/yett-jail")
        let outcome = try await bench.launch(["/bin/true"])
        #expect(outcome.code == 125 && outcome.errors.contains("\(bench.root)/bin/yett-jail"), "\(outcome)")
    }

    @Test("refuses a gate's socket that is none or is not there", arguments: ["hello.txt", "nothing"])
    func gateSocket(name: String) async throws {
        let bench = try await Workbench.shared(.ordinary)
        let launch = bench.launchCommand(["/bin/true"]).map {
            $0 == bench.gate + "/gate.sock" ? bench.gate + "/www/" + name : $0
        }
        let outcome = await (try RunningProgram(launch)).outcome()
        #expect(outcome.code == 125 && outcome.errors.contains(name), "\(outcome)")
    }

    @Test("without the gate nothing is reached", arguments: Account.available)
    func gateGone(account: Account) async throws {
        let bench = try await Workbench(account)
        bench.stopGate()
        let outcome = try await bench.script("curl -sS -m 60 http://web.test/hello.txt; echo code $?")
        #expect(outcome.code == 0 && !outcome.output.contains("code 0"), "\(outcome)")
    }

    @Test(
        "a file system without id-mapped mounts serves what everybody may use, and refuses the rest",
        .enabled(if: geteuid() == 0))
    func unmapped() async throws {
        let bench = try await Workbench.shared(.root)
        let mount =
            "mkdir -p /mnt && mount -t ramfs none /mnt && mkdir -m 755 /mnt/open /mnt/private"
            + " && echo text > /mnt/open/file && chmod 700 /mnt/private"
        let open = try await hiding(mount, bench, options: ["--read", "/mnt/open"], ["/bin/cat", "/mnt/open/file"])
        #expect(open.code == 0 && open.output == "text\n", "\(open)")
        for options in [["--read", "/mnt/private"], ["--write", "/mnt/open"]] {
            let refused = try await hiding(mount, bench, options: options)
            #expect(refused.code == 125 && refused.errors.contains("id-mapped"), "\(refused)")
        }
    }

    /// Launches as root after a change to the mounts that only this launch sees.
    private func hiding(
        _ change: String, _ bench: Workbench, options: [String] = [], _ command: [String] = ["/bin/true"]
    ) async throws -> Outcome {
        let launch =
            ["\(bench.root)/bin/launch-fixture", bench.gate + "/gate.sock", bench.work]
            + options + ["--"] + command
        return await
            (try RunningProgram(["/usr/bin/unshare", "-m", "/bin/sh", "-c", change + " && exec \"$@\"", "sh"] + launch))
            .outcome()
    }
}
