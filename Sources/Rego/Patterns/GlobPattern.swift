// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Translates glob patterns into regular expressions that match whole texts.
///
/// `*` stands for any characters but the delimiters, `**` for any characters, `?` for one character that is no delimiter,
/// `[abc]`, `[a-z]` and `[!a-z]` for one of these or one but these, `{a,b}` for either; a backslash takes the next
/// character for itself.
struct GlobPattern {
    private var reader: ScalarReader
    private let delimiters: [Unicode.Scalar]
    private var result: [UInt8] = []
    private var depth = 0

    /// The regular expression of a pattern.
    static func expression(
        of pattern: UnsafeBufferPointer<UInt8>, delimiters: [Unicode.Scalar]
    ) throws(BuiltinFailure) -> [UInt8] {
        var translation = GlobPattern(reader: ScalarReader(pattern), delimiters: delimiters)
        try translation.translate()
        return translation.result
    }

    /// The text with a backslash in front of every character that patterns give a meaning to.
    static func quote(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count &+ 8)
        for byte in text {
            switch byte {
            case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "\\"), UInt8(ascii: "["), UInt8(ascii: "]"),
                UInt8(ascii: "{"), UInt8(ascii: "}"):
                result.append(UInt8(ascii: "\\"))
            default: break
            }
            result.append(byte)
        }
        return result
    }

    private init(reader: ScalarReader, delimiters: [Unicode.Scalar]) {
        self.reader = reader
        self.delimiters = delimiters
    }

    private mutating func translate() throws(BuiltinFailure) {
        write("(?s)\\A")
        while let scalar = reader.next() {
            switch scalar {
            case "*": translateStar()
            case "?": writeOne()
            case "[": try translateClass()
            case "{":
                depth &+= 1
                if depth > 100 { throw .limit(.depth) }
                write("(?:")
            case "," where depth > 0: write("|")
            case "}" where depth > 0:
                depth &-= 1
                write(")")
            case "\\":
                guard let next = reader.next() else { throw Self.failure("trailing backslash") }
                write(literal: next)
            default: write(literal: scalar)
            }
        }
        if depth > 0 { throw Self.failure("unclosed `{`") }
        write("\\z")
    }

    private mutating func translateStar() {
        let isSuper = reader.peek() == "*"
        if isSuper { _ = reader.next() }
        if isSuper || delimiters.isEmpty {
            write(".*")
        } else {
            writeOne()
            write("*")
        }
    }

    private mutating func writeOne() {
        guard !delimiters.isEmpty else { return write(".") }
        write("[^")
        for delimiter in delimiters { write(classMember: delimiter) }
        write("]")
    }

    private mutating func translateClass() throws(BuiltinFailure) {
        write("[")
        if reader.peek() == "!" {
            _ = reader.next()
            write("^")
        }
        guard let first = reader.next() else { throw Self.failure("unexpected end of input") }
        if reader.peek() == "-" {
            _ = reader.next()
            guard let last = reader.next() else { throw Self.failure("unexpected end of input") }
            if last < first { throw Self.failure("range hi character is less than lo") }
            guard let close = reader.next() else { throw Self.failure("unexpected end of input") }
            guard close == "]" else { throw Self.failure("expected close range character") }
            write(classMember: first)
            write("-")
            write(classMember: last)
        } else {
            try translateMembers(from: first)
        }
        write("]")
    }

    private mutating func translateMembers(from first: Unicode.Scalar) throws(BuiltinFailure) {
        guard first != "]" else { throw Self.failure("could not parse range") }
        var next: Unicode.Scalar? = first
        while next != "]" {
            if next == "\\" { next = reader.next() }
            guard let member = next else { throw Self.failure("unexpected end of input") }
            write(classMember: member)
            next = reader.next()
        }
    }

    private mutating func write(_ text: String) {
        result += Array(text.utf8)
    }

    private mutating func write(literal scalar: Unicode.Scalar) {
        let isWord = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || !scalar.isASCII
        if !isWord { result.append(UInt8(ascii: "\\")) }
        // A control character behind a backslash would mean another one.
        if !isWord && scalar.value < 0x20 {
            write("x{\(String(scalar.value, radix: 16))}")
        } else {
            result.append(scalar)
        }
    }

    private mutating func write(classMember scalar: Unicode.Scalar) {
        write("\\x{\(String(scalar.value, radix: 16))}")
    }

    private static func failure(_ reason: String) -> BuiltinFailure {
        .value("glob: invalid pattern: \(reason)")
    }
}
