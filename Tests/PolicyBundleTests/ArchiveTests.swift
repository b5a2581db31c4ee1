// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import PolicyBundle

@Suite struct ArchiveTests {
    private let limits = BundleLimits()

    @Test func `packs the same files to the same bytes and reads them back`() throws {
        let long = String(repeating: "d/", count: 80) + "data.json"
        let files = [
            BundleFile("b.rego", "package b"), BundleFile(long, "{}"), BundleFile("a.rego", ""),
            BundleFile("ü.rego", String(repeating: "x", count: 5000)),
        ]
        let archive = try BundleWriter.archive(files)
        #expect(try BundleWriter.archive(files.reversed()) == archive)
        let read = try TarReader.files(in: Gzip.inflate(archive, limits: limits), limits: limits)
        #expect(Set(read) == Set(files))
    }

    @Test(
        arguments: [
            ("/data.json", "data.json"), ("./data.json", "data.json"), ("a/b.rego", "a/b.rego"), ("a/", "a"),
            ("/", nil), ("./", nil), (".", nil), ("..data", "..data"), (".manifest", ".manifest"),
        ])
    func `takes the leading slash off`(name: String, path: String?) throws {
        #expect(try BundlePath.normalize(Array(name.utf8), limits: limits) == path)
    }

    @Test(
        arguments: [
            "..", "../a", "a/../b", "a/..", "//a", "a//b", "a/./b", "/./a", "/../a", "././a", "a\\b", "a\u{0}b", "a\nb",
            String(repeating: "a", count: 1025),
        ])
    func `refuses names that lead elsewhere`(name: String) {
        #expect(throws: BundleFailure.self) { try BundlePath.normalize(Array(name.utf8), limits: limits) }
    }

    @Test func `refuses names that are not UTF-8`() {
        #expect(throws: BundleFailure.self) { try BundlePath.normalize([0x61, 0xFF], limits: limits) }
    }

    @Test(arguments: ["1", "2", "3", "4", "6", "S", "V", "Z"] as [Character])
    func `refuses links, devices and everything else that is no file`(kind: Character) throws {
        var archive = RawArchive()
        archive.add("data.json", kind: kind)
        #expect(throws: BundleFailure.self) { try TarReader.files(in: archive.whole, limits: limits) }
    }

    @Test func `reads long names of both kinds and prefixes`() throws {
        var archive = RawArchive()
        archive.addAttribute("15 path=a.rego\n20 mtime=1234567.89\n")
        archive.add("other", [1])
        archive.add("@LongLink", Array("b.rego\0".utf8), kind: "L")
        archive.add("other", [2])
        archive.add("c.rego", [3], prefix: "p/q")
        archive.add("d", kind: "5")
        archive.add("d/e.rego", [4], kind: "\0")
        archive.addAttribute("9 size=3\n")
        archive.add("f.rego", [5, 6, 7], size: 0)
        let files = try TarReader.files(in: archive.whole, limits: limits)
        #expect(files.map(\.path) == ["a.rego", "b.rego", "p/q/c.rego", "d/e.rego", "f.rego"])
        #expect(files.map(\.bytes) == [[1], [2], [3], [4], [5, 6, 7]])
    }

    @Test(
        arguments: [
            "99 path=a\n", "5 path=a\n", "x path=a\n", "11 path=../a\n", "", "9 path=aa", "10 patha..\n", "2 \n",
            "9 size=x\n", "22 GNU.sparse.major=1\n", "99999999999999 path=a\n", "0 path=a\n", "-1 path=a\n",
        ])
    func `refuses damaged attributes`(line: String) {
        var archive = RawArchive()
        archive.addAttribute(line.isEmpty ? " " : line)
        archive.add("a")
        #expect(throws: BundleFailure.self) { try TarReader.files(in: archive.whole, limits: limits) }
    }

    @Test func `refuses huge records`() {
        for kind in ["x", "g", "L", "K"] as [Character] {
            var archive = RawArchive()
            archive.add("record", [UInt8](repeating: 0x61, count: 65 << 10), kind: kind)
            archive.add("a")
            #expect(throws: BundleFailure.limit("a record of the archive has 66560 bytes")) {
                try TarReader.files(in: archive.whole, limits: limits)
            }
        }
    }

    @Test func `refuses a file that stands twice, however it is written`() {
        var archive = RawArchive()
        archive.add("/data.json", Array("{}".utf8))
        archive.add("./data.json", Array("{}".utf8))
        #expect(throws: BundleFailure.path("data.json", "stands twice in the archive")) {
            try TarReader.files(in: archive.whole, limits: limits)
        }
    }

    @Test func `keeps names apart that only look alike`() throws {
        var archive = RawArchive()
        archive.add("caf\u{e9}.rego")
        archive.add("cafe\u{301}.rego")
        #expect(try TarReader.files(in: archive.whole, limits: limits).count == 2)
    }

    @Test func `refuses what is damaged`() throws {
        var wrongSum = RawArchive()
        wrongSum.add("a", sumOffset: 1)
        var tooLarge = RawArchive()
        tooLarge.add("a", size: 4096)
        var noFile = RawArchive()
        noFile.addAttribute("9 path=a\n")
        var directory = RawArchive()
        directory.add("a", [1], kind: "5")
        var whole = RawArchive()
        whole.add("a", [1])
        let inputs = [
            wrongSum.whole, tooLarge.whole, noFile.whole, noFile.bytes, directory.whole, Array(whole.whole.prefix(700)),
            whole.whole + [1], Array(whole.bytes.prefix(100)), [UInt8](repeating: 0xFF, count: 512),
        ]
        for input in inputs.dropFirst(2).prefix(4) + inputs {
            if input == Array(whole.whole.prefix(700)) { continue }
            #expect(throws: BundleFailure.self) { try TarReader.files(in: input, limits: limits) }
        }
    }

    @Test func `counts files`() throws {
        var archive = RawArchive()
        for number in 0..<10_001 { archive.add("\(number)") }
        #expect(throws: BundleFailure.limit("more than 10000 files")) {
            try BundleReader().read(archive: archive.compressed)
        }
    }

    @Test func `refuses a bundle that unpacks to a thousand times its size`() throws {
        let bomb = try Gzip.deflate([UInt8](repeating: 0, count: 32 << 20))
        #expect(bomb.count < 40_000)
        #expect(throws: BundleFailure.limit("it unpacks to more than 250 times its size")) {
            try BundleReader().read(archive: bomb)
        }
    }

    @Test func `bounds what is unpacked`() throws {
        var limits = BundleLimits()
        limits.unpackedBytes = 1000
        limits.entries = 10
        var reader = BundleReader(limits: limits)
        var archive = RawArchive()
        archive.add("a", [UInt8](repeating: 1, count: 600))
        archive.add("b", [UInt8](repeating: 1, count: 600))
        #expect(throws: BundleFailure.limit("more than 1000 bytes unpacked")) {
            try reader.read(archive: archive.compressed)
        }
        archive.add("c", [UInt8](repeating: 1, count: 60_000))
        #expect(throws: BundleFailure.limit("more than 1000 bytes unpacked")) {
            try reader.read(archive: archive.compressed)
        }
        reader.limits.archiveBytes = 100
        #expect(throws: BundleFailure.limit("more than 100 bytes as downloaded")) {
            try reader.read(archive: archive.compressed)
        }
    }

    @Test func `refuses truncated, damaged and foreign compression`() throws {
        var archive = RawArchive()
        archive.add("data.json", Array(#"{"a":1}"#.utf8))
        let whole = try archive.compressed
        for length in 0..<whole.count {
            #expect(throws: BundleFailure.self) { try BundleReader().read(archive: Array(whole.prefix(length))) }
        }
        for position in stride(from: 0, to: whole.count, by: 1) {
            var changed = whole
            changed[position] ^= 0x55
            // Only the time, the flags that nobody reads and the name of the system may change.
            if let content = try? BundleReader().read(archive: changed) {
                #expect((4...9).contains(position))
                #expect(content.data == Array(#"{"a":1}"#.utf8))
            }
        }
        #expect(throws: BundleFailure.self) { try BundleReader().read(archive: archive.whole) }
        #expect(throws: BundleFailure.self) { try BundleReader().read(archive: whole + [1, 2, 3]) }
    }
}
