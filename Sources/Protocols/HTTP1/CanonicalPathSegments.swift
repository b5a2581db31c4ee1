// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Resolves dot segments, empty segments and path parameters of a path whose percent-encodings are normalised.
enum CanonicalPathSegments {
    /// The path to forward and the path to judge, or nil when a segment is ambiguous.
    static func resolve(_ path: [UInt8]) -> CanonicalPath.Storage? {
        var kept: [Range<Int>] = []
        var endsInSlash = true
        var position = 1
        while position <= path.count {
            var end = position
            while end < path.count, path[end] != 0x2f { end &+= 1 }
            let segment = path[position..<end]
            guard !isAmbiguous(segment) else { return nil }
            let name = nameOf(segment)
            endsInSlash = true
            if name.isEmpty || isDot(name) {
                // Nothing to keep.
            } else if isDotDot(name) {
                _ = kept.popLast()
            } else {
                kept.append(position..<end)
                endsInSlash = false
            }
            position = end &+ 1
        }
        var forward: [UInt8] = []
        var decision: [UInt8] = []
        forward.reserveCapacity(path.count)
        decision.reserveCapacity(path.count)
        for range in kept {
            forward.append(0x2f)
            forward.append(contentsOf: path[range])
            decision.append(0x2f)
            decision.append(contentsOf: nameOf(path[range]))
        }
        if endsInSlash {
            forward.append(0x2f)
            decision.append(0x2f)
        }
        return .rewritten(forward: forward, decision: decision == forward ? nil : decision)
    }

    private static func nameOf(_ segment: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        segment.prefix { $0 != 0x3b }
    }

    private static func isDot(_ name: ArraySlice<UInt8>) -> Bool { name.count == 1 && name.first == 0x2e }

    private static func isDotDot(_ name: ArraySlice<UInt8>) -> Bool {
        name.count == 2 && name.allSatisfy { $0 == 0x2e }
    }

    /// Whether servers that decode before they split would see other segments than those that do not: a segment that
    /// begins with an encoded slash or semicolon (an empty segment to the former), or one in which a part between such
    /// separators, encoded spaces aside, is a dot segment.
    private static func isAmbiguous(_ segment: ArraySlice<UInt8>) -> Bool {
        guard segment.contains(0x25) else { return false }
        if encodedSeparator(segment) == .slash { return true }
        var dots = 0
        var others = 0
        var index = segment.startIndex
        while index < segment.endIndex {
            let byte = segment[index]
            let encoded = encodedSeparator(segment[index...])
            if encoded == .space {
                index &+= 3
            } else if encoded == .slash || byte == 0x3b {
                if others == 0, dots == 1 || dots == 2 { return true }
                (dots, others) = (0, 0)
                index &+= encoded == .slash ? 3 : 1
            } else {
                if byte == 0x2e { dots &+= 1 } else { others &+= 1 }
                index &+= 1
            }
        }
        return others == 0 && (dots == 1 || dots == 2)
    }

    private enum Encoded {
        case none
        case slash
        case space
    }

    private static func encodedSeparator(_ bytes: ArraySlice<UInt8>) -> Encoded {
        guard bytes.count >= 3, bytes.first == 0x25 else { return .none }
        let high = bytes[bytes.startIndex &+ 1]
        let low = bytes[bytes.startIndex &+ 2]
        switch (high, low) {
        case (0x32, 0x46), (0x33, 0x42): return .slash
        case (0x32, 0x30): return .space
        default: return .none
        }
    }
}
