// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Sandbox

/// What the emulator is started with.
struct MachineCommandTests {
    static func command(_ memory: MachineCommand.Memory, _ acceleration: SandboxAcceleration = .emulated)
        -> MachineCommand
    {
        MachineCommand(
            acceleration: acceleration, timestampKilohertz: 2_596_000, guestMebibytes: 352, memory: memory,
            filters: acceleration == .hardware ? 0 : 2)
    }

    @Test(
        "no network card, no other device than a disk to read from and a channel",
        arguments: [MachineCommand.Memory.own, .template, .copy], [SandboxAcceleration.emulated, .hardware])
    func devices(memory: MachineCommand.Memory, acceleration: SandboxAcceleration) throws {
        let words = Self.command(memory, acceleration).words
        func values(_ option: String) -> [String] {
            words.indices.filter { words[$0] == option }.compactMap {
                words.indices.contains($0 + 1) ? words[$0 + 1] : nil
            }
        }
        #expect(values("-nic") == ["none"] && words.contains("-nodefaults") && words.contains("-no-user-config"))
        #expect(
            values("-device") == [
                "virtio-serial-device", "virtserialport,chardev=channel,name=yett,nr=1", "virtio-blk-device,drive=root",
            ])
        #expect(values("-drive").allSatisfy { $0.hasSuffix("readonly=on") } && values("-drive").count == 1)
        #expect(!words.contains { $0.contains("netdev") || $0.contains("vsock") || $0 == "-virtfs" || $0 == "-fsdev" })
        #expect(values("-chardev").count == (memory == .own ? 1 : 2))
        // Who hangs without it, and who must not be told it.
        let line = try #require(values("-append").first)
        #expect(line.contains("tsc_early_khz=2596000") == (acceleration == .emulated))
        #expect(words.contains("-sandbox") == (acceleration == .hardware))
    }

    @Test("its jail shows it itself, its libraries and its firmware, and no network")
    func jail() {
        let words = Self.command(.copy).jail(firstFilter: 14, links: [("/lib", "usr/lib"), ("/lib64", nil)])
        for word in ["--unshare-net", "--unshare-pid", "--unshare-user", "--disable-userns", "--die-with-parent"] {
            #expect(words.contains(word))
        }
        #expect(words.firstRange(of: ["--add-seccomp-fd", "14", "--add-seccomp-fd", "15"]) != nil)
        #expect(words.firstRange(of: ["--cap-drop", "ALL"]) != nil)
        #expect(!words.contains("--bind") && !words.contains("--dev-bind") && !words.contains("--dev"))
        #expect(words.firstRange(of: ["--symlink", "usr/lib", "/lib"]) != nil)
    }

    @Test(
        "jobs go into machines of few sizes",
        arguments: [(16 << 20, 64), (64 << 20, 64), (65 << 20, 128), (256 << 20, 256), (2048 << 20, 2048)])
    func sizes(bytes: Int, mebibytes: Int) throws {
        var limits = SandboxLimits.standard
        limits.memoryBytes = bytes
        let kind = try #require(MachineKind(image: "x", limits))
        #expect(kind.jobMebibytes == mebibytes && kind.guestMebibytes > mebibytes && kind.wholeBytes > bytes)
        limits.memoryBytes = 2049 << 20
        #expect(MachineKind(image: "x", limits) == nil)
    }

    @Test("a job's frame has its parts in the order that the agent reads them")
    func frame() {
        var request = SandboxRequest(.source(.shell, Array("echo".utf8)))
        request.input = Array("in".utf8)
        request.arguments = ["a", "bc"]
        request.files = [SandboxFile(path: "f", bytes: [7])].compactMap { $0 }
        let bytes = GuestJob(request: request, filters: [[1, 2, 3, 4, 5, 6, 7, 8]])
            .bytes(entropy: [UInt8](repeating: 9, count: 32), nanoseconds: 0x0102)
        #expect(bytes.prefix(4).elementsEqual("YVJ1".utf8) && bytes[4..<36].allSatisfy { $0 == 9 })
        #expect(bytes[36] == 2 && bytes[37] == 1 && bytes[44] == 2)
        let rest =
            Array("echoina".utf8) + [0] + Array("bc".utf8) + [0, 1, 0, 1, 0, 0, 0] + Array("f".utf8) + [7, 8, 0, 0, 0]
        #expect(bytes.dropFirst(4 + 32 + 8 + 4 + 4 + 32 + 32).elementsEqual(rest + [1, 2, 3, 4, 5, 6, 7, 8]))
    }
}
