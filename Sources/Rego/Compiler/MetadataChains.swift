// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What `rego.metadata.chain()` and `rego.metadata.rule()` stand for.
struct MetadataChains {
    private struct Entry {
        var annotation: Annotation
        var path: [Text]
    }

    private let modules: [Module]
    private var documents: [[SyntaxValue]: Annotation] = [:]
    private var packages: [[Text]: Annotation] = [:]
    private var subpackages: [[Text]: Annotation] = [:]

    /// Collects the blocks of all modules; a second one for the same document or package is a mistake.
    init(modules: [Module], sources: [String], compilation: Compilation) {
        self.modules = modules
        for module in modules where !module.annotations.isEmpty {
            for annotation in module.annotations {
                switch annotation.scope {
                case .package: Self.add(annotation, at: module.package, to: &packages, sources, compilation)
                case .subpackages: Self.add(annotation, at: module.package, to: &subpackages, sources, compilation)
                case .rule, .document: break
                }
            }
            for rule in module.rules {
                for index in rule.annotations where module.annotations.indices.contains(index) {
                    let annotation = module.annotations[index]
                    guard annotation.scope == .document else { continue }
                    Self.add(annotation, at: Self.path(module, rule), to: &documents, sources, compilation)
                }
            }
        }
    }

    private static func add<Key: Hashable>(
        _ annotation: Annotation, at key: Key, to table: inout [Key: Annotation], _ sources: [String],
        _ compilation: Compilation
    ) {
        if let first = table[key]?.location {
            let file = sources.indices.contains(Int(first.file)) ? sources[Int(first.file)] : ""
            compilation.report(
                .metadata, .compile, "\(annotation.scope.rawValue) annotation redeclared: \(file):\(first.row)",
                at: annotation.location)
        } else {
            table[key] = annotation
        }
    }

    private static func path(_ module: Module, _ rule: Rule) -> [SyntaxValue] {
        var result: [SyntaxValue] = module.package.dropFirst().map { .string($0) }
        for (index, term) in rule.head.reference.enumerated() {
            if index == 0, let name = term.variableName {
                result.append(.string(name))
            } else if let value = term.scalar {
                result.append(value)
            } else {
                break
            }
        }
        return result
    }

    /// The blocks of the definition itself, nearest first.
    private func own(_ draft: DraftRule) -> [Annotation] {
        let module = modules[draft.module]
        return module.rules[draft.rule].annotations.filter(module.annotations.indices.contains)
            .map { module.annotations[$0] }.filter { $0.scope == .rule }
            .sorted { $1.location.isBefore($0.location) }
    }

    /// The block that describes a definition, or an empty object.
    func rule(of draft: DraftRule) -> Term {
        .constant(own(draft).first?.content ?? .object([]), at: draft.location)
    }

    /// The blocks from the definition outwards, each with its path.
    func chain(of draft: DraftRule) -> Term {
        let path = draft.groundPath
        let module = modules[draft.module]
        let package = module.package.dropFirst().map { SyntaxValue.string($0) }
        var links: [SyntaxValue] = []
        let own = own(draft)
        for annotation in own { links.append(Self.link(path, annotation)) }
        if own.isEmpty { links.append(Self.link(path, nil)) }
        if let annotation = documents[path] { links.append(Self.link(path, annotation)) }
        if let annotation = packages[module.package] { links.append(Self.link(package, annotation)) }
        var parent = module.package
        while !parent.isEmpty {
            if let annotation = subpackages[parent] {
                links.append(Self.link(parent.dropFirst().map { .string($0) }, annotation))
            }
            parent.removeLast()
        }
        return .constant(.array(links), at: draft.location)
    }

    private static func link(_ path: [SyntaxValue], _ annotation: Annotation?) -> SyntaxValue {
        var members: [SyntaxValue.Member] = []
        if let annotation { members.append(.init(key: "annotations", value: annotation.content)) }
        members.append(.init(key: "path", value: .array(path)))
        return .object(members)
    }
}
