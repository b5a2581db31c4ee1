// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import MeshPlane

@Suite("What Envoy says of a client's certificate") struct ForwardedClientTests {
    private static let agent = "spiffe://bench.test/agent/a"

    @Test(
        "is read with its escapes and quotes",
        arguments: [
            "URI=\(agent)",
            "By=spiffe://bench.test/envoy/front;Hash=00ff;URI=\(agent)",
            "Hash=00ff;Cert=\"-----BEGIN%20CERTIFICATE-----\";Subject=\"CN=a,O=b;\\\"c\\\"\";URI=\(agent);DNS=a.test;DNS=b.test",
        ])
    func read(text: String) throws {
        #expect(try ForwardedClient(text).uri == Self.agent)
    }

    @Test("passes the certificate on")
    func certificate() throws {
        #expect(try ForwardedClient("Cert=\"abc%3D\";URI=\(Self.agent)").certificate == "abc%3D")
    }

    @Test(
        "is refused when it is not one element of one client",
        arguments: [
            ("URI=\(agent),URI=spiffe://bench.test/agent/b", ForwardedClient.Failure.elements),
            ("URI=\(agent);Hash=1,By=x", .elements),
            ("URI=\(agent);URI=\(agent)", .uri), ("uri=\(agent);URI=spiffe://bench.test/agent/b", .uri),
            ("By=\(agent);Hash=00", .uri), ("URI=", .uri), ("URI=\"\"", .uri),
            ("", .form), ("URI", .form), ("=\(agent)", .form), ("URI=\(agent);", .form), (";URI=\(agent)", .form),
            ("URI=\"\(agent)", .form), ("URI=\"\(agent)\\", .form), ("URI=\"\(agent)\"x", .form),
            ("URI=a\"b\"", .form), ("Hash=1;Hash=2;URI=\(agent)", .form), ("Other=1;URI=\(agent)", .form),
            ("URI =\(agent)", .form), ("URI=\(agent)\u{0}", .form), ("URI=sp\u{131}ffe://x", .form),
            ("URI=" + String(repeating: "a", count: 65 * 1024), .length),
        ])
    func refused(text: String, failure: ForwardedClient.Failure) {
        #expect(throws: failure) { try ForwardedClient(text) }
    }
}
