// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes the bytes of a TLS ClientHello, well-formed or not as a test wants it (RFC 8446 section 4.1.2).
package struct ClientHelloBytes {
    /// The entries of `server_name`; nil leaves the extension out.
    package var names: [[UInt8]]?
    /// Whether `encrypted_client_hello` is there (RFC 9849).
    package var hasEncryptedHello = false
    /// The ALPN protocols.
    package var applicationProtocols = ["h2", "http/1.1"]
    /// The length of the `padding` extension, to make a hello large.
    package var padding = 0
    /// The largest TLS record payload; smaller ones split the message over records.
    package var recordBytes = 16384

    /// A hello that names one host.
    package init(name: String) { names = [Array(name.utf8)] }

    /// A hello that names these.
    package init(names: [[UInt8]]?) { self.names = names }

    /// The records.
    package var bytes: [UInt8] {
        let message = handshake
        var records: [UInt8] = []
        var start = 0
        while start < message.count {
            let end = min(start + recordBytes, message.count)
            records += [22, 3, 1] + Self.vector(Array(message[start..<end]), 2)
            start = end
        }
        return records
    }

    private var handshake: [UInt8] {
        var body: [UInt8] = [3, 3]
        body += (0..<32).map { UInt8($0) &* 7 }
        body += Self.vector((0..<32).map { UInt8($0) &* 5 }, 1)
        body += Self.vector([0x13, 0x01, 0x13, 0x02, 0x13, 0x03], 2)
        body += [1, 0]
        body += Self.vector(extensions, 2)
        return [1] + Self.vector(body, 3)
    }

    private var extensions: [UInt8] {
        var all: [UInt8] = []
        if let names {
            let list = names.flatMap { name -> [UInt8] in [0] + Self.vector(name, 2) }
            all += Self.entry(0, Self.vector(list, 2))
        }
        all += Self.entry(43, Self.vector([3, 4], 1))
        all += Self.entry(10, Self.vector([0, 29], 2))
        all += Self.entry(13, Self.vector([4, 3, 8, 4], 2))
        all += Self.entry(51, Self.vector([0, 29] + Self.vector([UInt8](repeating: 9, count: 32), 2), 2))
        let protocols = applicationProtocols.flatMap { Self.vector(Array($0.utf8), 1) }
        if !protocols.isEmpty { all += Self.entry(16, Self.vector(protocols, 2)) }
        if hasEncryptedHello {
            let inner = [0, 0, 1, 0, 1, 42] + Self.vector([UInt8](repeating: 1, count: 32), 2)
            all += Self.entry(0xfe0d, inner + Self.vector([UInt8](repeating: 2, count: 128), 2))
        }
        if padding > 0 { all += Self.entry(21, [UInt8](repeating: 0, count: padding)) }
        return all
    }

    private static func entry(_ type: UInt16, _ data: [UInt8]) -> [UInt8] {
        [UInt8(type >> 8), UInt8(type & 255)] + vector(data, 2)
    }

    private static func vector(_ data: [UInt8], _ lengthBytes: Int) -> [UInt8] {
        (0..<lengthBytes).reversed().map { UInt8(truncatingIfNeeded: data.count >> (8 * $0)) } + data
    }
}
