// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Foundation
import Identity
import Testing
import YettConfiguration

@Suite struct ReadTests {
    static func read(_ text: String) -> ReadResult { GateConfiguration.read(text, file: "yett.yaml") }

    @Test("every configuration in force reads as itself", arguments: GoldenTests.names.filter { $0.hasPrefix("good") })
    func effectiveTextReadsBack(name: String) throws {
        let url = GoldenTests.directory.appendingPathComponent(name)
        let text = try String(contentsOf: url, encoding: .utf8)
        let divider = try #require(text.range(of: GoldenTests.divider))
        let first = try #require(Self.read(String(text[..<divider.lowerBound])).configuration)
        let again = Self.read(first.effectiveText())
        #expect(again.errors.isEmpty, "\(again.errors)")
        #expect(again.configuration?.effectiveText() == first.effectiveText())
    }

    @Test("never repeats what may be a secret")
    func secrets() {
        let secret = "sk-live-b7c1"
        let texts = [
            "token: \(secret)", "token: {value: \(secret)}", "token: {sha256: \(secret)}", "token: [\(secret)]",
            "token: {value: [\(secret)]}", "token: {value: {\(secret.uppercased()): 1}}",
            "token: {value: \"file:\(secret)\"}",
        ]
        for text in texts {
            let result = Self.read("trust_domain: t\nagents:\n  bot: {attest: [{\(text)}]}\n")
            #expect(!result.errors.isEmpty)
            #expect(!result.diagnostics.contains { $0.description.contains(secret) }, "\(result.diagnostics)")
        }
    }

    @Test("stops telling mistakes and doubts after a hundred of each, and refuses nothing for its doubts")
    func many() throws {
        func text(_ agent: String) -> String {
            let agents = (0..<150).map { "  bot-\($0): {attest: [{\(agent)}], grants: [{name: w, hosts: [w.test]}]}\n" }
            return "trust_domain: t.local\nagents:\n" + agents.joined()
                + "egress: {listeners: [{address: \"127.0.0.1:3128\", identify: [token]}]}\n"
        }
        let warned = Self.read(text("x509: true"))
        #expect(warned.errors.isEmpty && warned.configuration?.agents.count == 150)
        #expect(warned.warnings.count == 101)
        #expect(
            warned.warnings.last?.description.contains("more than 100 doubtful entries; the rest is not shown") == true)
        let mistaken = Self.read(text("lunch: true"))
        #expect(mistaken.errors.count == 101)
        #expect(mistaken.errors.last?.description.contains("more than 100 mistakes; the rest is not shown") == true)
    }

    @Test("lowers grants to one index for each agent, services filled in")
    func lowering() throws {
        let text = """
            trust_domain: t.local
            services: {tickets: {host: tickets.t.local, port: 8443}, books: {host: 10.0.0.5, port: 5432, protocol: postgres}}
            agents:
              bot: {attest: [launch: true], grants: [{name: t, service: tickets}, {name: b, service: books}]}
              idle: {attest: [launch: true]}
            """
        let configuration = try #require(Self.read(text).configuration)
        let indexes = configuration.grantIndexes()
        #expect(indexes.keys.sorted() == ["bot", "idle"])
        let grants = try #require(indexes["bot"]).grants
        #expect(grants[0].hosts == [try HostPattern(parsing: "tickets.t.local")])
        #expect(grants[0].ports == PortSet([8443...8443]))
        #expect(grants[0].tls == .matchingServerName)
        #expect(grants[1].tls == .any)
        #expect(indexes["idle"]?.grants.isEmpty == true)
    }

    @Test("refuses what is too large, and what is not UTF-8, with its place")
    func encoding() {
        let large = GateConfiguration.read(bytes: Array(repeating: 0x20, count: 5 << 20), file: "f")
        #expect(large.errors.first?.message == "the file has more than 4 MiB")
        let broken = GateConfiguration.read(bytes: Array("trust_domain: t\nx: ü".utf8) + [0xFF, 0x41], file: "f")
        #expect(broken.errors.first?.place == Place(line: 2, column: 5))
        let good = GateConfiguration.read(bytes: Array("trust_domain: t".utf8), file: "f")
        #expect(good.configuration != nil)
        for bad in ["trust_domain: t\u{0}", "\u{1}", "trust_domain: \"\\ud800\""] {
            #expect(Self.read(bad).configuration == nil)
        }
    }

    @Test("stops at a hundred mistakes")
    func cap() {
        let text = "trust_domain: t\n" + (0..<500).map { "unknown\($0): 1\n" }.joined()
        let result = Self.read(text)
        #expect(result.diagnostics.count == 101)
        #expect(result.diagnostics.contains { $0.message.contains("the rest is not shown") })
    }

    @Test("takes the configuration of a hundred thousand hosts")
    func manyHosts() throws {
        let hosts = (0..<100_000).map { "h\($0).test" }.joined(separator: ", ")
        let text = "trust_domain: t\nagents: {bot: {attest: [launch: true], grants: [{name: a, hosts: [\(hosts)]}]}}\n"
        let configuration = try #require(Self.read(text).configuration)
        #expect(configuration.grantIndexes()["bot"]?.patternCount == 100_000)
    }

    @Test(
        "an alias bomb is an error at once, wherever it stands",
        arguments: [
            "agents: *i", "agents: {*i : 1}", "? *i\n: 1", "agents: {*i}", "agents: {a: 1, *i}", "agents: [{*i: 1}]",
            "agents: {[*i]}", "agents: {? [*i] : 1}", "agents: [*i : 1]", "agents: {a: {attest: *i, grants: *i}}",
            "*i : 1",
            "agents: [*i\n :x]", "agents: {*i #\n : x}", "agents: {\"a\":*i, *i}", "agents: {? *i}", "[*i, *i]: 1",
            "agents: {a: {grants: [{name: x, hosts: *i, tools: {t: {arguments: {enum: *i}}}}]}}",
        ])
    func bombs(end: String) {
        var text = "trust_domain: t\nz: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (previous, next) in zip("abcdefgh", "bcdefghi") {
            let list = Array(repeating: "*\(previous)", count: 10).joined(separator: ", ")
            text += "z\(next): &\(next) [\(list)]\n"
        }
        let clock = ContinuousClock()
        var result: ReadResult?
        let time = clock.measure { result = Self.read(text + end + "\n") }
        #expect(result?.errors.isEmpty == false)
        #expect(time < .seconds(5))
    }

    @Test("bears deep nesting")
    func deep() {
        for (open, close) in [("[", "]"), ("{a: ", "}")] {
            let text = String(repeating: open, count: 20_000) + String(repeating: close, count: 20_000)
            #expect(!Self.read("trust_domain: t\nagents: \(text)\n").errors.isEmpty)
            let less = String(repeating: open, count: 900) + String(repeating: close, count: 900)
            #expect(!Self.read("trust_domain: t\nagents: \(less)\n").errors.isEmpty)
        }
        let block = (0..<900).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(!Self.read("trust_domain: t\n" + block).errors.isEmpty)
    }
}
