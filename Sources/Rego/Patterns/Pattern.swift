// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CRE2

/// A compiled regular expression.
final class Pattern {
    private let program: OpaquePointer
    /// Groups in parentheses, without the whole match.
    let groupCount: Int

    /// Compiles a pattern of RE2 syntax, as Go reads it.
    ///
    /// - Throws: a value failure in Go's words, or the pattern limit.
    init(_ source: UnsafeBufferPointer<UInt8>, limits: Limits) throws(BuiltinFailure) {
        if source.count > limits.patternBytes { throw .limit(.pattern) }
        let prepared = try PatternSource.prepare(source)
        guard
            let program = prepared.withUnsafeBufferPointer({
                cre2_new($0.baseAddress, $0.count, Int64(limits.patternMemory))
            })
        else { throw .limit(.pattern) }
        let status = cre2_status_of(program)
        guard status == cre2_ok else {
            let failure = Pattern.failure(status, of: program, source: source)
            cre2_delete(program)
            throw failure
        }
        self.program = program
        groupCount = Int(max(cre2_group_count(program), 0))
    }

    deinit {
        cre2_delete(program)
    }

    /// Whether it matches anywhere in the text.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        cre2_matches(program, text.baseAddress, text.count)
    }

    /// Finds the leftmost match at or after a byte of the text; `groups` takes the whole match and then the groups.
    func find(in text: UnsafeBufferPointer<UInt8>, from offset: Int, groups: inout [cre2_range]) -> Bool {
        cre2_find(program, text.baseAddress, text.count, offset, &groups, groups.count)
    }

    /// The numbers of the groups of a name.
    func groups(named name: ArraySlice<UInt8>) -> [Int] {
        guard groupCount > 0 else { return [] }
        return name.withUnsafeBufferPointer { name in
            (1...groupCount).filter { cre2_group_has_name(program, Int32($0), name.baseAddress, name.count) }
        }
    }

    private static func failure(
        _ status: cre2_status, of program: OpaquePointer, source: UnsafeBufferPointer<UInt8>
    ) -> BuiltinFailure {
        if status == cre2_out_of_memory { return .limit(.pattern) }
        var count = 0
        let start = cre2_error_argument(program, &count)
        var part = UnsafeBufferPointer(start: start, count: count).map { UInt8(bitPattern: $0) }
        if status == cre2_missing_paren || status == cre2_unexpected_paren { part = Array(source) }
        return .value("error parsing regexp: \(words(for: status)): `\(String(decoding: part, as: UTF8.self))`")
    }

    private static func words(for status: cre2_status) -> String {
        switch status {
        case cre2_bad_escape: "invalid escape sequence"
        case cre2_bad_char_class: "invalid character class"
        case cre2_bad_char_range: "invalid character class range"
        case cre2_missing_bracket: "missing closing ]"
        case cre2_missing_paren: "missing closing )"
        case cre2_unexpected_paren: "unexpected )"
        case cre2_trailing_backslash: "trailing backslash at end of expression"
        case cre2_repeat_argument: "missing argument to repetition operator"
        case cre2_repeat_size: "invalid repeat count"
        case cre2_repeat_operator: "invalid nested repetition operator"
        case cre2_bad_perl_operator: "invalid or unsupported Perl syntax"
        case cre2_bad_utf8: "invalid UTF-8"
        case cre2_bad_named_capture: "invalid named capture"
        default: "internal error"
        }
    }
}

/// Where Go's syntax and that of RE2 differ.
enum PatternSource {
    /// The pattern for RE2: `(?<name>` is written `(?P<name>`, and `\C`, which would match a part of a code point, is refused.
    static func prepare(_ source: UnsafeBufferPointer<UInt8>) throws(BuiltinFailure) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(source.count &+ 8)
        var isQuoted = false
        var isInClass = false
        var position = 0
        while position < source.count {
            let byte = source[position]
            let next = position &+ 1 < source.count ? source[position &+ 1] : 0
            if byte == UInt8(ascii: "\\") {
                if isQuoted {
                    if next == UInt8(ascii: "E") { isQuoted = false }
                } else if next == UInt8(ascii: "Q") && !isInClass {
                    isQuoted = true
                } else if next == UInt8(ascii: "C") {
                    throw .value("error parsing regexp: invalid escape sequence: `\\C`")
                }
                result.append(byte)
                // In a quotation only the end is an escape, so that a backslash before another one stands alone.
                if position &+ 1 < source.count, !isQuoted || next != UInt8(ascii: "\\") {
                    result.append(next)
                    position &+= 1
                }
                position &+= 1
                continue
            }
            if isQuoted {
                result.append(byte)
            } else if isInClass {
                result.append(byte)
                if byte == UInt8(ascii: "]") { isInClass = false }
                if byte == UInt8(ascii: "["), next == UInt8(ascii: ":") {
                    position &+= copyNamedClass(source, at: position, to: &result)
                }
            } else if byte == UInt8(ascii: "[") {
                isInClass = true
                result.append(byte)
                position &+= copyClassStart(source, at: position, to: &result)
            } else if byte == UInt8(ascii: "("), isNamedGroup(source, at: position) {
                result += Array("(?P".utf8)
                position &+= 1
            } else {
                result.append(byte)
            }
            position &+= 1
        }
        return result
    }

    /// Copies `^` and a first `]`, which closes nothing; returns how many bytes that were.
    private static func copyClassStart(
        _ source: UnsafeBufferPointer<UInt8>, at position: Int, to result: inout [UInt8]
    ) -> Int {
        var copied = 0
        if position &+ 1 < source.count, source[position &+ 1] == UInt8(ascii: "^") { copied = 1 }
        if position &+ copied &+ 1 < source.count, source[position &+ copied &+ 1] == UInt8(ascii: "]") { copied &+= 1 }
        for offset in 0..<copied { result.append(source[position &+ 1 &+ offset]) }
        return copied
    }

    /// Copies what follows the bracket of `[:alpha:]`; returns how many bytes that were.
    private static func copyNamedClass(
        _ source: UnsafeBufferPointer<UInt8>, at position: Int, to result: inout [UInt8]
    ) -> Int {
        var end = position &+ 2
        while end &+ 1 < source.count, source[end] != UInt8(ascii: ":") || source[end &+ 1] != UInt8(ascii: "]") {
            end &+= 1
        }
        guard end &+ 1 < source.count else { return 0 }
        result += source[(position &+ 1)...(end &+ 1)]
        return end &+ 1 &- position
    }

    private static func isNamedGroup(_ source: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        position &+ 3 < source.count && source[position &+ 1] == UInt8(ascii: "?")
            && source[position &+ 2] == UInt8(ascii: "<") && source[position &+ 3] != UInt8(ascii: "=")
            && source[position &+ 3] != UInt8(ascii: "!")
    }
}
