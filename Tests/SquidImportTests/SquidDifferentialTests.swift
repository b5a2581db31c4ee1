// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import SquidImport
import Testing
import YettConfiguration

/// Compares translated configurations with a plain evaluation of Squid's rules on random requests.
@Suite struct SquidDifferentialTests {
    @Test("never allows more than Squid, and the same where all was translated", arguments: 0..<12)
    func differential(seed: UInt64) throws {
        var random = Generator(seed: seed)
        for _ in 0..<40 {
            let squid = Squid.random(&random)
            let imported = try Imported(squid.text)
            let isExact = imported.translation.reports.allSatisfy { $0.outcome == .translated }
            let looksUp = squid.lists.values.contains { $0.type.hasPrefix("dstdom") && $0.flags.isEmpty }
            for _ in 0..<60 {
                let request = Squid.Request.random(&random)
                let isAllowed = try imported.allows(request.source, request.method, request.host, request.port)
                // The gate's guard refuses these whatever the grants say.
                let isGuarded = request.addresses.contains { Squid.guarded.contains($0) }
                let expected = squid.allows(request)
                if isAllowed, !isGuarded {
                    #expect(expected, "\(squid.text)\n\(request)\n\(imported.translation.configuration)")
                }
                // The name of an address is not looked up here.
                if case .address = request.host, looksUp { continue }
                if isExact, expected, !isGuarded {
                    #expect(isAllowed, "\(squid.text)\n\(request)\n\(imported.translation.configuration)")
                }
            }
        }
    }
}

/// A straightforward reading of Squid's lists and rules.
struct Squid {
    struct Request {
        var source: IPAddress
        var host: Host
        var port: UInt16
        var method: String

        /// What the host resolves to, or the address it is.
        var addresses: [IPAddress] {
            switch host {
            case .name(let name): Squid.resolution[name.description].map { [$0] } ?? []
            case .address(let address): [address]
            }
        }

        /// What the host is called: its name, or the name of its address.
        func name(looksUp: Bool) -> String? {
            switch host {
            case .name(let name): return name.description
            case .address(let address): return looksUp ? Squid.resolution.first { $0.value == address }?.key : nil
            }
        }

        static func random(_ random: inout Generator) -> Request {
            let hosts = Array(Squid.resolution.keys).sorted() + ["203.0.113.5", "203.0.113.99", "10.1.1.1", "x.d.test"]
            let sources = ["10.0.4.1", "10.0.4.200", "10.0.5.1", "10.9.0.1", "192.0.2.1"]
            let host = hosts.randomElement(using: &random) ?? "a.test"
            let fallback = Host.address(.v4(IPv4Address(203, 0, 113, 1)))
            return Request(
                source: IPAddress(sources.randomElement(using: &random) ?? "") ?? .v4(IPv4Address(10, 0, 0, 1)),
                host: (try? Host(parsing: host)) ?? fallback,
                port: [80, 443, 8080, 22].randomElement(using: &random) ?? 80,
                method: ["GET", "POST", "CONNECT", "PROPFIND"].randomElement(using: &random) ?? "GET")
        }
    }

    static let resolution: [String: IPAddress] = {
        let names = [
            "a.test": "203.0.113.1", "b.test": "203.0.113.2", "www.a.test": "203.0.113.5",
            "x.www.a.test": "203.0.113.6",
            "internal.test": "10.1.1.1", "nota.test": "203.0.113.7",
        ]
        return names.compactMapValues { IPAddress($0) }
    }()
    static let guarded: [IPAddress] = [IPAddress("10.1.1.1")].compactMap { $0 }

    var lists: [String: (type: String, flags: [String], values: [String])] = [:]
    var rules: [(allows: Bool, lists: [String])] = []

    static func random(_ random: inout Generator) -> Squid {
        let values: [String: [String]] = [
            "src": ["10.0.4.0/24", "10.0.0.0/8", "10.0.5.1", "all", "10.0.4.128/25"],
            "dstdomain": ["a.test", ".a.test", "b.test", "www.a.test", ".www.a.test", "203.0.113.5", "internal.test"],
            "dst": ["203.0.113.0/24", "203.0.113.5", "10.0.0.0/8", "203.0.113.1"],
            "port": ["80", "443", "1-1024", "8080"],
            "method": ["GET", "POST", "CONNECT"],
            "dstdom_regex": ["^a\\.test$", "(^|\\.)a\\.test$", "\\.a\\.test$", "^a.test$", "a\\.test$"],
        ]
        var squid = Squid()
        for number in 0..<Int.random(in: 2...6, using: &random) {
            guard let type = values.keys.sorted().randomElement(using: &random), let pool = values[type] else {
                continue
            }
            let chosen = (0..<Int.random(in: 1...2, using: &random)).compactMap { _ in
                pool.randomElement(using: &random)
            }
            let flags = type == "dstdomain" && Bool.random(using: &random) ? ["-n"] : []
            squid.lists["l\(number)"] = (type, flags, chosen)
        }
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let names = (0..<Int.random(in: 1...3, using: &random)).compactMap { _ -> String? in
                guard let name = squid.lists.keys.sorted().randomElement(using: &random) else { return nil }
                return (Int.random(in: 0...3, using: &random) == 0 ? "!" : "") + name
            }
            squid.rules.append((Bool.random(using: &random), names))
        }
        return squid
    }

    var text: String {
        let lists = lists.sorted { $0.key < $1.key }.map { name, list in
            (["acl", name, list.type] + list.flags + list.values).joined(separator: " ")
        }
        let rules = rules.map { "http_access \($0.allows ? "allow" : "deny") \($0.lists.joined(separator: " "))" }
        return (lists + rules).joined(separator: "\n")
    }

    func allows(_ request: Request) -> Bool {
        for rule in rules where rule.lists.allSatisfy({ matches($0, request) }) { return rule.allows }
        return rules.last?.allows == false
    }

    private func matches(_ name: String, _ request: Request) -> Bool {
        if name.hasPrefix("!") { return !matches(String(name.dropFirst()), request) }
        guard let list = lists[name] else { return false }
        return list.values.contains { matches(list.type, $0, request, looksUp: !list.flags.contains("-n")) }
    }

    private func matches(_ type: String, _ value: String, _ request: Request, looksUp: Bool) -> Bool {
        switch type {
        case "src": return Self.network(value, request.source)
        case "dst": return request.addresses.contains { Self.network(value, $0) }
        case "port":
            let ends = value.split(separator: "-").compactMap { UInt16($0) }
            return ends.first.map { $0 <= request.port } == true && ends.last.map { request.port <= $0 } == true
        case "method": return value == request.method
        case "dstdomain":
            if request.host.description == value { return true }
            guard let name = request.name(looksUp: looksUp) else { return false }
            return value.hasPrefix(".") ? name == value.dropFirst() || name.hasSuffix(value) : name == value
        default:
            guard let name = request.name(looksUp: looksUp) else { return false }
            return Self.expression(value, name)
        }
    }

    private static func network(_ value: String, _ address: IPAddress) -> Bool {
        if value == "all" { return true }
        if let block = AddressBlock(value) { return block.contains(address) }
        return IPAddress(value) == address
    }

    /// The five expressions of the pool.
    private static func expression(_ value: String, _ name: String) -> Bool {
        switch value {
        case "^a\\.test$": name == "a.test"
        case "(^|\\.)a\\.test$": name == "a.test" || name.hasSuffix(".a.test")
        case "\\.a\\.test$": name.hasSuffix(".a.test")
        case "^a.test$": name.utf8.count == 6 && name.hasPrefix("a") && name.hasSuffix("test")
        default: name.hasSuffix("a.test")
        }
    }
}

/// SplitMix64.
struct Generator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &+ 0x5851_F42D_4C95_7F2D }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
