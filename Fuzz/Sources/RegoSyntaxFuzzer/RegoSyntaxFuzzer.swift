// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import RegoSyntax

/// What `fuzzRegoSyntax` promises.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    fuzzRegoSyntax(UnsafeBufferPointer(start: start, count: count))
    return 0
}

/// Reading ends, a module without comments stays the same when its layout changes, and what is printed of it is read
/// again.
public func fuzzRegoSyntax(_ bytes: UnsafeBufferPointer<UInt8>) {
    let source = Array(bytes)
    _ = try? Parser.parseBody(source, file: 0, features: [.and, .or, .negatedBodies])
    guard let module = try? Parser.parseModule(source, file: 0) else { return }
    _ = SyntaxTree.value(of: module, fileName: "fuzz.rego")
    let formatted = try? Formatter.format(source: source, file: 0)
    _ = try? Formatter.format(source: source, file: 0, edition: .opa1_21)
    // A word of the language is a name at the begin of a statement only, and parentheses or a call may take it from there.
    guard module.comments.isEmpty, !hasKeywordAsName(source) else { return }
    for rule in module.rules {
        for statement in rule.body where statement.modifiers.isEmpty {
            guard case .term(let term) = statement.kind else { continue }
            expect(isRead(SyntaxPrinter.text(of: term), module.features), "what is printed is read again")
        }
    }
    guard let formatted else { return }
    let again = try? Parser.parseModule(formatted, file: 0)
    expect(again?.rules.count == module.rules.count, "a layout keeps the rules")
}

private func hasKeywordAsName(_ source: [UInt8]) -> Bool {
    let words = [
        "as", "contains", "default", "else", "every", "false", "if", "import", "in", "not", "null", "package", "some",
        "true", "with", "and", "or",
    ]
    return source.indices.contains { index in
        guard source[index] == UInt8(ascii: ".") || source[index] == UInt8(ascii: "[") else { return false }
        return words.contains { source[..<index].suffix($0.utf8.count).elementsEqual($0.utf8) }
    }
}

private func isRead(_ text: String, _ features: Module.Features) -> Bool {
    (try? Parser.parseBody(Array(text.utf8), file: 0, features: features)) != nil
}
