// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A path with parameters in it, such as `/pets/{id}`, in canonical form.
public struct OpenAPITemplate: Sendable, Hashable, CustomStringConvertible {
    /// One segment.
    enum Segment: Sendable, Hashable {
        /// These very bytes.
        case literal([UInt8])
        /// A parameter with these bytes before and behind it.
        case parameter(String, prefix: [UInt8], suffix: [UInt8])
    }

    let segments: [Segment]
    /// The path as it is written.
    public let description: String

    /// The names of the parameters, in their order.
    public var names: [String] {
        segments.compactMap { segment in
            if case .parameter(let name, _, _) = segment { name } else { nil }
        }
    }

    /// Reads a template: begins with a slash, plain segments, at most one parameter in each, no name twice.
    ///
    /// - Throws: The sentence that says what is wrong.
    init(parsing text: String) throws(Mistake) {
        let bytes = Array(text.utf8)
        guard bytes.first == 0x2f, bytes.count <= 1024 else { throw Mistake("a path begins with a slash") }
        var segments: [Segment] = []
        if bytes.count > 1 {
            for part in bytes.dropFirst().split(separator: 0x2f, omittingEmptySubsequences: false) {
                segments.append(try Self.segment(Array(part)))
            }
        }
        self.segments = segments
        description = text
        guard segments.count <= 64 else { throw Mistake("the path has more than 64 segments") }
        guard Set(names.map { Array($0.utf8) }).count == names.count else {
            throw Mistake("a parameter stands twice in the path")
        }
    }

    /// What is wrong with a template.
    struct Mistake: Error {
        let sentence: String
        init(_ sentence: String) { self.sentence = sentence }
    }

    private static func segment(_ part: [UInt8]) throws(Mistake) -> Segment {
        guard let open = part.firstIndex(of: 0x7b) else {
            guard !part.contains(0x7d) else { throw Mistake("a brace is not opened") }
            try judge(part)
            guard !part.isEmpty, !part.allSatisfy({ $0 == 0x2e }) else {
                throw Mistake("an empty segment or one of dots is never asked for: paths are canonical")
            }
            return .literal(part)
        }
        guard let close = part.firstIndex(of: 0x7d), close > open &+ 1, part.lastIndex(of: 0x7b) == open,
            part.lastIndex(of: 0x7d) == close
        else { throw Mistake("a segment has at most one parameter, in braces") }
        let name = String(decoding: part[(open &+ 1)..<close], as: UTF8.self)
        guard name.utf8.count <= 128, name.utf8.allSatisfy(ByteSet.visible.contains) else {
            throw Mistake("the name of a parameter has 1 to 128 visible characters")
        }
        let (prefix, suffix) = (Array(part[..<open]), Array(part[(close &+ 1)...]))
        try judge(prefix)
        try judge(suffix)
        return .parameter(name, prefix: prefix, suffix: suffix)
    }

    private static func judge(_ bytes: [UInt8]) throws(Mistake) {
        guard bytes.allSatisfy({ ByteSet.path.contains($0) && $0 != 0x3b }) else {
            throw Mistake("a path has plain characters only: no escape, no semicolon")
        }
    }

    // MARK: Matching

    /// The values of the parameters in a canonical path, as they stand there; `nil` when the path is another one.
    func match(_ path: [ArraySlice<UInt8>]) -> [(name: String, value: ArraySlice<UInt8>)]? {
        guard path.count == segments.count else { return nil }
        var values: [(name: String, value: ArraySlice<UInt8>)] = []
        for (segment, part) in zip(segments, path) {
            switch segment {
            case .literal(let bytes): guard part.elementsEqual(bytes) else { return nil }
            case .parameter(let name, let prefix, let suffix):
                guard part.count > prefix.count &+ suffix.count, part.starts(with: prefix),
                    part.suffix(suffix.count).elementsEqual(suffix)
                else { return nil }
                values.append((name, part.dropFirst(prefix.count).dropLast(suffix.count)))
            }
        }
        return values
    }

    /// How two templates stand to one another.
    enum Relation {
        /// No path fits both.
        case apart
        /// Every path that fits both is meant for this one.
        case moreSpecific
        /// Every path that fits both is meant for the other one.
        case lessSpecific
        /// They are for the same paths.
        case same
        /// Some path fits both, and nothing says for which it is meant.
        case ambiguous
    }

    /// How this template stands to another one.
    func relation(to other: OpenAPITemplate) -> Relation {
        guard segments.count == other.segments.count else { return .apart }
        var isMore = false
        var isLess = false
        for (left, right) in zip(segments, other.segments) {
            switch Self.relation(left, right) {
            case .apart: return .apart
            case .moreSpecific: isMore = true
            case .lessSpecific: isLess = true
            case .same: break
            case .ambiguous: return .ambiguous
            }
        }
        if isMore { return isLess ? .ambiguous : .moreSpecific }
        return isLess ? .lessSpecific : .same
    }

    private static func relation(_ left: Segment, _ right: Segment) -> Relation {
        switch (left, right) {
        case (.literal(let left), .literal(let right)): return left == right ? .same : .apart
        case (.literal(let bytes), .parameter(_, let prefix, let suffix)):
            return fits(bytes, prefix, suffix) ? .moreSpecific : .apart
        case (.parameter(_, let prefix, let suffix), .literal(let bytes)):
            return fits(bytes, prefix, suffix) ? .lessSpecific : .apart
        case (.parameter(_, let prefix, let suffix), .parameter(_, let otherPrefix, let otherSuffix)):
            let isLonger =
                prefix.starts(with: otherPrefix) && suffix.suffix(otherSuffix.count).elementsEqual(otherSuffix)
            let isShorter = otherPrefix.starts(with: prefix) && otherSuffix.suffix(suffix.count).elementsEqual(suffix)
            if isLonger, isShorter { return .same }
            if isLonger { return .moreSpecific }
            if isShorter { return .lessSpecific }
            let mayMeet =
                (prefix.starts(with: otherPrefix) || otherPrefix.starts(with: prefix))
                && (suffix.suffix(otherSuffix.count).elementsEqual(otherSuffix)
                    || otherSuffix.suffix(suffix.count).elementsEqual(suffix))
            return mayMeet ? .ambiguous : .apart
        }
    }

    private static func fits(_ bytes: [UInt8], _ prefix: [UInt8], _ suffix: [UInt8]) -> Bool {
        bytes.count > prefix.count &+ suffix.count && bytes.starts(with: prefix)
            && bytes.suffix(suffix.count).elementsEqual(suffix)
    }
}
