// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `regex.*`.
enum RegexBuiltins {
    static let all: [Builtin] = [
        Builtin("regex.is_valid", [.string], .boolean, evaluate: isValid),
        Builtin("regex.match", [.string, .string], .boolean, evaluate: match),
        Builtin("re_match", [.string, .string], .boolean, traits: .deprecated, evaluate: match),
        Builtin("regex.find_n", [.string, .string, .number], .list(.string), evaluate: find),
        Builtin(
            "regex.find_all_string_submatch_n", [.string, .string, .number], .list(.list(.string)),
            evaluate: findWithGroups),
        Builtin("regex.split", [.string, .string], .list(.string), evaluate: split),
        Builtin("regex.replace", [.string, .string, .string], .string, evaluate: replace),
        Builtin("regex.template_match", [.string, .string, .string, .string], .boolean, evaluate: matchTemplate),
        Builtin("regex.globs_match", [.string, .string], .boolean, evaluate: matchGlobs),
    ]

    private static func isValid(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        guard arguments[0].isString else { return .boolean(false) }
        do throws(BuiltinFailure) {
            _ = try context.patterns.pattern(arguments[0], context)
            return .boolean(true)
        } catch {
            if case .value = error { return .boolean(false) }
            throw error
        }
    }

    private static func match(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let source = try arguments.string(0)
        let text = try arguments.utf8(1)
        let pattern = try context.patterns.pattern(source, context)
        try context.charge(text.count / 64 &+ 1)
        return .boolean(pattern.matches(text))
    }

    private static func find(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let source = try arguments.string(0)
        let text = try arguments.utf8(1)
        let most = try arguments.integer(2)
        let pattern = try context.patterns.pattern(source, context)
        let result = context.heap.emptyArray()
        var matches = PatternMatches(pattern, in: text, withGroups: false, context)
        while most < 0 || Int64(result.count) < most, try matches.next() {
            try context.checkElement(after: result.count)
            context.heap.append(context.heap.string(UnsafeBufferPointer(rebasing: text[matches.whole])), to: result)
        }
        return result
    }

    private static func findWithGroups(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let source = try arguments.string(0)
        let text = try arguments.utf8(1)
        let most = try arguments.integer(2)
        let pattern = try context.patterns.pattern(source, context)
        let result = context.heap.emptyArray()
        var matches = PatternMatches(pattern, in: text, withGroups: true, context)
        while most < 0 || Int64(result.count) < most, try matches.next() {
            try context.checkElement(after: result.count)
            try context.charge(matches.count)
            let groups = context.heap.emptyArray(capacity: matches.count)
            for group in 0..<matches.count {
                let part = UnsafeBufferPointer(rebasing: text[matches[group] ?? 0..<0])
                context.heap.append(context.heap.string(part), to: groups)
            }
            context.heap.append(groups, to: result)
        }
        return result
    }

    private static func split(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let source = try arguments.string(0)
        let text = try arguments.utf8(1)
        let pattern = try context.patterns.pattern(source, context)
        let result = context.heap.emptyArray()
        if text.isEmpty && source.byteCount > 0 {
            context.heap.append(arguments[1], to: result)
            return result
        }
        var start = 0
        var end = 0
        var matches = PatternMatches(pattern, in: text, withGroups: false, context)
        while try matches.next() {
            try context.checkElement(after: result.count)
            end = matches.whole.lowerBound
            if matches.whole.upperBound != 0 {
                context.heap.append(context.heap.string(UnsafeBufferPointer(rebasing: text[start..<end])), to: result)
            }
            start = matches.whole.upperBound
        }
        if end != text.count {
            context.heap.append(context.heap.string(UnsafeBufferPointer(rebasing: text[start...])), to: result)
        }
        return result
    }

    private static func replace(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let text = try arguments.utf8(0)
        let source = try arguments.string(1)
        let replacement = try arguments.utf8(2)
        let pattern = try context.patterns.pattern(source, context)
        let template = ReplacementTemplate(replacement, for: pattern)
        var result: [UInt8] = []
        var start = 0
        var isChanged = false
        var matches = PatternMatches(pattern, in: text, withGroups: template.usesGroups, context)
        while try matches.next() {
            isChanged = true
            result += UnsafeBufferPointer(rebasing: text[start..<matches.whole.lowerBound])
            template.append(matches, of: text, to: &result)
            start = matches.whole.upperBound
            if result.count > context.limits.stringBytes { throw .limit(.string) }
        }
        guard isChanged else { return arguments[0] }
        result += UnsafeBufferPointer(rebasing: text[start...])
        try context.checkString(result.count)
        return context.heap.string(result)
    }

    private static func matchTemplate(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let template = try arguments.string(0)
        let text = try arguments.utf8(1)
        let opening = try arguments.utf8(2)
        let closing = try arguments.utf8(3)
        guard opening.count == 1 else {
            throw .value("start delimiter has to be exactly one character long but is \(opening.count) long")
        }
        guard closing.count == 1 else {
            throw .value("end delimiter has to be exactly one character long but is \(opening.count) long")
        }
        // The first mark keeps templates apart from glob patterns.
        let pattern = try context.patterns.pattern(
            template, marks: [1, opening[0], closing[0]], context
        ) { () throws(BuiltinFailure) in
            try PatternTemplate.expression(of: template.utf8, opening: opening[0], closing: closing[0], context)
        }
        try context.charge(text.count / 64 &+ 1)
        return .boolean(pattern.matches(text))
    }

    private static func matchGlobs(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let left = try GlobSequence(arguments.string(0).utf8, context)
        let right = try GlobSequence(arguments.string(1).utf8, context)
        return .boolean(try left.intersects(right, context))
    }
}

extension BuiltinContext {
    /// Refuses one more element in a result whose size is not known beforehand.
    @inline(__always)
    func checkElement(after count: Int) throws(BuiltinFailure) {
        if count >= limits.collectionElements { throw .limit(.collection) }
        try charge(1)
    }
}
