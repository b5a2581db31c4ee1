// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import PolicyBundle
internal import Rego

/// Who owns which part of `data`: two bundles never the same, and files nothing that a bundle owns.
struct PolicyOwnership {
    /// The bundles in the order of the configuration.
    let bundles: [(name: String, content: BundleContent)]

    /// What is wrong.
    func problems(with files: PolicyFiles) -> [String] {
        var problems: [String] = []
        do throws(BundleFailure) {
            try BundleRoots.checkDisjoint(bundles.map { ($0.name, $0.content.manifest.roots) })
        } catch {
            problems.append("policy.bundles: \(error); give their .manifest narrower roots")
        }
        for (name, content) in bundles {
            let manifest = content.manifest
            if manifest.regoVersion == 0 || manifest.fileRegoVersions.values.contains(0) {
                problems.append(
                    "policy.bundles.\(name): its .manifest says rego_version 0, which is not supported; type: "
                        + "opa fmt --write --v0-v1 DIRECTORY")
            }
        }
        for source in files.sources {
            guard let module = try? Parser.parseModule(source.bytes, file: 0) else { continue }
            let package = module.package.dropFirst().map(\.bytes)
            let heads = module.rules.map { rule in
                package + rule.head.reference.map { Self.name(of: $0) }.prefix { $0 != nil }.compactMap { $0 }
            }
            for path in [package] + heads {
                guard let owner = owner(of: path) else { continue }
                problems.append(
                    "\(source.name): its package \(Self.text(package)) lies below the roots "
                        + "\(owner.content.manifest.roots.list) of bundle '\(owner.name)'; "
                        + "give the bundle's .manifest narrower roots")
                break
            }
        }
        return problems
    }

    private func owner(of path: [[UInt8]]) -> (name: String, content: BundleContent)? {
        bundles.first { $0.content.manifest.roots.own(path) }
    }

    /// What a part of a rule's name stands for; nil where only the evaluation knows.
    private static func name(of term: Term) -> [UInt8]? {
        switch term.kind {
        case .variable(let name), .string(let name): name.bytes
        default: nil
        }
    }

    private static func text(_ path: [[UInt8]]) -> String {
        path.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
    }
}
