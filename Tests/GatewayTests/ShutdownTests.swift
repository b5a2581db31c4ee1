// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import GatewaySupport
import Testing

@Suite struct ShutdownTests {
    @Test("lets open tunnels finish while it takes no new ones, then cuts the rest")
    func drain() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let text = Sample.tunnels(to: upstream.port) + "\nlimits: {workers: 1, shutdown_grace: 6s}\n"
        try await RunningGate.run(text) { gate throws in
            let (polite, stubborn) = (
                try gate.tunnel(to: "web.test", upstream.port), try gate.tunnel(to: "web.test", upstream.port)
            )
            gate.beginStop()
            #expect(comesTrue { (try? gate.status().state) == .draining })
            #expect(comesTrue { (try? RawSocket.connect(port: gate.port)) == nil })
            #expect(try gate.echoes(polite) && gate.echoes(stubborn))
            #expect(try gate.ask("POST", "launches", body: #"{"agent":"bot","uid":\#(getuid())}"#).status == 503)
            polite.close()
            #expect(stubborn.readToEnd().ending != .stillOpen)
        }
    }

    @Test("stops while a reader waits for records")
    func waitingReader() async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            let size = try gate.status().audit.records
            let reader = try RawSocket.connect(unix: gate.socket)
            try reader.write("GET /v1/audit/tail?from=\(size + 1000)&wait=30 HTTP/1.1\r\nHost: g\r\n\r\n")
            #expect(try gate.status().state == .serving)
            gate.beginStop()
            #expect(reader.readToEnd().ending != .stillOpen)
        }
    }
}
