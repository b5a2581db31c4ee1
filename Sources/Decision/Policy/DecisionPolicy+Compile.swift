// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

extension DecisionPolicy {
    /// The package that the gate's own policy fills.
    private static let ownPackage: [Text] = ["data", "yett", "authz"]

    /// The user's sources, with the gate's own policy where it is not replaced.
    static func completed(_ sources: [PolicySource]) -> [PolicySource] {
        if sources.contains(where: { definesVerdict($0) }) { return sources }
        return sources + [PolicySource(name: DefaultPolicy.name, text: DefaultPolicy.text)]
    }

    /// Compiles sources.
    static func compile(_ sources: [PolicySource], _ settings: Settings) throws(PolicyFault) -> Policy {
        var languageSettings = Policy.Settings()
        languageSettings.isStrict = settings.isStrict
        languageSettings.builtins.add(GrantedBuiltin.all)
        languageSettings.allowedBuiltins = Set(settings.allowedBuiltins.map { Text($0) })
        do throws(Diagnostics) {
            return try Policy(compiling: sources, settings: languageSettings)
        } catch {
            throw PolicyFault(error, sources: sources.map(\.name))
        }
    }

    /// Whether a source defines `verdict` in the package of the gate's own policy.
    private static func definesVerdict(_ source: PolicySource) -> Bool {
        guard let module = try? Parser.parseModule(source.bytes, file: 0), module.package == ownPackage else {
            return false
        }
        return module.rules.contains { rule in
            if case .variable("verdict")? = rule.head.reference.first?.kind { true } else { false }
        }
    }
}

/// Why a policy cannot be used: every mistake, each with its place.
public struct PolicyFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The mistakes, each as `file:row:column: error: …`.
    public var lines: [String]

    /// Collects mistakes.
    public init(_ lines: [String]) {
        self.lines = lines
    }

    init(_ diagnostics: Diagnostics, sources: [String]) {
        lines = diagnostics.list.map { diagnostic in
            let place = PolicyFault.place(diagnostic.location, sources)
            return "\(place): error: \(diagnostic.code.rawValue): \(diagnostic.message)"
        }
    }

    /// `file:row:column`.
    static func place(_ location: Location, _ sources: [String]) -> String {
        let file = Int(location.file)
        guard sources.indices.contains(file) else { return "policy" }
        return "\(sources[file]):\(location.row):\(location.column)"
    }

    /// The mistakes, a line each.
    public var description: String { lines.joined(separator: "\n") }
}
