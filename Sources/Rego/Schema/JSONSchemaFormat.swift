// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The formats that `format` names; others accept everything.
enum JSONSchemaFormat {
    /// Whether a string has a format.
    static func accepts(
        _ value: Value, _ format: Text, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Bool {
        let bytes = Array(value.utf8)
        switch format {
        case "date": return isTime(bytes, ["2006-01-02"])
        case "time": return isTime(bytes, ["15:04:05", "15:04:05Z07:00"])
        case "date-time":
            return isTime(bytes, ["15:04:05", "15:04:05Z07:00", "2006-01-02", "RFC3339", "RFC3339Nano"])
        case "hostname": return isHostname(bytes)
        case "email", "idn-email": return isAddress(bytes)
        case "ipv4": return bytes.contains(UInt8(ascii: ".")) && NetworkAddress(bytes) != nil
        case "ipv6": return bytes.contains(UInt8(ascii: ":")) && NetworkAddress(bytes) != nil
        case "uri", "iri": return isReference(bytes) && hasScheme(bytes)
        case "uri-reference", "iri-reference": return isReference(bytes)
        case "uri-template": return isReference(bytes.filter { $0 != 0x7B && $0 != 0x7D }) && areBracesPaired(bytes)
        case "uuid": return isUUID(bytes)
        case "regex":
            if bytes.isEmpty { return true }
            do throws(BuiltinFailure) {
                _ = try context.patterns.pattern(value, context)
                return true
            } catch {
                if case .limit = error { throw error }
                return false
            }
        case "json-pointer": return isPointer(bytes[...])
        case "relative-json-pointer":
            let digits = bytes.prefix { $0.isDecimalDigit }
            guard !digits.isEmpty, digits.count == 1 || digits.first != 0x30 else { return false }
            let rest = bytes.dropFirst(digits.count)
            return rest.elementsEqual("#".utf8) || isPointer(rest)
        default: return true
        }
    }

    private static func isTime(_ bytes: [UInt8], _ layouts: [String]) -> Bool {
        layouts.contains { (try? TimeLayout(Array($0.utf8)).read(bytes)) != nil }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        byte.isDecimalDigit || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }

    private static func isHostname(_ bytes: [UInt8]) -> Bool {
        guard bytes.count < 256 else { return false }
        return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.first, let last = label.last, label.count <= 63 else { return false }
            return isLetterOrDigit(first) && isLetterOrDigit(last)
                && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isAddress(_ bytes: [UInt8]) -> Bool {
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0, at &+ 1 < bytes.count else { return false }
        let local = bytes[..<at]
        let isPlain = local.allSatisfy { $0 > 0x20 && !"()<>[]:;@\\,\"".utf8.contains($0) }
        let isQuoted = local.count > 2 && local.first == 0x22 && local.last == 0x22
        let domain = bytes[(at &+ 1)...]
        return (isPlain || isQuoted) && domain.allSatisfy { $0 > 0x20 && !"()<>;@\\,\"".utf8.contains($0) }
            && local.first != UInt8(ascii: ".") && local.last != UInt8(ascii: ".")
    }

    private static func isReference(_ bytes: [UInt8]) -> Bool {
        for (position, byte) in bytes.enumerated() {
            if byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\") { return false }
            if byte == UInt8(ascii: "%") {
                let digits = bytes[(position &+ 1)...].prefix(2)
                let areDigits = digits.allSatisfy {
                    $0.isDecimalDigit || ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "f"))
                }
                if digits.count < 2 || !areDigits { return false }
            }
        }
        // A colon in the first part without a scheme in front of it is none.
        return bytes.first != UInt8(ascii: ":")
    }

    private static func hasScheme(_ bytes: [UInt8]) -> Bool {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0, !bytes[0].isDecimalDigit else {
            return false
        }
        return bytes[..<colon].allSatisfy { isLetterOrDigit($0) || "+-.".utf8.contains($0) }
    }

    private static func areBracesPaired(_ bytes: [UInt8]) -> Bool {
        var isOpen = false
        for byte in bytes where byte == 0x7B || byte == 0x7D {
            if isOpen == (byte == 0x7B) { return false }
            isOpen.toggle()
        }
        return !isOpen
    }

    private static func isUUID(_ bytes: [UInt8]) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { part in
                part.allSatisfy {
                    $0.isDecimalDigit || ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "f"))
                }
            }
    }

    private static func isPointer(_ bytes: ArraySlice<UInt8>) -> Bool {
        if bytes.isEmpty { return true }
        guard bytes.first == UInt8(ascii: "/") else { return false }
        for position in bytes.indices where bytes[position] == UInt8(ascii: "~") {
            let next = bytes[position...].dropFirst().first
            if next != UInt8(ascii: "0") && next != UInt8(ascii: "1") { return false }
        }
        return true
    }
}
