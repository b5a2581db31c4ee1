// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

extension SyntaxValue {
    /// An object whose members keep their order.
    static func fields(_ members: [(String, SyntaxValue)]) -> SyntaxValue {
        .object(members.map { Member(key: Text($0.0), value: $0.1) })
    }

    static func text(_ text: String) -> SyntaxValue { .string(Text(text)) }

    static func integer(_ number: some BinaryInteger) -> SyntaxValue { .number(Text("\(number)")) }

    /// The text as Go's encoder writes it: members in their order, `<`, `>` and `&` as escapes.
    ///
    /// - Parameter indent: what each level is indented by; nil: everything stands in one line.
    public func jsonText(indent: String? = "  ") -> String {
        var writer = OrderedJSONWriter(indent: indent.map { Array($0.utf8) })
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes JSON with members in the order in which they stand.
private struct OrderedJSONWriter {
    let indent: [UInt8]?
    var bytes: [UInt8] = []
    var level = 0

    init(indent: [UInt8]?) {
        self.indent = indent
    }

    mutating func write(_ value: SyntaxValue) {
        switch value {
        case .null: bytes += "null".utf8
        case .boolean(let value): bytes += (value ? "true" : "false").utf8
        case .number(let digits): bytes += digits.bytes
        case .string(let text): write(text)
        case .array(let elements):
            list(elements, "[", "]") { writer, element in writer.write(element) }
        case .object(let members):
            list(members, "{", "}") { writer, member in
                writer.write(member.key)
                writer.bytes += (writer.indent == nil ? ":" : ": ").utf8
                writer.write(member.value)
            }
        }
    }

    private mutating func write(_ text: Text) {
        var options = JSONWriter.Options()
        options.escapesHTML = true
        let heap = Heap(firstChunk: 4096)
        var writer = JSONWriter(options)
        // A string alone has no depth that could be too large.
        if (try? writer.write(heap.string(text))) != nil { bytes += writer.bytes }
    }

    private mutating func list<Element>(
        _ elements: [Element], _ opening: String, _ closing: String, _ body: (inout Self, Element) -> Void
    ) {
        bytes += opening.utf8
        level += 1
        for (position, element) in elements.enumerated() {
            if position > 0 { bytes += ",".utf8 }
            breakLine()
            body(&self, element)
        }
        level -= 1
        if !elements.isEmpty { breakLine() }
        bytes += closing.utf8
    }

    private mutating func breakLine() {
        guard let indent else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<level { bytes += indent }
    }
}
