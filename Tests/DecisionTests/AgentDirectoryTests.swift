// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Testing

@Suite("The directory of agents") struct AgentDirectoryTests {
    @Test("knows an agent by the name that its certificate has, byte for byte")
    func certificate() throws {
        let id = try SPIFFEID(parsing: "spiffe://a.test/agent/K")
        let directory = AgentDirectory(agents: [
            .init(id: id, allowsCertificate: true),
            .init(id: try SPIFFEID(parsing: "spiffe://a.test/agent/token-only")),
        ])
        let known = try #require(directory.identify(certificate: "spiffe://a.test/agent/K"))
        #expect(known.id == id && known.proof == .x509SVID)
        #expect(directory.identify(certificate: id)?.id == id)
        // The Kelvin sign is equal to K for texts.
        #expect("spiffe://a.test/agent/\u{212A}" == id.description)
        for other in [
            "spiffe://a.test/agent/\u{212A}", "spiffe://a.test/agent/k", "spiffe://A.test/agent/K",
            "spiffe://a.test/agent/K/",
            "spiffe://a.test/agent/token-only", "", "K",
        ] { #expect(directory.identify(certificate: other) == nil, "\(other)") }
    }
}
