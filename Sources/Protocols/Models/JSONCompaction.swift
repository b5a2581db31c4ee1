// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes a JSON text again without white space and with the fewest escapes, its members in the order in which they
/// stand: the order of a schema's members has a meaning for models.
enum JSONCompaction {
    /// The text again. It was parsed before, with the same limits; a text that was not gives nil.
    static func compact(_ text: [UInt8], limits: JSONLimits) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            let byte = text[position]
            switch byte {
            case 0x20, 0x09, 0x0a, 0x0d: position &+= 1
            case 0x22:
                guard let end = endOfString(text, from: position) else { return nil }
                let string = text[position..<end]
                if string.contains(0x5c) {
                    guard case .string(let value)? = try? JSONValue(parsing: Array(string), limits: limits) else {
                        return nil
                    }
                    JSONValue.write(value, to: &output)
                } else {
                    output.append(contentsOf: string)
                }
                position = end
            default:
                output.append(byte)
                position &+= 1
            }
        }
        return output
    }

    private static func endOfString(_ text: [UInt8], from start: Int) -> Int? {
        var position = start &+ 1
        while position < text.count {
            switch text[position] {
            case 0x5c: position &+= 2
            case 0x22: return position &+ 1
            default: position &+= 1
            }
        }
        return nil
    }
}
