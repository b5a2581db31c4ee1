// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// Answers of OPA's REST API as JSON texts. Results are passed on as they were written.
struct DocumentText {
    private var members: [(name: String, json: [UInt8])] = []
    let isIndented: Bool

    init(isIndented: Bool) { self.isIndented = isIndented }

    /// Adds a member.
    mutating func add(_ name: String, json: [UInt8]) { members.append((name, json)) }

    /// Adds a member with a text.
    mutating func add(_ name: String, _ text: String) { add(name, json: Self.quoted(text)) }

    /// Adds a member with an object.
    mutating func add(_ name: String, _ object: DocumentText) { add(name, json: object.bytes(level: 1)) }

    /// The text, with the line break that OPA ends it with.
    var bytes: [UInt8] { bytes(level: 0) + [UInt8(ascii: "\n")] }

    private func bytes(level: Int) -> [UInt8] {
        if members.isEmpty { return Array("{}".utf8) }
        let line = isIndented ? "\n" + String(repeating: "  ", count: level) : ""
        var text = Array("{".utf8)
        for (position, member) in members.enumerated() {
            if position > 0 { text += ",".utf8 }
            text += (isIndented ? line + "  " : "").utf8
            text += Self.quoted(member.name)
            text += (isIndented ? ": " : ":").utf8
            text += member.json
        }
        text += line.utf8
        text += "}".utf8
        return text
    }

    /// A text between quotes.
    static func quoted(_ text: String) -> [UInt8] {
        let heap = Heap(firstChunk: 4096)
        return JSONWriter.bytes(heap.string(text))
    }
}
