// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Testing

@Suite struct GrantEndpointTests {
    @Test(
        "A grant of several endpoints covers their hosts and ports in pairs",
        arguments: [
            ("a.test", 8443, true), ("b.test", 9443, true), ("a.test", 9443, false), ("b.test", 8443, false),
            ("a.test", 443, false), ("c.test", 8443, false),
        ])
    func pairs(host: String, port: UInt16, isCovered: Bool) throws {
        let grant = try GrantFixture.grant("g", ["a.test", "b.test"]) { grant in
            grant.ports = PortSet([8443...8443, 9443...9443])
            grant.endpoints = [try Endpoint(parsing: "a.test:8443"), try Endpoint(parsing: "b.test:9443")]
        }
        let verdict = GrantFixture.judge([grant], try GrantFixture.tunnel(host, port))
        #expect((verdict.effect == .allow) == isCovered)
        if !isCovered, host != "c.test", port != 443 {
            #expect(verdict.detail?.contains("a.test:8443, b.test:9443") ?? false)
        }
    }
}
