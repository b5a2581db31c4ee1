// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Texts with regular expressions between delimiters, as `urn:foo:{.*}`.
enum PatternTemplate {
    /// The regular expression of a template: what stands outside of the delimiters is taken for itself.
    static func expression(
        of template: UnsafeBufferPointer<UInt8>, opening: UInt8, closing: UInt8, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> [UInt8] {
        var result: [UInt8] = [UInt8(ascii: "^")]
        var end = 0
        for part in try parts(of: template, opening: opening, closing: closing) {
            quote(template[end..<part.lowerBound], to: &result)
            let inner = template[part.lowerBound &+ 1..<part.upperBound &- 1]
            // Alone it must be an expression too, so that it cannot close the group around it.
            let alone = [UInt8(ascii: "^")] + inner + [UInt8(ascii: "$")]
            try context.charge(64 &+ alone.count)
            try alone.withUnsafeBufferPointer { bytes throws(BuiltinFailure) in
                _ = try Pattern(bytes, limits: context.limits)
            }
            result.append(UInt8(ascii: "("))
            result += inner
            result.append(UInt8(ascii: ")"))
            end = part.upperBound
        }
        quote(template[end...], to: &result)
        result.append(UInt8(ascii: "$"))
        return result
    }

    /// The outermost parts between delimiters, with these.
    private static func parts(
        of template: UnsafeBufferPointer<UInt8>, opening: UInt8, closing: UInt8
    ) throws(BuiltinFailure) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var level = 0
        var start = 0
        for (position, byte) in template.enumerated() {
            if byte == opening {
                level &+= 1
                if level == 1 { start = position }
            } else if byte == closing {
                level &-= 1
                if level == 0 { parts.append(start..<position &+ 1) }
                if level < 0 { break }
            }
        }
        guard level == 0 else {
            throw .value("unbalanced braces in \"\(String(decoding: template, as: UTF8.self))\"")
        }
        return parts
    }

    private static func quote(_ text: Slice<UnsafeBufferPointer<UInt8>>, to result: inout [UInt8]) {
        for byte in text {
            if "\\.+*?()|[]{}^$".utf8.contains(byte) { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
    }
}
