// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds what the metadata blocks of a module describe.
struct AnnotationAttachment {
    private(set) var mistakes: [Diagnostic] = []
    private let statements: [SourceParser.Statement]

    init(statements: [SourceParser.Statement]) {
        self.statements = statements
    }

    /// Adds the blocks to the module and to the rules that stand directly behind them.
    mutating func attach(_ blocks: [AnnotationReader.Block], to module: inout Module) {
        for block in blocks {
            let target = statements.first { $0.location.row > block.location.row }
            guard let scope = scope(of: block, target) else { continue }
            var members = [SyntaxValue.Member(key: "scope", value: .string(Text(scope.rawValue)))]
            members += block.members
            let annotation = Annotation(
                scope: scope, content: .object(members), at: block.location, lastRow: block.lastRow)
            if let target, let rule = rule(for: target, in: module) {
                module.rules[rule].annotations.append(module.annotations.count)
            }
            module.annotations.append(annotation)
        }
    }

    private func rule(for target: SourceParser.Statement, in module: Module) -> Int? {
        switch target {
        case .package, .import: nil
        case .rule, .body: module.rules.firstIndex { $0.location.offset >= target.location.offset }
        }
    }

    private mutating func scope(
        of block: AnnotationReader.Block, _ target: SourceParser.Statement?
    ) -> Annotation.Scope? {
        var kind: String?
        var implied = ""
        switch target {
        case .package:
            kind = "package"
            implied = "package"
        case .import:
            kind = "import"
            implied = "import"
        case .rule, .body:
            kind = "rule"
            implied = block.isEntrypoint ? "document" : "rule"
        case nil:
            break
        }
        let written = block.scope ?? implied
        guard let scope = Annotation.Scope(rawValue: written) else {
            note(
                "invalid annotation scope '\(written)'. Use one of 'rule', 'document', 'package', or 'subpackages'",
                block)
            return nil
        }
        let isForRule = scope == .rule || scope == .document
        let wanted = isForRule ? "rule" : "package"
        guard kind == wanted else {
            let have = kind.map { " (have \($0))" } ?? ""
            note("annotation scope '\(written)' must be applied to \(wanted)\(have)", block)
            return nil
        }
        if block.isEntrypoint, scope != .document, scope != .package {
            note("annotation entrypoint applied to non-document or package scope '\(written)'", block)
            return nil
        }
        return scope
    }

    private mutating func note(_ message: String, _ block: AnnotationReader.Block) {
        mistakes.append(Diagnostic(.parse, message, at: block.location))
    }
}
