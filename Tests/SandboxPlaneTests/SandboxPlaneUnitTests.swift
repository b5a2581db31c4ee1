// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Sandbox
import Synchronization
import Testing

@testable import SandboxPlane

/// A driver that says what it is told to say, and runs nothing.
private final class WordDriver: SandboxDriver {
    let name: String
    let verdict: SandboxVerdict
    /// Where runs wait until they are cut; nowhere without it.
    let waits: Bool
    private let count = Atomic<Int>(0)

    init(_ name: String, _ verdict: SandboxVerdict, waits: Bool = false) {
        self.name = name
        self.verdict = verdict
        self.waits = waits
    }

    var runs: Int { count.load(ordering: .relaxed) }

    func probe() async -> SandboxVerdict { verdict }

    func run(_ request: SandboxRequest, listener: SandboxListener?) async throws(SandboxError) -> SandboxResult {
        count.add(1, ordering: .relaxed)
        guard case .usable(let isolation, _) = verdict else { throw .refused(.unavailable, "it does not work") }
        let lacks = request.requirement.lacks(isolation)
        guard lacks.isEmpty else { throw .refused(.unsatisfied, lacks.joined(separator: ", ")) }
        while waits, !Task.isCancelled { await Task.yield() }
        let network = SandboxNetworkProof(namespace: nil, hostNamespace: nil, interfaces: [], reason: "no_import")
        var receipt = SandboxReceipt(request, isolation: isolation, network: network)
        receipt.outcome = waits ? .cut : .exited(0)
        return SandboxResult(
            outcome: receipt.outcome, output: [], errors: [], isTruncated: false, timings: SandboxTimings(),
            usage: SandboxUsage(), receipt: receipt)
    }
}

@Suite("The plane of sandboxes") struct SandboxPlaneUnitTests {
    private static func isolation(_ driver: String, _ strength: SandboxStrength) -> SandboxIsolation {
        SandboxIsolation(
            driver: driver, wall: strength, acceleration: nil, isJailed: true, isFiltered: true, groups: .v2,
            hasAtomicKill: true, hasOwnUser: true, isOneShot: true, image: "sha256:0")
    }

    private static func order(_ plane: SandboxPlane, _ more: [(String, JSONValue)] = []) throws -> SandboxOrder {
        let members: [(name: String, value: JSONValue)] =
            [("language", "python"), ("source", "1")] + more.map { ($0.0, $0.1) }
        return try plane.read(try #require(JSONObject(members)))
    }

    @Test func `The words of grants and policies are those of the drivers`() {
        #expect(SandboxTerms.strengths == SandboxStrength.allCases.map(\.rawValue))
        #expect(SandboxTerms.accelerations == SandboxAcceleration.allCases.map(\.rawValue))
        #expect(SandboxTerms.limitNames == SandboxLimits.names.map(\.name))
        var terms = SandboxTerms()
        terms.needs = Set(SandboxTerms.walls)
        let demand = SandboxRequirement(terms)
        #expect(demand?.needsJail == true && demand?.needsFilter == true)
        #expect(demand?.needsGroups == true && demand?.needsOwnUser == true)
        terms.needs = ["moat"]
        #expect(SandboxRequirement(terms) == nil)
    }

    @Test func `The strength that is used is never below what anybody demands`() async throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let drivers = (0..<Int.random(in: 0...4, using: &random)).map { number in
                let strength = SandboxStrength.allCases.randomElement(using: &random) ?? .namespace
                var isolation = Self.isolation("d\(number)", strength)
                isolation.isJailed = Bool.random(using: &random)
                isolation.acceleration = SandboxAcceleration.allCases.randomElement(using: &random)
                let verdict: SandboxVerdict =
                    Int.random(in: 0..<4, using: &random) == 0
                    ? .unusable(reason: "no", remedy: "") : .usable(isolation, [.python])
                return WordDriver("d\(number)", verdict)
            }
            var settings = SandboxPlaneSettings()
            settings.requirement.strength = SandboxStrength.allCases.randomElement(using: &random) ?? .namespace
            let plane = SandboxPlane(settings, drivers: drivers)
            if Bool.random(using: &random) { await plane.probe() }
            let terms = (0..<Int.random(in: 0...2, using: &random)).map { _ in
                var terms = SandboxTerms()
                terms.strength = SandboxTerms.strengths.randomElement(using: &random)
                if Bool.random(using: &random) { terms.needs = ["jailed"] }
                return terms
            }
            let wish = SandboxTerms.strengths.randomElement(using: &random) ?? "vm"
            let order = try Self.order(plane, [("require", ["strength": .string(wish)])])
            let demanded = terms.compactMap(\.strength) + [wish, settings.requirement.strength.rawValue]
            do {
                let report = try await plane.run(order, under: terms)
                let used = report.result.receipt.isolation
                for word in demanded {
                    let strength = try #require(SandboxStrength(rawValue: word))
                    #expect(used.strength >= strength)
                }
                if terms.contains(where: { $0.needs.contains("jailed") }) { #expect(used.isJailed) }
            } catch let error as SandboxError {
                #expect(error.kind == .unsatisfied)
                #expect(drivers.allSatisfy { $0.runs == 0 })
            }
        }
    }

    @Test func `As many run and wait as may, and a place that comes free is given to the first that waits`()
        async throws
    {
        let driver = WordDriver("slow", .usable(Self.isolation("slow", .namespace), [.python]), waits: true)
        var settings = SandboxPlaneSettings()
        settings.running = 2
        settings.waiting = 1
        let plane = SandboxPlane(settings, drivers: [driver])
        let order = try Self.order(plane)
        await withTaskGroup(of: String.self) { group in
            let last = ContinuousClock.now + .seconds(30)
            for _ in 0..<2 { group.addTask { await Self.outcome(plane, order) } }
            while plane.counts.running < 2, ContinuousClock.now < last { await Task.yield() }
            group.addTask { await Self.outcome(plane, order) }
            while plane.counts.waiting < 1, ContinuousClock.now < last { await Task.yield() }
            #expect(await Self.outcome(plane, order) == "busy")
            #expect(plane.counts.running == 2 && plane.counts.waiting == 1)
            group.cancelAll()
            var outcomes: [String] = []
            for await outcome in group { outcomes.append(outcome) }
            #expect(outcomes.allSatisfy { $0 == "cut" }, "\(outcomes)")
        }
        #expect(plane.counts.running == 0 && plane.counts.waiting == 0)
        await plane.drained()
    }

    @Test func `Who waits too long is told to come back`() async throws {
        let driver = WordDriver("slow", .usable(Self.isolation("slow", .namespace), [.python]), waits: true)
        var settings = SandboxPlaneSettings()
        settings.running = 1
        settings.waitTime = .milliseconds(5)
        let plane = SandboxPlane(settings, drivers: [driver])
        let order = try Self.order(plane)
        await withTaskGroup(of: String.self) { group in
            group.addTask { await Self.outcome(plane, order) }
            while plane.counts.running < 1 { await Task.yield() }
            #expect(await Self.outcome(plane, order) == "busy")
            #expect(plane.counts.waiting == 0)
            group.cancelAll()
        }
    }

    private static func outcome(_ plane: SandboxPlane, _ order: SandboxOrder) async -> String {
        do throws(SandboxError) {
            return try await plane.run(order).result.outcome.name
        } catch {
            return error.kind.rawValue
        }
    }

    @Test func `Wishes go up to the ceilings, and not beyond`() throws {
        var settings = SandboxPlaneSettings()
        settings.ceilings.wallMilliseconds = 60_000
        let plane = SandboxPlane(settings, drivers: [])
        #expect(try Self.order(plane).request.limits.wallMilliseconds == 5000)
        let wished = try Self.order(plane, [("limits", ["wall_ms": 30_000, "memory_bytes": 1_000_000_000_000])])
        #expect(wished.request.limits.wallMilliseconds == 30_000)
        #expect(wished.request.limits.memoryBytes == 256 << 20)
        let beyond = try Self.order(plane, [("limits", ["wall_ms": 9_000_000_000_000_000_000])])
        #expect(beyond.request.limits.wallMilliseconds == 60_000)
    }

    @Test func `There is a driver for each name, and for no other`() {
        let settings = SandboxPlaneSettings()
        for name in SandboxDrivers.names { #expect(SandboxDrivers.driver(name, settings)?.name == name) }
        #expect(SandboxDrivers.driver("none", settings) == nil)
    }

    @Test func `Whatever arguments come, they are read or refused, and what is read keeps to every limit`() throws {
        let plane = SandboxPlane(SandboxPlaneSettings(), drivers: [])
        let sound =
            Array(
                #"{"language":"python","source":"print(1)","args":["a"],"stdin":"b","files":[{"path":"a/b.txt","content":"c"}],"#
                    .utf8)
            + Array(
                #""limits":{"wall_ms":5,"memory_bytes":99999999},"require":{"strength":"wasm","jailed":true}}"#.utf8)
        var random = SystemRandomNumberGenerator()
        var isRead = 0
        for _ in 0..<20_000 {
            var bytes = sound
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: Array("99".utf8), at: place)
                default: bytes.insert(contentsOf: bytes[(bytes.count - place) / 2..<(bytes.count - place)], at: place)
                }
            }
            guard let object = (try? JSONValue(parsing: bytes))?.object, let order = try? plane.read(object) else {
                continue
            }
            isRead += 1
            try order.request.judge()
            for (_, limit) in SandboxLimits.names {
                #expect(order.request.limits[keyPath: limit] <= SandboxLimits.standard[keyPath: limit])
            }
            #expect(order.facts["language"]?.string == "python" || order.facts["language"]?.string == "shell")
        }
        #expect(isRead > 1000)
    }
}
