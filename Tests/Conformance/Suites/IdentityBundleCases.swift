// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import Protocols

/// Bundle documents, and the plain key sets of the Workload API.
enum IdentityBundleCases {
    static func run(_ folder: URL, _ report: inout SuiteReport) throws {
        let trustDomain = try TrustDomain(parsing: "domain.test")
        for test in try IdentitySuite.cases(in: folder) {
            guard let name = test["name"]?.string, let document = test["doc"] else { continue }
            let bytes = document.string.map { Array($0.utf8) } ?? document.bytes
            // Entries of plain key sets have no use of SPIFFE's.
            let source = test["source"]?.string ?? ""
            let usable = source.contains("jwtbundle") ? keySet(bytes, trustDomain) : bundle(bytes, trustDomain)
            report.record(name, judge(usable, test["expect"]?.string ?? "", document))
        }
    }

    /// How many keys became usable, or nil when the text was refused.
    private static func keySet(_ bytes: [UInt8], _ trustDomain: TrustDomain) -> Int? {
        (try? JWTBundle(parsing: bytes, trustDomain: trustDomain))?.authorities.count
    }

    private static func bundle(_ bytes: [UInt8], _ trustDomain: TrustDomain) -> Int? {
        guard let bundle = try? TrustBundle(parsing: bytes, trustDomain: trustDomain) else { return nil }
        return bundle.x509.authorities.count + bundle.jwt.authorities.count
    }

    private static func judge(_ usable: Int?, _ expectation: String, _ document: JSONValue) -> String? {
        let entries = document["keys"]?.array?.count ?? 0
        switch expectation {
        case "accept", "see-note": return usable == entries ? nil : "\(usable ?? -1) of \(entries) keys are usable"
        case "ignore-key": return (usable ?? entries) < entries ? nil : "\(usable ?? -1) of \(entries) keys are usable"
        case "reject-or-ignore-key", "reject": return (usable ?? 0) < max(entries, 1) ? nil : "every key is usable"
        default: return "unknown expectation \(expectation)"
        }
    }
}
