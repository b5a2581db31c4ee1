// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Addresses

@Suite struct AddressGuardTests {
    static let plain = AddressGuard()

    private func host(_ text: String = "allowed.test") throws -> Host { try Host(parsing: text) }

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test(
        "refuses the edges and the middle of every block that is not reachable",
        arguments: SpecialPurposeRegistry.standard.rows)
    func refusesTheTable(row: SpecialPurposeRow) throws {
        guard row.reach != .yes else { return }
        for address in [row.block.first, row.block.last] {
            guard let found = SpecialPurposeRegistry.standard.row(for: address), found.reach != .yes else { continue }
            #expect(try !Self.plain.judge(address, host: host(), port: 443).isAllowed, "\(address)")
        }
    }

    @Test(
        "allows public addresses",
        arguments: [
            "1.1.1.1", "100.128.0.1", "172.32.0.1", "192.167.255.255", "169.253.255.255", "203.0.114.10", "192.0.0.9",
            "2606:4700:4700::1111", "2001:200::1", "2620:4f:8000::1", "223.255.255.255", "11.0.0.0",
            "2400::5eff:0a00:1",
        ])
    func allows(text: String) throws {
        #expect(try Self.plain.judge(address(text), host: host(), port: 443) == .allowed(nil))
    }

    @Test(
        "refuses and names the address inside",
        arguments: [
            ("::ffff:10.0.0.1", "IPv4-mapped 10.0.0.1"), ("::ffff:8.8.8.8", "IPv4-mapped 8.8.8.8"),
            ("::8.8.8.8", "IPv4-compatible 8.8.8.8"), ("64:ff9b::7f00:1", "NAT64 127.0.0.1"),
            ("64:ff9b::808:808", "NAT64 8.8.8.8"), ("64:ff9b:1::a00:1", "local NAT64 10.0.0.1"),
            ("64:ff9b:1:a9fe:a9:fe00::", "local NAT64 169.254.169.254"), ("2002:a9fe:a9fe::1", "6to4 169.254.169.254"),
            ("2002:808:808::", "6to4 8.8.8.8"), ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo 192.0.2.45"),
            ("2001:4860::5efe:10.0.0.1", "ISATAP 10.0.0.1"), ("2001:4860::200:5efe:8.8.8.8", "ISATAP 8.8.8.8"),
            ("2001:4860::300:5efe:8.8.8.8", "ISATAP 8.8.8.8"), ("fe80::5efe:10.0.0.1", "ISATAP 10.0.0.1"),
        ])
    func embedded(text: String, inside: String) throws {
        guard case .refused(let refusal) = try Self.plain.judge(address(text), host: host(), port: 443) else {
            Issue.record("\(text) was allowed")
            return
        }
        #expect(refusal.embedded?.description == inside)
        #expect(refusal.description.contains(inside))
    }

    @Test(
        "names the metadata service",
        arguments: [
            "169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "169.254.170.2",
        ])
    func metadata(text: String) throws {
        guard case .refused(let refusal) = try Self.plain.judge(address(text), host: host(), port: 80) else {
            Issue.record("\(text) was allowed")
            return
        }
        #expect(refusal.rule == .metadata && refusal.description.contains("metadata address"))
    }

    @Test("refuses every listed metadata address, inside IPv6 as well", arguments: CloudMetadata.entries.map(\.address))
    func everyMetadataAddress(text: String) throws {
        for text in [text] + (text.contains(":") ? [] : ["::ffff:\(text)", "64:ff9b::\(text)", "2400::5efe:\(text)"]) {
            guard case .refused(let refusal) = try Self.plain.judge(address(text), host: host(), port: 80) else {
                Issue.record("\(text) was allowed")
                continue
            }
            #expect(refusal.rule == .metadata && refusal.metadataService != nil)
        }
    }

    @Test("says block, name, RFC and registry")
    func sentence() throws {
        guard case .refused(let refusal) = try Self.plain.judge(address("10.1.2.3"), host: host(), port: 80) else {
            Issue.record("allowed")
            return
        }
        #expect(
            refusal.description
                == "10.1.2.3 is not a public address: 10.0.0.0/8 is private use (RFC 1918, IANA IPv4 Special-Purpose Address Registry)"
        )
        #expect(refusal.block == AddressBlock("10.0.0.0/8") && refusal.rule == .specialPurpose)
    }

    @Test("an exception unlocks its host, port and block together and nothing else")
    func exceptions() throws {
        let exception = try AddressException(host: "*.corp.test", port: "8443", block: "10.4.0.0/16")
        let own = AddressGuard(exceptions: [exception])
        #expect(try own.judge(address("10.4.1.2"), host: host("a.corp.test"), port: 8443) == .allowed(exception))
        #expect(try own.judge(address("1.1.1.1"), host: host("a.corp.test"), port: 8443) == .allowed(nil))
        for (text, name, port) in [
            ("10.5.0.1", "a.corp.test", 8443), ("10.4.1.2", "corp.test", 8443), ("10.4.1.2", "a.corp.test", 443),
            ("::ffff:10.4.1.2", "a.corp.test", 8443), ("10.4.1.2", "evil.test", 8443),
            ("127.0.0.1", "a.corp.test", 8443),
        ] as [(String, String, UInt16)] {
            #expect(try !own.judge(address(text), host: host(name), port: port).isAllowed)
        }
    }

    @Test("a block around a metadata address does not unlock it, its exact address does")
    func metadataExceptions() throws {
        let wide = try AddressException(host: "meta.test", port: "80", block: "169.254.0.0/16")
        let exact = try AddressException(host: "meta.test", port: "80", block: "169.254.169.254")
        let target = try address("169.254.169.254")
        #expect(try !AddressGuard(exceptions: [wide]).judge(target, host: host("meta.test"), port: 80).isAllowed)
        #expect(
            try AddressGuard(exceptions: [wide, exact]).judge(target, host: host("meta.test"), port: 80)
                == .allowed(exact))
        #expect(
            try AddressGuard(exceptions: [wide]).judge(address("169.254.1.1"), host: host("meta.test"), port: 80)
                .isAllowed)
    }

    @Test("an exception for a translation prefix still judges the address inside")
    func translationExceptions() throws {
        let own = AddressGuard(exceptions: [
            try AddressException(host: "*.corp.test", port: "443", block: "64:ff9b::/96"),
            try AddressException(host: "*.corp.test", port: "443", block: "64:ff9b:1::/48"),
        ])
        let name = try host("a.corp.test")
        #expect(try own.judge(address("64:ff9b::8.8.8.8"), host: name, port: 443).isAllowed)
        #expect(try !own.judge(address("64:ff9b::10.0.0.1"), host: name, port: 443).isAllowed)
        #expect(try !own.judge(address("64:ff9b::169.254.169.254"), host: name, port: 443).isAllowed)
        #expect(try own.judge(address("64:ff9b:1:808:8:800::"), host: name, port: 443).isAllowed)
        // The last 32 bits look public, but behind a /48 the translator reads 169.254.169.254.
        #expect(try !own.judge(address("64:ff9b:1:a9fe:a9:fe00:808:808"), host: name, port: 443).isAllowed)
    }

    @Test(
        "refuses bad exceptions",
        arguments: [
            ("*", "443", "10.0.0.0/8"), ("a.test", "0", "10.0.0.0/8"), ("a.test", "65536", "10.0.0.0/8"),
            ("a.test", "443", "10.0.0.1/8"), ("a.test", "443", "0.0.0.0/0"), ("a.test", "443", "::/0"),
            ("a.test", "", "10.0.0.1"),
            ("a.test", "https", "10.0.0.1"), ("a..test", "443", "10.0.0.1"), ("a.test", "443", "0x7f.1"),
        ])
    func badExceptions(host: String, port: String, block: String) {
        do throws(AddressExceptionError) {
            _ = try AddressException(host: host, port: port, block: block)
            Issue.record("accepted")
        } catch {
            #expect(!error.description.isEmpty)
        }
    }

    @Test(
        "never dials its own listeners, whatever the exceptions say",
        arguments: [
            "127.0.0.1", "0.0.0.0", "::", "::ffff:127.0.0.1", "10.0.0.7", "::ffff:10.0.0.7", "64:ff9b::10.0.0.7",
            "::10.0.0.7", "2002:a00:7::1", "::ffff:0.0.0.0",
        ])
    func ownListeners(text: String) throws {
        let everything = try ["127.0.0.0/8", "0.0.0.0/8", "10.0.0.0/8", "::/3", "2002::/16"].map {
            try AddressException(host: "allowed.test", port: "3128", block: $0)
        }
        let own = AddressGuard(
            exceptions: everything, ownListeners: [(try address("127.0.0.1"), 3128), (try address("10.0.0.7"), 3128)])
        guard case .refused(let refusal) = try own.judge(address(text), host: host(), port: 3128) else {
            Issue.record("\(text) was allowed")
            return
        }
        #expect(refusal.rule == .ownListener)
    }

    @Test("a public listener is refused as well, its other ports are not")
    func publicListener() throws {
        let own = AddressGuard(ownListeners: [(try address("203.0.114.10"), 3128)])
        #expect(try !own.judge(address("203.0.114.10"), host: host(), port: 3128).isAllowed)
        #expect(try own.judge(address("203.0.114.10"), host: host(), port: 443).isAllowed)
    }

    @Test("a wildcard listener is every local address")
    func wildcardListeners() throws {
        let exceptions = try ["127.0.0.0/8", "10.0.0.0/8"].map {
            try AddressException(host: "allowed.test", port: "3128", block: $0)
        }
        for bind in ["0.0.0.0", "::"] {
            let listeners = [(try address(bind), UInt16(3128))]
            let unknown = AddressGuard(exceptions: exceptions, ownListeners: listeners)
            let known = AddressGuard(
                exceptions: exceptions, ownListeners: listeners,
                localAddresses: [try address("10.0.0.7"), try address("203.0.114.10")])
            for text in ["127.0.0.1", "127.9.9.9", "::1", "10.0.0.7"] {
                #expect(try !unknown.judge(address(text), host: host(), port: 3128).isAllowed)
                #expect(try !known.judge(address(text), host: host(), port: 3128).isAllowed)
            }
            #expect(try !known.judge(address("203.0.114.10"), host: host(), port: 3128).isAllowed)
            #expect(try !unknown.judge(address("10.0.0.8"), host: host(), port: 3128).isAllowed)
            #expect(try known.judge(address("10.0.0.8"), host: host(), port: 3128).isAllowed)
            #expect(try known.judge(address("1.1.1.1"), host: host(), port: 3128).isAllowed)
        }
    }

    @Test("one forbidden answer refuses the name, wherever it stands")
    func answers() throws {
        let good = try [address("1.1.1.1"), address("2606:4700::1"), address("1.1.1.1")]
        guard case .allowed(let judged) = try Self.plain.judgeAll(good, host: host(), port: 443) else {
            Issue.record("refused")
            return
        }
        #expect(judged.map(\.description) == ["1.1.1.1:443", "[2606:4700::1]:443"])
        for position in 0...good.count {
            var mixed = good
            mixed.insert(try address("127.0.0.1"), at: position)
            guard case .refused = try Self.plain.judgeAll(mixed, host: host(), port: 443) else {
                Issue.record("allowed with a forbidden answer at \(position)")
                return
            }
        }
        guard case .refused(let refusal) = try Self.plain.judgeAll([], host: host(), port: 443) else {
            Issue.record("allowed without answers")
            return
        }
        #expect(refusal.rule == .noAnswer)
    }
}
