// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Telemetry
import Testing

@Suite struct MetricTextTests {
    @Test("writes help, type and value of each metric")
    func page() {
        var text = MetricText()
        text.add(.auditRecords, 12)
        text.add(.liveConnections, 3)
        #expect(
            text.text == """
                # HELP yett_audit_records_total Records in the audit tree.
                # TYPE yett_audit_records_total counter
                yett_audit_records_total 12
                # HELP yett_live_connections Connections that are open now.
                # TYPE yett_live_connections gauge
                yett_live_connections 3

                """)
    }

    @Test("names metrics as Prometheus wants them", arguments: MetricName.allCases)
    func names(metric: MetricName) {
        #expect(metric.rawValue.hasPrefix("yett_"))
        #expect(metric.rawValue.allSatisfy { $0.isASCII && ($0.isLowercase || $0 == "_") })
        #expect(!metric.help.isEmpty)
    }
}
