// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@testable import ServicePlane

@Suite("The choice of an endpoint") struct EndpointChoiceTests {
    private static func endpoints(_ count: Int, _ rules: EjectionRules = EjectionRules()) throws -> ServiceEndpoints {
        let service = ServiceDescription(name: "x", host: try Host(parsing: "e0.test"), port: 80)
        let all = try (0..<count).map {
            ServiceEndpoint(
                EndpointDescription(try Endpoint(parsing: "e\($0).test:80")), of: service,
                state: EndpointState(loops: 2))
        }
        return ServiceEndpoints(all, ejection: rules, loops: 2)
    }

    @Test("spreads evenly over all that are well, few or many", arguments: [2, 3, 8, 9, 40, 64])
    func spread(count: Int) throws {
        let endpoints = try Self.endpoints(count)
        var chosen = [Int](repeating: 0, count: count)
        for _ in 0..<(count * 100) {
            let index = endpoints.choose(on: 1, at: 0)
            chosen[index] += 1
            // As if they all stayed.
            endpoints.all[index].state.enter(on: 1)
        }
        #expect(chosen.allSatisfy { (90...110).contains($0) }, "\(chosen)")
        // Another loop does not know of these.
        #expect(endpoints.all[0].state.active(on: 0) == 0)
    }

    @Test("passes by what is out, and what was tried", arguments: [3, 20])
    func available(count: Int) throws {
        let endpoints = try Self.endpoints(count)
        _ = endpoints.all[1].state.eject(by: EjectionRules(), because: "test", at: 0)
        for _ in 0..<100 {
            #expect(endpoints.choose(on: 0, at: 1) != 1)
            #expect(![0, 1].contains(try #require(endpoints.choose(on: 0, at: 1, besides: 1))))
        }
        #expect(endpoints.choose(on: 0, at: 1, besides: .max) == nil)
        for endpoint in endpoints.all { _ = endpoint.state.eject(by: EjectionRules(), because: "test", at: 0) }
        #expect(endpoints.choose(on: 0, at: 1, besides: 0) == nil)
        #expect(endpoints.all.indices.contains(endpoints.choose(on: 0, at: 1)))
    }

    @Test(
        "ejects one in any case, a share at most, and never the last",
        arguments: [
            (50, 1, 0), (50, 2, 1), (50, 3, 1), (50, 4, 2), (50, 10, 5), (10, 5, 1), (100, 2, 1), (100, 5, 4),
            (0, 5, 0),
        ])
    func share(share: Int, count: Int, most: Int) throws {
        var rules = EjectionRules()
        rules.share = share
        rules.failures = 1
        let endpoints = try Self.endpoints(count, rules)
        var ejected = 0
        for endpoint in endpoints.all where endpoints.failed(endpoint, because: "test", at: 5) != nil { ejected += 1 }
        #expect(ejected == most)
    }

    @Test("ejects for longer each time, and forgives with time") func durations() throws {
        var rules = EjectionRules()
        rules.time = 10
        rules.longest = 35
        let state = EndpointState(loops: 1)
        #expect(state.eject(by: rules, because: "", at: 0) == 10)
        #expect(state.eject(by: rules, because: "", at: 10) == 20)
        #expect(state.eject(by: rules, because: "", at: 30) == 30)
        #expect(state.eject(by: rules, because: "", at: 60) == 35)
        // Two stretches of ten without a failure make up for two of four.
        #expect(state.eject(by: rules, because: "", at: 115) == 30)
        #expect(state.eject(by: rules, because: "", at: .max - 100) == 10)
        rules.time = .max
        #expect(rules.duration(of: 3) == rules.longest)
    }

    @Test("waits for several answers of one kind in a row") func answers() {
        var rules = HealthRules(path: "/")
        rules.unhealthy = 3
        rules.healthy = 2
        let state = EndpointState(loops: 1)
        let answers: [(String?, Bool?)] = [
            ("a", nil), ("b", nil), (nil, nil), ("c", nil), ("d", nil), ("e", false), ("f", nil), (nil, nil),
            ("g", nil),
            (nil, nil), (nil, true), (nil, nil),
        ]
        for (problem, change) in answers { #expect(state.answered(problem, by: rules) == change) }
        #expect(state.isAvailable(at: 0))
    }
}
