// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import LeakDetection

@Suite("Checksum") struct ChecksumTests {
    @Test("SHA-256 gives the digests of FIPS 180-4's examples")
    func digest() {
        #expect(
            EncodedBytes.hexadecimal(SHA256.digest(Array("abc".utf8)))
                == Array("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".utf8))
        #expect(
            EncodedBytes.hexadecimal(SHA256.digest([]))
                == Array("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".utf8))
    }

    @Test("CRC-32 gives the check value of its catalogue")
    func crc() { #expect(Checksum.crc32(Array("123456789".utf8)) == 0xcbf4_3926) }

    @Test("a token of GitHub is told by its checksum from one that only has the form")
    func gitHub() throws {
        let characters = Array("0123456789abcdefghijABCDEFGHIJ".utf8)
        let token = Array("ghp_".utf8) + characters + GitHubToken.checksum(of: characters)
        let matcher = try LeakMatcher()
        #expect(matcher.inspect(token + Array(" x".utf8)).findings.map(\.name) == ["github-token-checked"])
        #expect(matcher.inspect(token.dropLast() + Array("! x".utf8)).findings.map(\.name) == ["github-token"])
    }
}
