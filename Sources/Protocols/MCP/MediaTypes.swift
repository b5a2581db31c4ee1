// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The little of media types that the readers of messages need.
package enum MediaTypes {
    /// Whether a `Content-Type` is `type`, with no parameter but `charset=utf-8`.
    package static func isUTF8(_ value: String?, _ type: StaticString) -> Bool {
        guard let value else { return false }
        let parts = Array(value.utf8).split(separator: 0x3b, omittingEmptySubsequences: false)
        guard let essence = parts.first, equals(trimmed(essence), type) else { return false }
        for part in parts.dropFirst() {
            let parameter = trimmed(part)
            guard
                parameter.isEmpty || equals(parameter, "charset=utf-8") || equals(parameter, "charset=\"utf-8\"")
            else { return false }
        }
        return true
    }

    /// Whether an `Accept` list names `type` itself, with a weight that is not zero.
    static func lists(_ accept: String, _ type: StaticString) -> Bool {
        Array(accept.utf8).split(separator: 0x2c).contains { range in
            let parts = range.split(separator: 0x3b)
            guard let essence = parts.first, equals(trimmed(essence), type) else { return false }
            return !parts.dropFirst().contains { isZeroWeight(trimmed($0)) }
        }
    }

    private static func isZeroWeight(_ parameter: ArraySlice<UInt8>) -> Bool {
        guard parameter.count >= 3, equals(parameter.prefix(2), "q=") else { return false }
        return parameter.dropFirst(2).allSatisfy { $0 == 0x30 || $0 == 0x2e }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest.removeFirst() }
        while let byte = rest.last, byte == 0x20 || byte == 0x09 { rest.removeLast() }
        return rest
    }

    private static func equals(_ bytes: ArraySlice<UInt8>, _ literal: StaticString) -> Bool {
        bytes.withUnsafeBytes { ByteScan.equalsIgnoringCase($0, literal) }
    }
}
