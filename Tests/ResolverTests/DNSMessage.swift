// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses

/// Just enough of RFC 1035 to answer as a test wants.
struct DNSQuestion {
    let id: UInt16
    let name: String
    let type: UInt16
    /// The question section as it came.
    let bytes: [UInt8]

    init?(_ message: [UInt8]) {
        guard message.count > 16 else { return nil }
        var labels: [String] = []
        var index = 12
        while index < message.count, message[index] != 0 {
            let length = Int(message[index])
            guard length < 64, index + 1 + length < message.count else { return nil }
            labels.append(String(decoding: message[index + 1..<index + 1 + length], as: UTF8.self))
            index += 1 + length
        }
        guard index + 5 <= message.count else { return nil }
        id = UInt16(message[0]) << 8 | UInt16(message[1])
        name = labels.joined(separator: ".")
        type = UInt16(message[index + 1]) << 8 | UInt16(message[index + 2])
        bytes = Array(message[12..<index + 5])
    }
}

/// A resource record of an answer.
struct DNSRecord {
    static let typeA: UInt16 = 1
    static let typeCNAME: UInt16 = 5
    static let typeAAAA: UInt16 = 28

    let owner: String
    let type: UInt16
    let ttl: UInt32
    let data: [UInt8]

    static func address(_ owner: String, _ text: String, ttl: UInt32 = 60) -> DNSRecord {
        switch IPAddress(text) {
        case .v4(let address)?:
            DNSRecord(owner: owner, type: typeA, ttl: ttl, data: bigEndian(UInt128(address.rawValue), 4))
        case .v6(let address)?:
            DNSRecord(owner: owner, type: typeAAAA, ttl: ttl, data: bigEndian(address.rawValue, 16))
        case nil:
            DNSRecord(owner: owner, type: 0, ttl: 0, data: [])
        }
    }

    static func alias(_ owner: String, _ target: String, ttl: UInt32 = 60) -> DNSRecord {
        DNSRecord(owner: owner, type: typeCNAME, ttl: ttl, data: wire(target))
    }

    var bytes: [UInt8] {
        Self.wire(owner) + Self.bigEndian(UInt128(type), 2) + [0, 1] + Self.bigEndian(UInt128(ttl), 4)
            + Self.bigEndian(UInt128(data.count), 2) + data
    }

    static func wire(_ name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    static func bigEndian(_ number: UInt128, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt128(8 * (count - 1 - $0))) }
    }
}

/// What a test server does with a question.
enum DNSReply {
    /// These records, all at once or not at all: truncated over UDP when `overTCP`.
    case records([DNSRecord], overTCP: Bool = false)
    /// An error code without records.
    case code(UInt8)
    /// Nothing.
    case silence
    /// These bytes.
    case bytes([UInt8])
    /// A forged answer under another id, then, where there is one, the true answer.
    case forged([DNSRecord], then: [DNSRecord]?)

    /// The messages to send, in order.
    func messages(to question: DNSQuestion, isTCP: Bool) -> [[UInt8]] {
        switch self {
        case .records(let records, overTCP: true) where !isTCP && !records.isEmpty:
            [Self.message(question, id: question.id, flags: 0x8780, records: [])]
        case .records(let records, _): [Self.message(question, id: question.id, flags: 0x8580, records: records)]
        case .code(let code):
            [Self.message(question, id: question.id, flags: 0x8580 | UInt16(code), records: [])]
        case .silence: []
        case .bytes(let bytes): [bytes]
        case .forged(let forged, let truth):
            (1...50).map { Self.message(question, id: question.id &+ $0, flags: 0x8580, records: forged) }
                + (truth.map { [Self.message(question, id: question.id, flags: 0x8580, records: $0)] } ?? [])
        }
    }

    private static func message(_ question: DNSQuestion, id: UInt16, flags: UInt16, records: [DNSRecord]) -> [UInt8] {
        let relevant = records.filter { $0.type == question.type || $0.type == DNSRecord.typeCNAME }
        return DNSRecord.bigEndian(UInt128(id), 2) + DNSRecord.bigEndian(UInt128(flags), 2) + [0, 1]
            + DNSRecord.bigEndian(UInt128(relevant.count), 2) + [0, 0, 0, 0] + question.bytes
            + relevant.flatMap(\.bytes)
    }
}
