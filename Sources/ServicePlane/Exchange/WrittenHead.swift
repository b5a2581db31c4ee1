// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols

/// The head of a request as the gate wrote it for a service, read once more: for what is signed, hashed or shown.
struct WrittenHead {
    /// One field.
    struct Field {
        /// The name in lower case.
        let name: [UInt8]
        /// The value without the space in front of it.
        let value: ArraySlice<UInt8>
        /// The whole line without its end.
        let line: ArraySlice<UInt8>
    }

    /// The request line without its end.
    let requestLine: ArraySlice<UInt8>
    /// The fields in the order in which they are sent.
    let fields: [Field]

    /// Reads a head, with the empty line at its end or without it.
    ///
    /// - Returns: `nil` when a line is no field, which the gate does not write.
    init?(_ head: ByteBuffer) {
        let lines = Array(head.readableBytesView).split(separator: 0x0A).map { $0.last == 0x0D ? $0.dropLast() : $0 }
        guard let requestLine = lines.first else { return nil }
        var fields: [Field] = []
        fields.reserveCapacity(lines.count)
        for line in lines.dropFirst() where !line.isEmpty {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            fields.append(
                Field(
                    name: line[..<colon].map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 },
                    value: line[(colon &+ 1)...].drop { $0 == 0x20 }, line: line))
        }
        self.requestLine = requestLine
        self.fields = fields
    }

    /// The fields as mediations get them.
    var texts: [MCPField] {
        fields.map { MCPField(String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self)) }
    }
}
