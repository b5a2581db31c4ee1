// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// The definition of a tool as lines for a person: each value with its path, so that a line says by itself what it is.
///
/// Definitions are text of strangers: whatever a person does not see, or could take for something else on a terminal, is
/// written as its code point.
public enum MCPDefinitionText {
    /// The most lines of one definition.
    static let maximumLines = 2000
    /// The most characters of one line's value.
    static let maximumWidth = 2000

    /// The lines of a definition.
    ///
    /// - Parameter definition: As JSON.
    public static func lines(of definition: [UInt8]) -> [String] {
        let limits = JSONLimits(bytes: 4 << 20, values: 200_000, stringBytes: 4 << 20)
        guard let value = try? JSONValue(parsing: definition, limits: limits) else { return [] }
        var lines: [String] = []
        var more = 0
        write(value, at: "", &lines, &more)
        if more > 0 { lines.append("… \(more) further lines") }
        return lines
    }

    /// The lines that differ, those that are gone with `- ` and those that are there now with `+ `, in their order.
    public static func difference(from old: [UInt8], to new: [UInt8]) -> [String] {
        let (old, new) = (lines(of: old), lines(of: new))
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in new.map({ Array($0.utf8) }).difference(from: old.map { Array($0.utf8) }) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var lines: [String] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if left < old.count, removed.contains(left) {
                lines.append("- " + old[left])
                left += 1
            } else if right < new.count, added.contains(right) {
                lines.append("+ " + new[right])
                right += 1
            } else {
                left += 1
                right += 1
            }
        }
        return lines
    }

    private static func write(_ value: JSONValue, at path: String, _ lines: inout [String], _ more: inout Int) {
        switch value {
        case .object(let object) where !object.isEmpty:
            for member in object.members {
                let name = isPlain(member.name) ? member.name : "\"\(visible(member.name))\""
                write(member.value, at: path.isEmpty ? name : "\(path).\(name)", &lines, &more)
            }
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() { write(element, at: "\(path)[\(index)]", &lines, &more) }
        case .string(let text):
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                add("\(path): \"\(visible(String(line)))\"", &lines, &more)
            }
        default: add("\(path): \(value.text)", &lines, &more)
        }
    }

    private static func add(_ line: String, _ lines: inout [String], _ more: inout Int) {
        if lines.count < maximumLines { lines.append(line) } else { more += 1 }
    }

    private static func isPlain(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x5F || $0 == 0x2D || $0 == 0x24
            }
    }

    /// The text with what is not seen, or moves what is seen, as code points, and not endlessly long.
    static func visible(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            count += 1
            guard count <= maximumWidth else { break }
            if scalar == "\\" || scalar == "\"" {
                result.append("\\")
                result.append(scalar)
            } else if isSeen(scalar) {
                result.append(scalar)
            } else {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
            }
        }
        let rest = text.unicodeScalars.count - min(count, maximumWidth)
        return String(result) + (rest > 0 ? "… \(rest) further characters" : "")
    }

    private static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        let properties = scalar.properties
        guard !properties.isDefaultIgnorableCodePoint, !properties.isVariationSelector else { return false }
        return switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator, .nonspacingMark, .enclosingMark:
            false
        default: true
        }
    }
}
