// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Refuses definitions that cannot stand beside each other.
struct ConflictCheck {
    let compilation: Compilation
    let outline: PolicyOutline
    let modules: [Module]
    let sources: [String]

    /// Notes all conflicts.
    func run() {
        for node in outline.tree.nodes.indices where !outline.draftsAt[node].isEmpty { check(node) }
        checkPackages()
    }

    private func check(_ node: Int) {
        // Those of the packages nearest to the root come first.
        let drafts = outline.draftsAt[node].map { outline.drafts[$0] }.enumerated().sorted {
            ($0.element.prefix.count, $0.offset) < ($1.element.prefix.count, $1.offset)
        }.map(\.element)
        guard let first = drafts.first, let last = drafts.last else { return }
        let name = compilation.printer.reference(last.reference)
        let holder = drafts.first(where: \.isGround)
        let below = rules(below: node) { holder != nil || $0.arity > 0 }
        let isMulti = drafts.map { $0.branches.first?.key != nil }
        let isGround = drafts.filter { $0.branches.first?.key != nil }.map(\.isGround)
        let isComplete = drafts.map { $0.isGround && $0.branches.first?.key == nil }
        let defaults = drafts.filter(\.isDefault)
        if !below.isEmpty {
            compilation.report(
                .conflicts, .type, "rule \(name) conflicts with [\(below.joined(separator: " "))]", at: first.location)
        } else if Set(isMulti).count > 1 || Set(drafts.map(\.arity)).count > 1 || Set(isComplete).count > 1
            || Set(isGround).count > 1
        {
            compilation.report(.conflicts, .type, "conflicting rules \(name) found", at: first.location)
        } else if defaults.count > 1 {
            let places = defaults.map { place($0.location) }.joined(separator: ", ")
            compilation.report(
                .conflicts, .type, "multiple default rules \(name) found at \(places)",
                at: modules[defaults[0].module].packageLocation)
        }
    }

    /// The definitions below a place that fit a condition.
    private func rules(below node: Int, where fits: (DraftRule) -> Bool) -> [String] {
        var names: Set<Text> = []
        var pending = outline.tree.nodes[node].order
        while let next = pending.popLast() {
            for draft in outline.draftsAt[next] where fits(outline.drafts[draft]) {
                names.insert(Text(compilation.printer.reference(outline.drafts[draft].reference)))
            }
            pending.append(contentsOf: outline.tree.nodes[next].order)
        }
        return names.sorted().map(\.string)
    }

    private func checkPackages() {
        for draft in outline.drafts where draft.isGround {
            guard let node = outline.tree.node(at: draft.groundPath), outline.tree.nodes[node].isPackage else {
                continue
            }
            let reference = compilation.printer.reference(
                modules[draft.module].rules[draft.rule].head.reference)
            let package = TermPrinter { $0.string }.reference(
                Array(draft.reference.dropFirst()).enumerated().map {
                    guard $0.offset == 0, case .string(let name) = $0.element.kind else { return $0.element }
                    return .variable(name, at: $0.element.location)
                })
            compilation.report(
                .conflicts, .type,
                "package \(package) conflicts with rule \(reference) defined at \(place(draft.location))",
                at: modules[draft.module].packageLocation)
        }
    }

    private func place(_ location: Location) -> String {
        let index = Int(location.file)
        let name = sources.indices.contains(index) ? sources[index] : ""
        return "\(name):\(location.row)"
    }
}
