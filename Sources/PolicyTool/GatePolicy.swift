// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import Rego

/// The gate's own policy, which policies for the gate add to.
enum GatePolicy {
    private static let package: [Text] = ["data", "yett", "authz"]

    /// Sources with the gate's own policy where some add to it and none replaces it.
    static func completed(_ sources: [PolicySource]) -> [PolicySource] {
        let modules = sources.compactMap { try? Parser.parseModule($0.bytes, file: 0) }.filter { $0.package == package }
        let replaces = modules.contains { module in
            module.rules.contains { rule in
                if case .variable("verdict")? = rule.head.reference.first?.kind { true } else { false }
            }
        }
        guard !modules.isEmpty, !replaces, let own = DecisionPolicy.standard?.allSources else { return sources }
        return sources + own
    }

    /// Whether a source is the gate's own.
    static func isOwn(_ source: PolicySource) -> Bool {
        source.name.utf8.starts(with: "yett:".utf8)
    }
}
