// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import Protocols

/// Paths from a leaf to trusted certificates; names of peers play no part.
enum IdentityPathCases {
    static func run(_ folder: URL, _ report: inout SuiteReport) throws {
        for test in try IdentitySuite.cases(in: folder, member: "testcases") {
            guard let id = test["id"]?.string else { continue }
            guard test["x-scope"]?.string != "crl" else {
                report.skip(needing: "revocation lists, which SPIFFE replaces by short lives")
                continue
            }
            let start = ContinuousClock.now
            let failure = judge(test)
            let duration = ContinuousClock.now - start
            report.record(id, failure ?? (duration < .seconds(1) ? nil : "took \(duration)"))
        }
    }

    private static func judge(_ test: JSONValue) -> String? {
        let isValid = test["expected_result"]?.string == "SUCCESS"
        var limits = SVIDLimits.standard
        if let depth = test["max_chain_depth"]?.integer { limits = SVIDLimits(intermediates: Int(depth)) }
        do {
            guard let leaf = certificates([test["peer_certificate"]]).first else {
                return isValid ? "the leaf cannot be read" : nil
            }
            _ = try PathFinder.path(
                from: leaf, through: certificates(test["untrusted_intermediates"]?.array ?? []),
                to: certificates(test["trusted_certs"]?.array ?? []), now: time(test["validation_time"]?.string),
                limits: limits)
            return isValid ? nil : "accepted"
        } catch {
            return isValid ? "refused: \(error)" : nil
        }
    }

    /// What can be read; a certificate that nobody can read takes part in no path.
    private static func certificates(_ texts: [JSONValue?]) -> [EncodedCertificate] {
        texts.flatMap { text in
            (try? EncodedCertificate.sequence(pem: Array((text?.string ?? "").utf8), atMost: 1)) ?? []
        }
    }

    private static func time(_ text: String?) -> Int64 {
        let now = Date()
        guard let text else { return Int64(now.timeIntervalSince1970) }
        let whole = ISO8601DateFormatter()
        let fraction = ISO8601DateFormatter()
        fraction.formatOptions.insert(.withFractionalSeconds)
        let date = whole.date(from: text) ?? fraction.date(from: text) ?? now
        return Int64(date.timeIntervalSince1970.rounded(.down))
    }
}
