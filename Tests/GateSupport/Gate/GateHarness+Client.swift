// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a client of the gate does most often.
extension GateHarness {
    /// Sends CONNECT and reads the answer's head; a refusal is read whole.
    package func askForTunnel(
        to target: String, fields: String = "", on socket: RawSocket? = nil
    ) throws -> (socket: RawSocket, answer: HTTPText) {
        let socket = try socket ?? connect()
        try socket.write("CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\n\(fields)\r\n")
        return (socket, try Self.readAnswerToConnect(from: socket))
    }

    private static func readAnswerToConnect(from socket: RawSocket) throws -> HTTPText {
        var answer = HTTPText.parseHead(try socket.read(through: "\r\n\r\n"))
        if let length = answer["content-length"].flatMap({ Int($0) }) {
            answer.body = try socket.read(exactly: length)
        }
        return answer
    }

    /// Opens a tunnel; throws when it is refused.
    package func openTunnel(to target: String = "allowed.test:443", fields: String = "") throws -> RawSocket {
        let (socket, answer) = try askForTunnel(to: target, fields: fields)
        guard answer.status == 200 else { throw HarnessError.setup("\(answer.startLine): \(answer.text)") }
        return socket
    }

    /// Opens a tunnel and writes a ClientHello into it.
    package func openTunnel(to target: String = "allowed.test:443", hello: [UInt8]) throws -> RawSocket {
        let socket = try openTunnel(to: target)
        try socket.write(hello)
        return socket
    }

    /// Sends an absolute-form request on a connection and reads the response.
    package func send(
        _ method: String, _ url: String, fields: String = "", body: String = "", on socket: RawSocket? = nil
    ) throws -> HTTPText {
        let socket = try socket ?? connect()
        let host = url.dropFirst("http://".count).prefix { $0 != "/" && $0 != "?" }
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        try socket.write("\(method) \(url) HTTP/1.1\r\nHost: \(host)\r\n\(fields)\(length)\r\n\(body)")
        return try HTTPText.readResponse(from: socket, toHead: method == "HEAD")
    }

    /// Sends GET in absolute form and reads the response.
    package func get(_ url: String, fields: String = "", on socket: RawSocket? = nil) throws -> HTTPText {
        try send("GET", url, fields: fields, on: socket)
    }

    /// The fatal alert that ends a tunnel whose first bytes were refused, or nil for anything else.
    package static func alert(in bytes: [UInt8]) -> UInt8? {
        bytes.count == 7 && bytes[0] == 21 && bytes[5] == 2 ? bytes[6] : nil
    }
}
