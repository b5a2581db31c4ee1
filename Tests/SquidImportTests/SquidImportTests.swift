// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import SquidImport
import Testing
import YettConfiguration

/// A translated configuration, read back and asked.
struct Imported {
    let translation: SquidTranslation
    let configuration: GateConfiguration
    private let indexes: [String: GrantIndex]

    init(_ text: String, unknownLines: SquidTranslation.UnknownLines = .denyWhatFollows) throws {
        translation = SquidImport.translate(text, trustDomain: "techresolve.local", unknownLines: unknownLines)
        let result = GateConfiguration.read(translation.configuration, file: "yett.yaml")
        #expect(result.errors.isEmpty, "\(result.errors)\n\(translation.configuration)")
        configuration = try #require(result.configuration)
        indexes = configuration.grantIndexes()
    }

    func outcome(_ line: Int) -> SquidTranslation.Outcome? {
        translation.reports.first { $0.line == line }?.outcome
    }

    func notes(_ line: Int) -> String {
        translation.reports.first { $0.line == line }?.notes.joined(separator: "\n") ?? ""
    }

    /// The agent that the address belongs to, and whether it may do this.
    func allows(_ source: String, _ method: String, _ host: String, _ port: UInt16) throws -> Bool {
        try allows(#require(IPAddress(source)), method, Host(parsing: host), port)
    }

    func allows(_ source: IPAddress, _ method: String, _ host: Host, _ port: UInt16) throws -> Bool {
        let agents = configuration.agents.filter { agent in
            agent.attestations.contains { attestation in
                guard case .source(let blocks) = attestation.kind else { return false }
                return blocks.contains { $0.contains(source) }
            }
        }
        #expect(agents.count <= 1)
        guard let agent = agents.first, let index = indexes[agent.name] else { return false }
        let id = try SPIFFEID(agent: agent.name, in: configuration.trustDomain)
        let isTunnel = method == "CONNECT"
        var facts = Facts(
            identity: VerifiedIdentity(proved: id, by: .sourceAddress), plane: .egress,
            operation: Operation(isTunnel ? .tunnel : .request),
            destination: Destination(host: host, port: port, scheme: isTunnel ? .https : .http), time: 1_790_000_000,
            source: .unknown)
        facts.http = HTTPFacts(method: method, path: isTunnel ? nil : "/")
        return index.judge(facts) { _ in GrantUsage() }.effect == .allow
    }
}

@Suite struct SquidImportTests {
    @Test("the configuration of the incident behaves the same")
    func incident() throws {
        let imported = try Imported(
            """
            acl agent_net src 10.0.4.0/24
            acl allowed_domains dstdomain api.openai.com internal-tickets.techresolve.local
            http_access allow agent_net allowed_domains
            http_access deny all
            """)
        #expect(imported.configuration.agents.map(\.name) == ["agent_net"])
        #expect(imported.translation.reports.map(\.outcome) == [.translated, .translated, .translated, .translated])
        for (method, port) in [("CONNECT", UInt16(443)), ("GET", 80), ("POST", 8080), ("CONNECT", 22)] {
            #expect(try imported.allows("10.0.4.7", method, "api.openai.com", port))
            #expect(try imported.allows("10.0.4.255", method, "internal-tickets.techresolve.local", port))
            #expect(try !imported.allows("10.0.5.7", method, "api.openai.com", port))
            #expect(try !imported.allows("10.0.4.7", method, "prod-db-01", port))
            #expect(try !imported.allows("10.0.4.7", method, "x.api.openai.com", port))
            #expect(try !imported.allows("10.0.4.7", method, "10.0.9.9", port))
        }
        #expect(imported.notes(3).contains("allows every port"))
        #expect(imported.notes(3).contains("allows every method"))
    }

    @Test("a domain with a leading dot covers the name itself and those below")
    func domains() throws {
        let imported = try Imported(
            "acl d dstdomain .example.com 203.0.113.9\nhttp_access allow d\nhttp_access deny all")
        for (host, allowed) in [
            ("example.com", true), ("a.example.com", true), ("a.b.example.com", true), ("notexample.com", false),
            ("203.0.113.9", true), ("203.0.113.8", false),
        ] {
            #expect(try imported.allows("192.0.2.1", "GET", host, 80) == allowed, "\(host)")
        }
        #expect(imported.notes(2).contains("every caller"))
    }

    @Test("keeps the order of rules: what is denied before is not allowed after")
    func order() throws {
        let imported = try Imported(
            """
            acl net src 10.0.0.0/8
            acl bad src 10.0.4.0/24
            acl site dstdomain a.test b.test
            acl worse dstdomain b.test
            acl web port 80 443
            http_access deny bad worse
            http_access allow net site web
            http_access deny all
            """)
        #expect(try imported.allows("10.1.0.1", "GET", "b.test", 80))
        #expect(try imported.allows("10.0.4.1", "GET", "a.test", 443))
        #expect(try !imported.allows("10.0.4.1", "GET", "b.test", 80))
        #expect(try !imported.allows("10.1.0.1", "GET", "b.test", 81))
        #expect(try !imported.allows("11.0.0.1", "GET", "b.test", 80))
    }

    @Test("reads the configuration that Squid comes with")
    func defaults() throws {
        let imported = try Imported(
            """
            acl localnet src 0.0.0.1-0.255.255.255  # RFC 1122
            acl localnet src 10.0.0.0/8
            acl localnet src fc00::/7
            acl SSL_ports port 443
            acl Safe_ports port 80          # http
            acl Safe_ports port 443 1025-65535
            http_access deny !Safe_ports
            http_access deny CONNECT !SSL_ports
            http_access allow localhost manager
            http_access deny manager
            http_access deny to_localhost
            http_access deny to_linklocal
            http_access allow localnet
            http_access deny all
            http_port 3128
            coredump_dir /var/spool/squid
            refresh_pattern .  0 20% 4320
            """)
        #expect(try imported.allows("10.9.9.9", "CONNECT", "a.test", 443))
        #expect(try !imported.allows("10.9.9.9", "CONNECT", "a.test", 8443))
        #expect(try imported.allows("10.9.9.9", "GET", "a.test", 8443))
        #expect(try imported.allows("fc00::1", "GET", "a.test", 80))
        #expect(try !imported.allows("10.9.9.9", "GET", "a.test", 25))
        #expect(try !imported.allows("192.0.2.1", "GET", "a.test", 80))
        #expect(imported.outcome(13) == .approximated)
        #expect(imported.notes(13).contains("the common ones"))
        #expect(imported.outcome(16) == .noEqual)
        #expect(imported.configuration.egress.listeners.map(\.address.description) == ["0.0.0.0:3128"])
    }

    @Test("leaves out what cannot be granted, and says so")
    func exclusions() throws {
        let everything = try Imported(
            "acl net src 10.0.0.0/8\nacl bad dstdomain .evil.test\nhttp_access deny bad\nhttp_access allow net\nhttp_access deny all"
        )
        #expect(try !everything.allows("10.0.0.1", "GET", "evil.test", 80))
        #expect(try !everything.allows("10.0.0.1", "GET", "good.test", 80))
        #expect(everything.outcome(4) == .approximated)
        let tree = try Imported(
            """
            acl good dstdomain .good.test
            acl bad dstdomain bad.good.test
            http_access allow good !bad
            http_access deny all
            """)
        #expect(try tree.allows("10.0.0.1", "GET", "good.test", 80))
        #expect(try !tree.allows("10.0.0.1", "GET", "bad.good.test", 80))
        #expect(try !tree.allows("10.0.0.1", "GET", "other.good.test", 80))
        #expect(tree.outcome(3) == .approximated)
        #expect(tree.notes(3).contains("the names below good.test but for some that are denied"))
    }

    @Test("without a last rule for all, the opposite of the last rule holds, as in Squid")
    func impliedDefault() throws {
        let open = try Imported("acl bad src 10.0.4.0/24\nhttp_access deny bad")
        #expect(try open.allows("192.0.2.1", "GET", "a.test", 80))
        #expect(try !open.allows("10.0.4.1", "GET", "a.test", 80))
        let closed = try Imported("acl good src 10.0.4.0/24\nhttp_access allow good")
        #expect(try !closed.allows("192.0.2.1", "GET", "a.test", 80))
        #expect(try !Imported("").allows("192.0.2.1", "GET", "a.test", 80))
    }

    @Test(
        "reads simple regular expressions and lists the others",
        arguments: [
            ("^api\\.test\\.org$", "api.test.org", true), ("^api\\.test\\.org$", "x.api.test.org", false),
            ("(^|\\.)test\\.org$", "test.org", true), ("(^|\\.)test\\.org$", "a.test.org", true),
            ("(^|[.])test[.]org$", "nottest.org", false), ("\\.test\\.org$", "test.org", false),
            ("\\.test\\.org$", "a.test.org", true), ("test\\.org$", "a.test.org", false),
            ("^api.test.org$", "api.test.org", false),
            (".*", "a.test.org", false), ("^API\\.test\\.org$", "api.test.org", false), ("^$", "a.test.org", false),
        ])
    func expressions(pattern: String, host: String, allowed: Bool) throws {
        let imported = try Imported("acl r dstdom_regex -i \(pattern)\nhttp_access allow r\nhttp_access deny all")
        #expect(try imported.allows("192.0.2.1", "GET", host, 80) == allowed)
    }

    @Test(
        "a rule that denies by something unknown denies all it could concern",
        arguments: [
            "acl x url_regex -i porn", "acl x time MTWHF 09:00-17:00", "acl x dstdom_regex evil",
            "acl x dstdomain \"/etc/bad\"",
            "acl x src host.example.com", "acl x proxy_auth REQUIRED", "acl x port http", "acl x method get",
            "acl x dst a.test",
            "acl x dst 203.0.113.0/24", "acl x dstdomain -z evil.test", "acl x port 80\nacl x src 10.0.0.1",
        ])
    func unknownDenials(list: String) throws {
        let imported = try Imported(
            "\(list)\nacl site dstdomain a.test\nhttp_access deny x\nhttp_access allow site\nhttp_access deny all")
        #expect(try !imported.allows("192.0.2.1", "GET", "a.test", 80))
        #expect(imported.translation.reports.contains { $0.outcome != .translated })
        let negated = try Imported(
            "\(list)\nacl site dstdomain a.test\nhttp_access allow site !x\nhttp_access deny all")
        #expect(try !negated.allows("192.0.2.1", "GET", "a.test", 80))
        let missing = try Imported("acl site dstdomain a.test\nhttp_access deny nothing\nhttp_access allow site")
        #expect(try !missing.allows("192.0.2.1", "GET", "a.test", 80))
    }

    @Test("allows nothing behind an include unless it is told that the file does not deny")
    func includes() throws {
        let text =
            "acl s dstdomain a.test b.test\nacl b dstdomain b.test\nhttp_access allow b\ninclude /etc/squid/conf.d/*.conf\nhttp_access allow s\nhttp_access deny all"
        let strict = try Imported(text)
        #expect(try strict.allows("192.0.2.1", "GET", "b.test", 80))
        #expect(try !strict.allows("192.0.2.1", "GET", "a.test", 80))
        #expect(strict.outcome(4) == .noEqual)
        let told = try Imported(text, unknownLines: .ignore)
        #expect(try told.allows("192.0.2.1", "GET", "a.test", 80))
    }

    @Test("a request passes the other access directives as well")
    func otherDirectives() throws {
        let imported = try Imported(
            """
            acl s dstdomain a.test b.test
            acl b dstdomain -n b.test
            http_access allow s
            http_access deny all
            miss_access deny b
            miss_access allow all
            """)
        #expect(try imported.allows("192.0.2.1", "GET", "a.test", 80))
        #expect(try !imported.allows("192.0.2.1", "GET", "b.test", 80))
    }

    @Test("reads continued lines, comments, masks, ranges and several forms of ports")
    func syntax() throws {
        let imported = try Imported(
            "# comment\n\nacl net src \\\n   10.0.4.0/255.255.255.0 \\\n   10.0.9.1-10.0.9.6 # more\nacl site dstdomain a.test\n"
                + "http_access allow net site\nhttp_access deny all\nhttp_port 127.0.0.1:8080\nhttp_port [::1]:8081 name=x\n"
                + "http_port 3129 intercept\nhttp_port localhost:1\n")
        for (source, allowed) in [
            ("10.0.4.1", true), ("10.0.9.0", false), ("10.0.9.1", true), ("10.0.9.6", true), ("10.0.9.7", false),
        ] {
            #expect(try imported.allows(source, "GET", "a.test", 80) == allowed, "\(source)")
        }
        #expect(imported.translation.reports.first?.line == 3)
        #expect(imported.configuration.egress.listeners.map(\.address.description) == ["127.0.0.1:8080", "[::1]:8081"])
        #expect(imported.translation.reports.suffix(2).map(\.outcome) == [.noEqual, .noEqual])
    }

    @Test("ends at once whatever it reads")
    func garbage() throws {
        for text in [
            "acl", "acl a", "acl a src", "http_access", "http_access allow", "http_access deny !",
            "http_access maybe all",
            "acl a src /", "acl a src 1.2.3.4/99", "acl a src 10.0.0.9-10.0.0.1", "acl a src -",
            "acl a port 0-0 1-2-3 -1",
            "acl \"x\" src \"y", "http_port", "acl a dstdomain .", "acl a dst ::/0/0", "\\", "\"\"",
            "acl all port 80\nhttp_access allow all",
        ] {
            _ = try Imported(text)
        }
        let many = (0..<60).map {
            "acl a\($0) src 10.0.\($0 % 256).0/24\nacl d\($0) dstdomain .d\($0).test\nhttp_access deny !a\($0) d\($0)\n"
        }
        _ = try Imported(many.joined() + "http_access allow all")
    }
}
