// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The client certificate that an Envoy names in `x-forwarded-client-cert`, where it sets that field and lets no client's pass
/// (`forward_client_cert_details: SANITIZE_SET`). A second element would be of somebody before that Envoy, so there is one.
struct ForwardedClient: Sendable, Hashable {
    /// The URI of the certificate.
    let uri: String
    /// The certificate, as PEM with percent escapes; empty where it is not passed on.
    let certificate: String

    /// Why a field is not believed.
    enum Failure: Error, Sendable, Hashable {
        /// It is longer than any that Envoy writes.
        case length
        /// More than one element.
        case elements
        /// Not of the form `Key=value;…`, or a key stands twice.
        case form
        /// Not exactly one URI.
        case uri
    }

    /// The most bytes of the field.
    static let longest = 64 * 1024

    private static let keys = ["by", "hash", "cert", "chain", "subject", "uri", "dns"]

    /// Reads the field's one value.
    init(_ text: String) throws(Failure) {
        guard text.utf8.count <= Self.longest else { throw .length }
        var values: [String: String] = [:]
        for (key, value) in try Self.pairs(of: Array(text.utf8)) {
            guard Self.keys.contains(where: { $0.utf8.elementsEqual(key.utf8) }) else { throw .form }
            // A certificate may have several names for machines.
            if key.utf8.elementsEqual("dns".utf8) { continue }
            guard values[key] == nil else { throw key.utf8.elementsEqual("uri".utf8) ? .uri : .form }
            values[key] = value
        }
        guard let uri = values["uri"], !uri.isEmpty else { throw .uri }
        self.uri = uri
        certificate = values["cert"] ?? ""
    }

    /// Keys in lower case, with their values.
    private static func pairs(of bytes: [UInt8]) throws(Failure) -> [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        var rest = bytes[...]
        while true {
            guard let equals = rest.firstIndex(of: UInt8(ascii: "=")), equals > rest.startIndex else { throw .form }
            let key = rest[..<equals].map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
            guard key.allSatisfy({ $0 &- 0x61 < 26 }) else { throw .form }
            rest = rest[(equals &+ 1)...]
            let value = try takeValue(&rest)
            pairs.append((String(decoding: key, as: UTF8.self), value))
            guard let next = rest.popFirst() else { return pairs }
            guard next == UInt8(ascii: ";") else { throw next == UInt8(ascii: ",") ? .elements : .form }
        }
    }

    /// A value, in quotes where it holds what separates others.
    private static func takeValue(_ rest: inout ArraySlice<UInt8>) throws(Failure) -> String {
        var value: [UInt8] = []
        if rest.first == UInt8(ascii: "\"") {
            rest.removeFirst()
            while true {
                guard var byte = rest.popFirst() else { throw .form }
                if byte == UInt8(ascii: "\"") { break }
                if byte == UInt8(ascii: "\\") {
                    guard let escaped = rest.popFirst() else { throw .form }
                    byte = escaped
                }
                value.append(byte)
            }
        } else {
            while let byte = rest.first, byte != UInt8(ascii: ";"), byte != UInt8(ascii: ",") {
                guard byte != UInt8(ascii: "\"") else { throw .form }
                value.append(byte)
                rest.removeFirst()
            }
        }
        guard value.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { throw .form }
        return String(decoding: value, as: UTF8.self)
    }
}
