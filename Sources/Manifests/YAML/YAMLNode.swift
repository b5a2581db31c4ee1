// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A value of a YAML document, built as a literal; what it holds is text and never syntax.
indirect enum YAMLNode: Sendable {
    /// A text.
    case string(String)
    /// A number.
    case integer(Int)
    /// A number with digits behind the point, as it is written.
    case decimal(StaticString)
    /// A truth value.
    case boolean(Bool)
    /// A sequence.
    case list([YAMLNode])
    /// A mapping, in this order.
    case map([Entry])
    /// A value below a comment.
    case noted(String, YAMLNode)

    /// A key with its value.
    struct Entry: Sendable {
        let key: String
        let value: YAMLNode

        /// Joins both.
        init(_ key: String, _ value: YAMLNode) {
            self.key = key
            self.value = value
        }
    }

    /// An empty mapping, which selects everything where it is a selector.
    static let nothing = YAMLNode.map([])

    /// Texts as a sequence.
    static func strings(_ texts: some Sequence<String>) -> YAMLNode { .list(texts.map(YAMLNode.string)) }

    /// The mapping with further entries behind its own; anything else as it is.
    func adding(_ entries: [Entry]) -> YAMLNode {
        switch self {
        case .map(let own): .map(own + entries)
        case .noted(let note, let value): .noted(note, value.adding(entries))
        case .string, .integer, .decimal, .boolean, .list: self
        }
    }
}

extension YAMLNode: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(arrayLiteral elements: YAMLNode...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, YAMLNode)...) { self = .map(elements.map { Entry($0, $1) }) }
}
