// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A slow reading of RFC 9112 request heads that is meant to be obviously right: it splits the text into lines and
/// looks at each with plain string operations. It knows nothing of limits and only says whether a head passes and
/// what its fields are.
struct ReferenceHead: Equatable {
    var method: [UInt8]
    var target: [UInt8]
    var minorVersion: Int
    var fields: [[[UInt8]]]

    static let tokenBytes = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

    /// Nil when there is no complete head or it is malformed.
    init?(_ message: [UInt8]) {
        var rest = message
        for _ in 0..<2 where rest.starts(with: [13, 10]) { rest.removeFirst(2) }
        guard let end = Self.index(of: [13, 10, 13, 10], in: rest) else { return nil }
        var lines = Self.split(Array(rest[..<end]))
        let requestLine = lines.removeFirst().split(separator: 32, omittingEmptySubsequences: false).map(Array.init)
        guard requestLine.count == 3, Self.isToken(requestLine[0]), !requestLine[1].isEmpty,
            requestLine[1].allSatisfy({ (33...126).contains($0) })
        else { return nil }
        switch String(decoding: requestLine[2], as: UTF8.self) {
        case "HTTP/1.0": minorVersion = 0
        case "HTTP/1.1": minorVersion = 1
        default: return nil
        }
        method = requestLine[0]
        target = requestLine[1]
        fields = []
        for line in lines {
            guard let colon = line.firstIndex(of: 58) else { return nil }
            let name = Array(line[..<colon])
            var value = Array(line[(colon + 1)...])
            guard Self.isToken(name), value.allSatisfy({ $0 == 9 || ($0 >= 32 && $0 != 127) }) else { return nil }
            while let first = value.first, first == 32 || first == 9 { value.removeFirst() }
            while let last = value.last, last == 32 || last == 9 { value.removeLast() }
            fields.append([name, value])
        }
        guard passesRules else { return nil }
    }

    func values(_ name: String) -> [String] {
        fields.filter { String(decoding: $0[0], as: UTF8.self).lowercased() == name }.map {
            String(decoding: $0[1], as: UTF8.self)
        }
    }

    private var passesRules: Bool {
        let lengths = values("content-length")
        let codings = values("transfer-encoding")
        if lengths.count > 1 || codings.count > 1 || values("host").count > 1 { return false }
        if values("proxy-authorization").count > 1 { return false }
        if minorVersion == 1, values("host").isEmpty { return false }
        if let length = lengths.first {
            guard let value = Int64(length), String(value) == length, value >= 0 else { return false }
        }
        if let coding = codings.first {
            guard coding.lowercased() == "chunked", minorVersion == 1, lengths.isEmpty else { return false }
        }
        if values("expect").contains(where: { $0.lowercased() != "100-continue" }) { return false }
        for connection in values("connection") {
            for option in connection.utf8.split(separator: 44) {
                let token = option.split(whereSeparator: { $0 == 32 || $0 == 9 })
                if token.count > 1 || !token.allSatisfy({ Self.isToken(Array($0)) }) { return false }
            }
        }
        let hasBody = !codings.isEmpty || !(lengths.first == nil || lengths.first == "0")
        let name = String(decoding: method, as: UTF8.self)
        return !(hasBody && (name == "CONNECT" || name == "TRACE"))
    }

    private static func isToken(_ bytes: [UInt8]) -> Bool { !bytes.isEmpty && bytes.allSatisfy(tokenBytes.contains) }

    private static func index(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= needle.count else { return nil }
        return (0...(bytes.count - needle.count)).first { Array(bytes[$0..<($0 + needle.count)]) == needle }
    }

    private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes
        while let end = index(of: [13, 10], in: rest) {
            lines.append(Array(rest[..<end]))
            rest.removeFirst(end + 2)
        }
        return lines + [rest]
    }
}
