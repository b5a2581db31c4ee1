// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import Protocols

/// Certificates on their own: what the parser and the profiles of leaf and authority say.
enum IdentityProfileCases {
    static func run(_ folder: URL, _ report: inout SuiteReport) throws {
        for test in try IdentitySuite.cases(in: folder) {
            guard let file = test["file"]?.string, let expectation = test["expect"]?.string else { continue }
            let bytes = Array(try Data(contentsOf: folder.appending(path: file)))
            let failure = refusal(of: bytes)
            let isAccepted = expectation.hasPrefix("accept")
            switch failure {
            case nil: report.record(file, isAccepted ? nil : "accepted")
            case .some(let why): report.record(file, isAccepted ? "refused: \(why)" : nil)
            }
        }
    }

    private static func refusal(of pem: [UInt8]) -> String? {
        do {
            let chain = try EncodedCertificate.sequence(pem: pem, atMost: SVIDLimits.standard.certificates)
            guard let leaf = chain.first else { return "no certificate" }
            let id = try LeafProfile.identity(of: leaf)
            for authority in chain.dropFirst() {
                try AuthorityProfile.check(authority, trustDomain: id.trustDomain)
            }
            return nil
        } catch {
            return "\(error)"
        }
    }
}
