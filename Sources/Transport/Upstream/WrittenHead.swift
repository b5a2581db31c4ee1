// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOCore
package import Protocols

/// The head of a request as the gate wrote it for a service, read once more: for what is signed, hashed or shown.
package struct WrittenHead {
    /// One field.
    package struct Field {
        /// The name in lower case.
        package let name: [UInt8]
        /// The value without the space in front of it.
        package let value: ArraySlice<UInt8>
        /// The whole line without its end.
        package let line: ArraySlice<UInt8>
    }

    /// The request line without its end.
    package let requestLine: ArraySlice<UInt8>
    /// The fields in the order in which they are sent.
    package let fields: [Field]

    /// Reads a head, with the empty line at its end or without it.
    ///
    /// - Returns: `nil` when a line is no field, which the gate does not write.
    package init?(_ head: ByteBuffer) {
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
    package var texts: [MCPField] {
        fields.map { MCPField(String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self)) }
    }

    /// The content coding of the body behind a head: `nil` for none and for `identity`, `unknown` for a head that cannot
    /// be read.
    package static func contentCoding(of head: ByteBuffer) -> String? {
        guard let head = WrittenHead(head) else { return "unknown" }
        for field in head.fields where field.name.elementsEqual("content-encoding".utf8) {
            let coding = String(decoding: field.value, as: UTF8.self).lowercased()
            if !coding.utf8.elementsEqual("identity".utf8) { return coding }
        }
        return nil
    }
}
