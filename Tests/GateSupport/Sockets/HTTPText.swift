// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An HTTP/1.1 message as a test reads it: lenient, and independent of the parsers under test.
package struct HTTPText: Sendable {
    /// The first line.
    package var startLine: String
    /// The fields in order, names in lower case.
    package var fields: [(name: String, value: String)]
    /// The body without its framing.
    package var body: [UInt8]

    /// The status of a response, or 0.
    package var status: Int {
        let words = startLine.split(separator: " ")
        return words.count > 1 && startLine.hasPrefix("HTTP/") ? Int(words[1]) ?? 0 : 0
    }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of the first field with this name.
    package subscript(name: String) -> String? {
        fields.first { $0.name == name.lowercased() }?.value
    }

    /// Every value of a field.
    package func values(_ name: String) -> [String] {
        fields.filter { $0.name == name.lowercased() }.map(\.value)
    }

    /// Reads a request; nil when the client is done.
    package static func readRequest(
        from socket: RawSocket, within seconds: Double = RawSocket.patience
    ) throws -> HTTPText? {
        guard var message = try readHead(from: socket, within: seconds) else { return nil }
        message.body = try readBody(of: message, from: socket, isResponse: false, within: seconds)
        return message
    }

    /// Reads a response; informational ones are returned like others.
    package static func readResponse(
        from socket: RawSocket, toHead: Bool = false, within seconds: Double = RawSocket.patience
    ) throws -> HTTPText {
        guard var message = try readHead(from: socket, within: seconds) else { throw SocketFailure.ended([]) }
        let hasBody = !toHead && message.status >= 200 && message.status != 204 && message.status != 304
        if hasBody { message.body = try readBody(of: message, from: socket, isResponse: true, within: seconds) }
        return message
    }

    private static func readHead(from socket: RawSocket, within seconds: Double) throws -> HTTPText? {
        let head: [UInt8]
        do {
            head = try socket.read(through: "\r\n\r\n", within: seconds)
        } catch SocketFailure.ended(let bytes) where bytes.isEmpty {
            return nil
        }
        return parseHead(head)
    }

    /// Reads a head that is complete.
    package static func parseHead(_ head: [UInt8]) -> HTTPText {
        var lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: true)
        let start = lines.isEmpty ? "" : String(lines.removeFirst())
        let fields = lines.map { line -> (name: String, value: String) in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1]) : ""
            return (parts[0].lowercased(), String(value.drop { $0 == " " }))
        }
        return HTTPText(startLine: start, fields: fields, body: [])
    }

    private static func readBody(
        of message: HTTPText, from socket: RawSocket, isResponse: Bool, within seconds: Double
    ) throws -> [UInt8] {
        if message["transfer-encoding"]?.lowercased() == "chunked" {
            var body: [UInt8] = []
            while true {
                let line = try socket.read(through: "\r\n", within: seconds)
                let digits = String(decoding: line.dropLast(2), as: UTF8.self).split(separator: ";").first ?? "0"
                let count = Int(digits, radix: 16) ?? 0
                if count > 0 { body += try socket.read(exactly: count, within: seconds) }
                if count > 0 {
                    _ = try socket.read(exactly: 2, within: seconds)
                } else {
                    while try socket.read(through: "\r\n", within: seconds).count > 2 {}
                    return body
                }
            }
        }
        if let length = message["content-length"].flatMap({ Int($0) }) {
            return try socket.read(exactly: length, within: seconds)
        }
        return isResponse ? socket.readToEnd(within: seconds).bytes : []
    }
}
