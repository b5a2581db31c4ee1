// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import Protocols

/// Signed tokens and key sets. Symmetric algorithms do not exist here, so that their valid cases are refused too.
enum IdentityTokenCases {
    static func run(_ folder: URL, _ report: inout SuiteReport) throws {
        for document in try IdentitySuite.documents(in: folder) {
            for group in document["testGroups"]?.array ?? [] {
                let comment = group["comment"]?.string ?? ""
                for test in group["tests"]?.array ?? [] {
                    let id = "\(comment)/\(test["tcId"]?.integer ?? 0) \(test["comment"]?.string ?? "")"
                    report.record(id, judge(test, group))
                }
            }
        }
    }

    private static func judge(_ test: JSONValue, _ group: JSONValue) -> String? {
        let isSymmetric = group["private"] != nil
        let isValid = test["result"]?.string == "valid" && !isSymmetric && test["jws"]?.string != nil
        let token = test["jws"].map { $0.string.map { Array($0.utf8) } ?? $0.bytes } ?? []
        do {
            try verify(token, with: group["public"] ?? group["private"] ?? .null)
            return isValid ? nil : "accepted"
        } catch {
            return isValid ? "refused: \(error)" : nil
        }
    }

    private static func verify(_ token: [UInt8], with key: JSONValue) throws {
        let jws = try CompactJWS(parsing: token)
        if key["keys"] != nil {
            _ = try VerificationKeys(JSONWebKeySet(key)).verify(jws)
        } else {
            _ = try jws.verified(with: VerificationKey(JSONWebKey(key)))
        }
    }
}
