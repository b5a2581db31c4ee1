// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Testing

/// Whether somebody named exactly the destination of what is allowed.
@Suite struct NamedDestinationTests {
    @Test(
        "a destination is named when a grant that allows it spells it out, whichever grant is recorded",
        arguments: [
            (["web.test"], "web.test", true), (["*.web.test"], "a.web.test", false), (["*"], "web.test", false),
            (["*", "web.test"], "web.test", true), (["*.web.test", "a.web.test"], "a.web.test", true),
            (["192.0.2.7"], "192.0.2.7", true), (["192.0.2.0/24"], "192.0.2.7", false),
            (["2001:db8::1"], "[2001:db8::1]", true), (["2001:db8::/64"], "[2001:db8::1]", false),
        ])
    func named(_ hosts: [String], _ host: String, _ isNamed: Bool) throws {
        let grants = try hosts.enumerated().map { try GrantFixture.grant("g\($0.offset)", [$0.element]) }
        let verdict = GrantFixture.judge(grants, try GrantFixture.tunnel(host))
        #expect(verdict.effect == .allow)
        #expect(verdict.isDestinationNamed == isNamed)
    }
}
