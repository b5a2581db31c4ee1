// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// What of a result is fields, and what is text of others.
struct MCPResultParts {
    /// Structured content, and text as strings.
    private(set) var values: [JSONValue] = []
    /// Whether text of others is in it.
    private(set) var hasText = false
    private var texts: [String] = []

    /// Takes a result apart. Text that is JSON counts as fields where the tool is known, has no structured content and
    /// does not read what anybody may have written; of tools of which nothing is known everything is text.
    init(_ result: JSONObject, _ annotations: ToolAnnotations?) {
        if let structured = result["structuredContent"] {
            take(structured, isText: annotations == nil)
        }
        let readsJSON =
            annotations.map { !$0.readsUntrustedContent } ?? false && result["structuredContent"] == nil
        for member in ["content", "contents", "messages"] {
            guard let value = result[member] else { continue }
            if readsJSON, case .array(let blocks) = value {
                for block in blocks { take(block: block) }
            } else {
                take(value, isText: true)
            }
        }
        if !texts.isEmpty { values.append(.string(texts.joined(separator: "\n"))) }
    }

    private mutating func take(block: JSONValue) {
        if case .string(let text)? = block["text"], let value = Self.fields(text) {
            values.append(value)
        } else {
            take(block, isText: true)
        }
    }

    /// Adds a value as it is, or each of its strings as text.
    private mutating func take(_ value: JSONValue, isText: Bool) {
        guard isText else {
            values.append(value)
            return
        }
        hasText = true
        Self.gather(value, &texts)
    }

    private static func gather(_ value: JSONValue, _ texts: inout [String]) {
        switch value {
        case .string(let text): texts.append(text)
        case .number(let number): texts.append(number.text)
        case .array(let elements): for element in elements { gather(element, &texts) }
        case .object(let object):
            // A picture says nothing that is compared.
            let isMedia = object["mimeType"] != nil
            for member in object.members where !(isMedia && member.name.utf8.elementsEqual("data".utf8)) {
                gather(member.value, &texts)
            }
        case .null, .bool: break
        }
    }

    /// The fields of a text that is a JSON object or array as a whole.
    private static func fields(_ text: String) -> JSONValue? {
        guard let first = text.utf8.first(where: { $0 > 0x20 }), first == 0x7b || first == 0x5b,
            let value = try? JSONValue(parsing: text)
        else { return nil }
        return value
    }

    /// How much a part counts.
    func bytes(of part: JSONValue) -> Int {
        switch part {
        case .string(let text): text.utf8.count
        default: part.bytes.count
        }
    }
}
