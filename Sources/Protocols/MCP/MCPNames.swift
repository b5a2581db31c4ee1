// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which names and URIs are taken.
public enum MCPNames {
    /// Whether a tool's name is 1 to 128 of the characters that MCP recommends. Look-alike letters have no place in it.
    public static func isToolName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128
            && name.utf8.allSatisfy {
                $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x5f || $0 == 0x2d || $0 == 0x2e
            }
    }

    /// Whether a name of another kind is short and can be seen as it is.
    static func isName(_ name: String, bytes: Int) -> Bool {
        !name.isEmpty && name.utf8.count <= bytes
            && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } && !HiddenText.isPresent(in: name)
    }

    /// Judges a resource's URI: nil when it is taken.
    static func refusal(ofURI uri: String, bytes: Int) -> MCPRequestRefusalReason? {
        let text = Array(uri.utf8)
        guard text.count <= bytes, text.allSatisfy({ $0 > 0x20 && $0 != 0x7f }), !HiddenText.isPresent(in: uri),
            let colon = text.firstIndex(of: 0x3a), let first = text.first, (first | 0x20) &- 0x61 < 26,
            text[..<colon].allSatisfy({
                $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x2b || $0 == 0x2d || $0 == 0x2e
            })
        else { return .badURI }
        let rest = text[(colon &+ 1)...].prefix { $0 != 0x3f && $0 != 0x23 }
        if rest.contains(0x5c) { return .ambiguousURI }
        let isFile = text[..<colon].map(ByteScan.lowercase).elementsEqual("file".utf8)
        guard let decoded = unreserved(rest, refusesSeparators: isFile) else { return .ambiguousURI }
        let segments = decoded.split(separator: 0x2f, omittingEmptySubsequences: true)
        let hasDots = segments.contains { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }
        return hasDots ? .ambiguousURI : nil
    }

    /// The path with its encoded dots decoded; nil for an encoding that is broken or hides a control character, and
    /// where it matters for one that hides a separator or another percent sign.
    private static func unreserved(_ path: ArraySlice<UInt8>, refusesSeparators: Bool) -> [UInt8]? {
        var output: [UInt8] = []
        var rest = path
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                output.append(byte)
                continue
            }
            // A lone percent sign, as in a template that was never filled, is not a URI.
            guard rest.count >= 2, let high = ByteScan.hexValue(rest[rest.startIndex]),
                let low = ByteScan.hexValue(rest[rest.startIndex &+ 1])
            else { return nil }
            rest.removeFirst(2)
            let value = high &<< 4 | low
            if value < 0x20 || value == 0x7f { return nil }
            if refusesSeparators, value == 0x2f || value == 0x5c || value == 0x25 { return nil }
            output.append(value == 0x2e ? 0x2e : 0x5f)
        }
        return output
    }
}
