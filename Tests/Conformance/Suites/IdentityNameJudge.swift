// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protocols

/// Compares what the parsers of names say with what a case demands; nil when it is the same.
enum IdentityNameJudge {
    static func judge(_ input: String, _ test: JSONValue) -> String? {
        let isValid = test["valid"]?.bool ?? false
        do throws(SPIFFEIDError) {
            let id = try SPIFFEID(parsing: input)
            guard isValid else { return "accepted" }
            if let domain = test["trust_domain"]?.string, domain != id.trustDomain.name {
                return "trust domain \(id.trustDomain) instead of \(domain)"
            }
            if let path = test["path"]?.string, path != id.path { return "path \(id.path) instead of \(path)" }
            return id.description == input ? nil : "written as \(id)"
        } catch {
            return isValid ? "refused: \(error)" : nil
        }
    }

    static func judgeSocket(_ input: String, _ test: JSONValue) -> String? {
        let isValid = test["valid"]?.bool ?? false
        do throws(WorkloadSocketError) {
            let socket = try WorkloadSocket(parsing: input)
            return isValid ? nil : "taken for \(socket)"
        } catch {
            return isValid ? "refused: \(error)" : nil
        }
    }
}
