// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Glibc
import Storage

/// What a record costs the event loop that writes it: alone in its write, and with 31 others as under load.
enum AuditBenchmarks {
    static let all = [1, 32].map { batch in
        Benchmark(name: "audit/append/\(batch)-per-write", goal: batch == 1 ? 12_000 : 3_000) {
            var template = Array("/tmp/yett-benchmark-XXXXXX".utf8CString)
            guard let path = mkdtemp(&template), let origin = NoteName("bench.test/audit") else { return { _ in } }
            let log = try AuditLog.open(.init(directory: String(cString: path), origin: origin))
            let lane = log.makeLane()
            var event = AuditEvent(kind: .decision, time: 1_790_000_000_000_000)
            event.decision = "d-0123456789abcdef"
            event.connection = "c-1f"
            event.agent = "spiffe://techresolve.local/agent/support-bot"
            event.proof = "launched"
            event.strength = 3
            event.plane = "egress"
            event.operation = "tunnel"
            event.method = "CONNECT"
            event.host = "api.openai.com"
            event.port = 443
            event.verdict = .allow
            event.reasons = ["granted"]
            event.grant = "models"
            event.revision = "7"
            event.address = "93.184.215.14"
            event.source = "127.0.0.1:50122"
            return { times in
                for number in 1...times {
                    _ = lane.append(event)
                    if number % batch == 0 || number == times { _ = lane.flushNow() }
                }
            }
        }
    }
}
