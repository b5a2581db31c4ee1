// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A UUID (RFC 9562).
struct UniqueIdentifier {
    private let bytes: [UInt8]

    /// A random one of version 4.
    init(random high: UInt64, _ low: UInt64) {
        var bytes = (0..<8).map { UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * $0)) }
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * $0)) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        self.bytes = bytes
    }

    /// Reads the forms `x-x-x-x-x`, `urn:uuid:x-x-x-x-x`, `{x-x-x-x-x}` and 32 digits.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        var digits = text[...]
        switch text.count {
        case 36: break
        case 45:
            guard text.prefix(9).map({ $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }) == Array("urn:uuid:".utf8) else {
                return nil
            }
            digits = text[9...]
        case 38: digits = text[1..<37]
        case 32: digits = text[...]
        default: return nil
        }
        var bytes: [UInt8] = []
        var position = digits.startIndex
        for part in [4, 2, 2, 2, 6] {
            if digits.count == 36, bytes.count > 0 {
                guard digits[position] == 0x2D else { return nil }
                position += 1
            }
            for _ in 0..<part {
                guard let high = HexadecimalText.value(digits[position]),
                    let low = HexadecimalText.value(digits[position + 1])
                else { return nil }
                bytes.append(high << 4 | low)
                position += 2
            }
        }
        self.bytes = bytes
    }

    /// The form `x-x-x-x-x`.
    var text: [UInt8] {
        var result: [UInt8] = []
        for (position, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(position) { result.append(0x2D) }
            HexadecimalText.append(byte, to: &result)
        }
        return result
    }

    private func number(_ range: Range<Int>) -> UInt64 {
        bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// What the bits mean, as an object.
    func description(in heap: Heap) -> Value {
        let result = heap.emptyObject()
        func put(_ key: String, _ value: Value) { heap.insert(heap.string(key), value, into: result) }
        let version = bytes[6] >> 4
        put("version", .integer(Int64(version)))
        put("variant", heap.string(variant))
        guard version == 1 || version == 2 else { return result }
        put("clocksequence", .integer(Int64(number(8..<10) & 0x3FFF)))
        put("nodeid", heap.string(node))
        let kind = (bytes[10] & 2 == 2 ? "local" : "global") + (bytes[10] & 1 == 1 ? ":multicast" : ":unicast")
        put("macvariables", heap.string(kind))
        // Tenths of microseconds since 1582, which nanoseconds since 1970 cannot always hold: they wrap, as in OPA.
        let ticks =
            Int64((number(6..<8) & 0x0FFF) << 48 | number(4..<6) << 32 | number(0..<4)) &- 122_192_928_000_000_000
        put("time", .integer(ticks / 10_000_000 &* 1_000_000_000 &+ ticks % 10_000_000 &* 100))
        if version == 2 {
            put("id", .integer(Int64(number(0..<4))))
            let domains = ["Person", "Group", "Org"]
            let domain = Int(bytes[9])
            put("domain", heap.string(domain < domains.count ? domains[domain] : "Domain\(domain)"))
        }
        return result
    }

    private var node: [UInt8] {
        var result: [UInt8] = []
        for byte in bytes[10...] {
            if !result.isEmpty { result.append(0x2D) }
            HexadecimalText.append(byte, to: &result)
        }
        return result
    }

    private var variant: String {
        switch bytes[8] {
        case 0x80..<0xC0: "RFC4122"
        case 0xC0..<0xE0: "Microsoft"
        case 0xE0...0xFF: "Future"
        default: "Reserved"
        }
    }
}
