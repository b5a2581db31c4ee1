// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Judges `tracestate`: what the systems that a trace passes keep in it (W3C Trace Context, section 3.3). The gate adds
/// nothing to it; it passes as a whole or not at all.
public enum TraceState {
    /// The most members of the list.
    public static let mostMembers = 32
    /// The most bytes of the list. The Recommendation asks for 512 at least to be passed on.
    public static let mostBytes = 2048

    private static let longestKey = 256
    private static let longestTenant = 241
    private static let longestSystem = 14
    private static let longestValue = 256

    /// Whether the values of all `tracestate` fields of a request make one list: `key=value` members between commas, no
    /// key twice. Members that are empty do not count.
    public static func isValid(_ values: [UnsafeRawBufferPointer]) -> Bool {
        guard values.reduce(0, { $0 &+ $1.count }) <= mostBytes else { return false }
        var keys: Set<[UInt8]> = []
        for value in values {
            for member in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: true) {
                let member = trimmed(member)
                if member.isEmpty { continue }
                guard keys.count < mostMembers, let equals = member.firstIndex(of: UInt8(ascii: "=")) else {
                    return false
                }
                let key = member[..<equals]
                guard isKey(key), isValue(member[(equals &+ 1)...]), keys.insert(Array(key)).inserted else {
                    return false
                }
            }
        }
        return true
    }

    /// Judges texts.
    public static func isValid(_ texts: [String]) -> Bool {
        let bytes = texts.map { Array($0.utf8) }
        return isValid(bytes[...], [])
    }

    private static func isValid(_ rest: ArraySlice<[UInt8]>, _ values: [UnsafeRawBufferPointer]) -> Bool {
        guard let first = rest.first else { return isValid(values) }
        return first.withUnsafeBytes { isValid(rest.dropFirst(), values + [$0]) }
    }

    private typealias Bytes = Slice<UnsafeRawBufferPointer>

    private static func trimmed(_ bytes: Bytes) -> Bytes {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return bytes
    }

    private static func isKey(_ key: Bytes) -> Bool {
        guard (1...longestKey).contains(key.count) else { return false }
        guard let at = key.firstIndex(of: UInt8(ascii: "@")) else {
            return isLetter(key.first) && key.allSatisfy(isKeyByte)
        }
        let (tenant, system) = (key[..<at], key[(at &+ 1)...])
        return (1...longestTenant).contains(tenant.count) && (1...longestSystem).contains(system.count)
            && (isLetter(tenant.first) || isDigit(tenant.first)) && tenant.allSatisfy(isKeyByte)
            && isLetter(system.first) && system.allSatisfy(isKeyByte)
    }

    /// Printable bytes without comma and equals sign, the last of them no space.
    private static func isValue(_ value: Bytes) -> Bool {
        guard (1...longestValue).contains(value.count), value.last != 0x20 else { return false }
        return value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }
    }

    private static func isLetter(_ byte: UInt8?) -> Bool {
        byte.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } ?? false
    }

    private static func isDigit(_ byte: UInt8?) -> Bool {
        byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "_-*/".utf8.contains(byte)
    }
}
