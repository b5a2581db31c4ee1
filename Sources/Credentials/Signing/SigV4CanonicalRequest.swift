// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The request in the form that both sides of an AWS signature hash.
struct SigV4CanonicalRequest {
    static let maximumFields = 64
    static let maximumPathBytes = 8192
    static let maximumQueryBytes = 16_384

    let text: [UInt8]
    let signedNames: [UInt8]

    /// - Parameter isDoublyEncoded: Whether the path is encoded once more, as every service but S3 has it.
    init(_ request: SigV4Request, adding added: [SigV4Request.Field], isDoublyEncoded: Bool) throws(SigV4Error) {
        let method = Array(request.method.utf8)
        guard !method.isEmpty, method.count <= 32, method.allSatisfy(Self.isTokenByte) else { throw .method }
        let fields = try Self.fields(request.fields + added)
        var text = method + [0x0a]
        text += try Self.path(Array(request.path.utf8), isDoublyEncoded: isDoublyEncoded) + [0x0a]
        text += try Self.query(Array(request.query.utf8)) + [0x0a]
        for field in fields { text += field.name + [0x3a] + field.value + [0x0a] }
        let names = Array(fields.map(\.name).joined(separator: [0x3b]))
        text += [0x0a] + names + [0x0a] + (try Self.payloadText(request.payload))
        self.text = text
        signedNames = names
    }

    static func payloadText(_ payload: SigV4Request.Payload) throws(SigV4Error) -> [UInt8] {
        switch payload {
        case .unsigned: return Array("UNSIGNED-PAYLOAD".utf8)
        case .sha256(let hash):
            guard hash.count == 32 else { throw .payload }
            return EncodedText.hexadecimal(hash)
        }
    }

    /// S3 names objects byte by byte: its path is decoded and encoded again, and nothing in it is resolved. The path of
    /// any other service is encoded once more as it goes out. Paths that the other side would resolve are refused: the
    /// path that is signed is the one that was judged.
    static func path(_ path: [UInt8], isDoublyEncoded: Bool) throws(SigV4Error) -> [UInt8] {
        guard path.count <= maximumPathBytes, path.isEmpty || path.first == 0x2f else { throw .path }
        guard let plain = EncodedText.removingPercent(path), !plain.contains(0) else { throw .path }
        guard plain.count(where: { $0 == 0x2f }) == path.count(where: { $0 == 0x2f }) else { throw .ambiguousPath }
        let segments = plain.dropFirst().split(separator: 0x2f, omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isDots = segment.elementsEqual([0x2e]) || segment.elementsEqual([0x2e, 0x2e])
            let isInnerEmpty = segment.isEmpty && index < segments.count &- 1
            guard !isDots, !(isInnerEmpty && isDoublyEncoded) else { throw .ambiguousPath }
        }
        if path.isEmpty { return [0x2f] }
        return EncodedText.percent(isDoublyEncoded ? path : plain) { $0 == 0x2f || EncodedText.isUnreserved($0) }
    }

    /// Names and values are decoded, encoded again and sorted, first by name.
    private static func query(_ query: [UInt8]) throws(SigV4Error) -> [UInt8] {
        guard query.count <= maximumQueryBytes else { throw .query }
        if query.isEmpty { return [] }
        var parameters: [(name: [UInt8], value: [UInt8])] = []
        for part in query.split(separator: 0x26, omittingEmptySubsequences: false) {
            guard !part.isEmpty, !part.contains(0x2b) else { throw .ambiguousQuery }
            let end = part.firstIndex(of: 0x3d) ?? part.endIndex
            guard let name = EncodedText.removingPercent(part[..<end]),
                let value = EncodedText.removingPercent(part[end...].dropFirst())
            else { throw .query }
            parameters.append((EncodedText.percent(name), EncodedText.percent(value)))
        }
        parameters.sort { left, right in
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value) : left.name.lexicographicallyPrecedes(right.name)
        }
        return Array(parameters.map { $0.name + [0x3d] + $0.value }.joined(separator: [0x26]))
    }

    /// Names in lower case and in order; values trimmed, with single spaces, those of one name joined in their order.
    private static func fields(
        _ fields: [SigV4Request.Field]
    ) throws(SigV4Error) -> [(name: [UInt8], value: [UInt8])] {
        guard fields.count <= maximumFields else { throw .tooManyFields }
        var values: [[UInt8]: [UInt8]] = [:]
        for field in fields {
            let name = field.name.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
            guard !name.isEmpty, name.allSatisfy(isTokenByte),
                field.value.utf8.allSatisfy({ ($0 >= 0x20 || $0 == 0x09) && $0 != 0x7f })
            else { throw .field }
            let words = field.value.utf8.split { $0 == 0x20 || $0 == 0x09 }
            let value = Array(words.joined(separator: [0x20]))
            if let first = values[name] { values[name] = first + [0x2c] + value } else { values[name] = value }
        }
        guard let host = values[Array("host".utf8)], !host.isEmpty, !host.contains(0x2c) else { throw .host }
        return values.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
    }

    /// `tchar` of RFC 9110 section 5.6.2.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7f && !#""(),/:;<=>?@[\]{}"#.utf8.contains(byte)
    }
}
