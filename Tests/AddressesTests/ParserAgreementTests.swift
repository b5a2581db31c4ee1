// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Glibc
import Testing

/// Generated texts, judged by this module and by the C library: where the two could mean different hosts, we refuse.
@Suite struct ParserAgreementTests {
    /// Texts that look like addresses, from pieces that parsers disagree about.
    private func texts(_ pieces: [String], count: Int, longest: Int, seed: UInt64) -> [String] {
        var numbers = SplitMix(state: seed)
        return (0..<count).map { _ in
            let length = Int(numbers.next() % UInt64(longest)) + 1
            return (0..<length).map { _ in pieces[Int(numbers.next() % UInt64(pieces.count))] }.joined()
        }
    }

    @Test("whatever inet_aton reads is a canonical quad or no host at all")
    func inetAton() {
        let pieces = [
            "0", "1", "7", "8", "9", "127", "255", "256", "0x", "0X7f", "x", "a", "f", ".", ".", ".", ".", "00", "+",
            "-", " ",
        ]
        var read = 0
        for text in texts(pieces, count: 60_000, longest: 8, seed: 11) {
            var address = in_addr()
            guard inet_aton(text, &address) == 1 else { continue }
            read += 1
            switch try? Host(parsing: text) {
            case nil: break
            case .address(.v4(let own)): #expect(own.rawValue == UInt32(bigEndian: address.s_addr), "\(text)")
            case .some(let host): Issue.record("\(text) became \(host)")
            }
        }
        #expect(read > 1000)
    }

    @Test("reads exactly the IPv4 texts that inet_pton reads")
    func inetPton4() {
        let pieces = ["0", "1", "25", "255", "256", "01", "9", ".", ".", ".", ".", "x"]
        for text in texts(pieces, count: 60_000, longest: 9, seed: 12) {
            var address = in_addr()
            let expected = inet_pton(AF_INET, text, &address) == 1 ? UInt32(bigEndian: address.s_addr) : nil
            #expect(IPv4Address(canonical: text)?.rawValue == expected, "\(text)")
        }
    }

    @Test("reads exactly the IPv6 texts that inet_pton reads, and writes what it reads")
    func inetPton6() {
        let pieces = ["0", "1", "ffff", "abc", "F", "12345", ":", ":", ":", "::", "::", "1.2.3.4", ".", ":0:", "g"]
        var read = 0
        for text in texts(pieces, count: 80_000, longest: 14, seed: 13) {
            var address = in6_addr()
            let isRead = inet_pton(AF_INET6, text, &address) == 1
            let number = withUnsafeBytes(of: &address) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) }
            let own = IPv6Address(canonical: text)
            #expect(own?.rawValue == (isRead ? number : nil), "\(text)")
            if let own {
                read += 1
                #expect(IPv6Address(canonical: own.description) == own, "\(text)")
            }
        }
        #expect(read > 1000)
    }

    @Test("any bytes give a host that is its own canonical text, or an error")
    func anyBytes() {
        var numbers = SplitMix(state: 14)
        let likely = Array("abcxn--.0123456789:[]%_@/*".utf8)
        for _ in 0..<60_000 {
            let bytes = (0..<Int(numbers.next() % 24)).map { _ -> UInt8 in
                let number = numbers.next()
                return number % 16 == 0
                    ? UInt8(truncatingIfNeeded: number >> 8)
                    : likely[Int(number >> 8 % UInt64(likely.count)) % likely.count]
            }
            guard let endpoint = try? bytes.withUnsafeBytes({ try Endpoint(parsing: $0, defaultPort: 80) }) else {
                continue
            }
            let again = try? Endpoint(parsing: endpoint.description)
            #expect(again == endpoint)
            #expect(endpoint.description.utf8.allSatisfy { $0 < 0x80 && !(0x41...0x5a).contains($0) })
        }
    }

    @Test("an xn-- label of any bytes ends, and what is accepted encodes back")
    func anyPunycode() {
        var numbers = SplitMix(state: 15)
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)
        var accepted = 0
        for _ in 0..<40_000 {
            let label = (0..<Int(numbers.next() % 12)).map { _ in alphabet[Int(numbers.next() % 37)] }
            if (try? HostName(parsing: "xn--" + String(decoding: label, as: UTF8.self) + ".test")) != nil {
                accepted += 1
            }
        }
        #expect(accepted > 0)
    }
}
