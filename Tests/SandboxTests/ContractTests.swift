// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Sandbox
import Testing

/// Limits, requests, receipts: the parts that need no process.
@Suite struct ContractTests {
    @Test("a wish narrows, is clamped from above and refused from below", arguments: SandboxLimits.names.map(\.name))
    func wishes(name: String) throws {
        let entry = try #require(SandboxLimits.names.first { $0.name == name })
        let standard = SandboxLimits.standard[keyPath: entry.limit]
        let floor = SandboxLimits.floor[keyPath: entry.limit]
        for wish in [Int64(floor), Int64(standard), Int64(standard) + 1, Int64.max] {
            var wishes = SandboxLimitWishes()
            wishes[name] = wish
            let limits = try SandboxLimits.standard.narrowed(to: wishes)
            #expect(limits[keyPath: entry.limit] == Int(min(wish, Int64(standard))))
            for (other, limit) in SandboxLimits.names where other != name {
                #expect(limits[keyPath: limit] == SandboxLimits.standard[keyPath: limit])
            }
        }
        for wish in [Int64(floor) - 1, 0, -1, Int64.min] {
            var wishes = SandboxLimitWishes()
            wishes[name] = wish
            let error = #expect(throws: SandboxError.self) { try SandboxLimits.standard.narrowed(to: wishes) }
            #expect(error?.kind == .malformed && error?.description.contains(name) == true)
        }
    }

    @Test("narrowing never widens")
    func narrowing() {
        var small = SandboxLimits.floor
        small.memoryBytes = SandboxLimits.ceiling.memoryBytes
        let both = SandboxLimits.standard.narrowed(to: small)
        for (_, limit) in SandboxLimits.names {
            #expect(both[keyPath: limit] <= small[keyPath: limit])
            #expect(both[keyPath: limit] <= SandboxLimits.standard[keyPath: limit])
        }
        #expect(both.memoryBytes == SandboxLimits.standard.memoryBytes)
        #expect(!SandboxLimitWishes.knows("wall") && SandboxLimitWishes.knows("wall_ms"))
    }

    @Test(
        "refuses limits outside of what there is",
        arguments: [0, -1, SandboxLimits.ceiling.wallMilliseconds + 1, Int.max, Int.min])
    func badLimits(milliseconds: Int) {
        var request = SandboxRequest(.source(.python, []))
        request.limits.wallMilliseconds = milliseconds
        #expect(throws: SandboxError.self) { try request.judge() }
    }

    @Test(
        "refuses paths that lead elsewhere",
        arguments: [
            "", "/", "/etc/passwd", "..", "../x", "a/../b", "a//b", "a/", ".hidden", "-rf", "a b", "a\0b", "a\nb", "ä",
            String(repeating: "a", count: 65), "a/b/c/d/e/f/g/h/i", "*", "a/.b", "~",
        ])
    func badPaths(path: String) {
        #expect(SandboxFile(path: path, bytes: []) == nil)
    }

    @Test("takes plain paths", arguments: ["a", "data.csv", "package/__init__.py", "a/b/c/d/e/f/g/h"])
    func goodPaths(path: String) {
        #expect(SandboxFile(path: path, bytes: [])?.path == path)
    }

    @Test("refuses a file below another, and the same file twice")
    func collidingPaths() throws {
        for paths in [["a", "a/b"], ["a/b", "a"], ["a", "a"], ["x", "a/b/c", "a/b"]] {
            var request = SandboxRequest(.source(.shell, []))
            request.files = try paths.map { try #require(SandboxFile(path: $0, bytes: [])) }
            #expect(throws: SandboxError.self) { try request.judge() }
        }
    }

    @Test("refuses what is too large")
    func tooLarge() throws {
        var program = SandboxRequest(
            .source(.python, [UInt8](repeating: 0x23, count: SandboxRequest.programBytesLimit + 1)))
        #expect(throws: SandboxError.self) { try program.judge() }
        program.program = .source(.python, [])
        #expect(throws: Never.self) { try program.judge() }
        program.arguments = [String(repeating: "a", count: SandboxRequest.argumentBytesLimit)]
        #expect(throws: SandboxError.self) { try program.judge() }
        program.arguments = ["zero \0 byte"]
        #expect(throws: SandboxError.self) { try program.judge() }
        program.arguments = []
        let file = try #require(SandboxFile(path: "a", bytes: []))
        program.files = Array(repeating: file, count: SandboxRequest.filesLimit + 1)
        #expect(throws: SandboxError.self) { try program.judge() }
    }

    @Test("a proof of no network holds only for another namespace with nothing but a loopback")
    func networkProof() {
        func proof(_ namespace: UInt64?, _ host: UInt64?, _ interfaces: [String]) -> Bool {
            SandboxNetworkProof(namespace: namespace, hostNamespace: host, interfaces: interfaces, reason: "r").holds
        }
        #expect(proof(1, 2, ["lo"]) && proof(1, 2, []) && proof(nil, nil, []))
        #expect(!proof(1, 1, ["lo"]) && !proof(1, 2, ["lo", "eth0"]) && !proof(1, 2, ["eth0"]))
        #expect(!proof(1, nil, ["lo"]) && !proof(nil, 2, ["lo"]) && !proof(1, 2, ["lo", "lo"]))
    }

    @Test("a receipt has one canonical form, and another one for every change")
    func receipt() throws {
        var request = SandboxRequest(.source(.python, Array("print(1)".utf8)))
        request.files = [
            try #require(SandboxFile(path: "b", bytes: [1])), try #require(SandboxFile(path: "a", bytes: [])),
        ]
        let isolation = SandboxIsolation(
            driver: "namespace", wall: .namespace, acceleration: nil, isJailed: false, isFiltered: true, groups: .v1,
            hasAtomicKill: true, hasOwnUser: true, isOneShot: true, image: "sha256:00")
        let network = SandboxNetworkProof(namespace: 7, hostNamespace: 8, interfaces: ["lo"], reason: "empty_namespace")
        var receipt = SandboxReceipt(request, isolation: isolation, network: network)
        receipt.outcome = .exited(7)
        receipt.started = 1_000
        receipt.deadline = 5_001_000
        receipt.ended = 2_000
        let text = String(decoding: receipt.canonicalBytes, as: UTF8.self)
        let empty = "\"digest\":\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""
        #expect(text.hasPrefix("{\"arguments\":[],\"deadline_us\":5001000,\"ended_us\":2000,\"exit\":7,\"files\":[{"))
        #expect(text.contains("\"stdout\":{\"bytes\":0,\(empty)}"))
        #expect(text.contains("\"network\":{\"host_namespace\":8,\"interfaces\":[\"lo\"],\"namespace\":7,"))
        #expect(!text.contains("print"))
        #expect(try JSONValue(parsing: receipt.canonicalBytes).canonicalBytes == receipt.canonicalBytes)
        var digests: Set<String> = [receipt.digest]
        receipt.outcome = .signalled(7)
        digests.insert(receipt.digest)
        receipt.isolation.groups = .none
        digests.insert(receipt.digest)
        receipt.ended += 1
        digests.insert(receipt.digest)
        receipt.files[0].path = "c"
        digests.insert(receipt.digest)
        #expect(digests.count == 5)
    }

    @Test("a driver is probed once, until it is forgotten")
    func probesOnce() async {
        let driver = CountingDriver()
        let probes = SandboxProbes([driver])
        async let first = probes.all()
        async let second = probes.all()
        _ = await (first, second)
        #expect(await probes.all().first?.driver == "counting")
        #expect(await driver.count.value == 1)
        await probes.forget("counting")
        _ = await probes.all()
        #expect(await driver.count.value == 2)
    }
}

/// A driver that counts how often it was asked.
struct CountingDriver: SandboxDriver {
    actor Count {
        private(set) var value = 0
        func add() { value += 1 }
    }

    let name = "counting"
    let count = Count()

    func probe() async -> SandboxVerdict {
        await count.add()
        return .unusable(reason: "it only counts", remedy: "")
    }

    func run(_ request: SandboxRequest, listener: SandboxListener?) async throws(SandboxError) -> SandboxResult {
        throw .refused(.unavailable, "it only counts")
    }
}
