// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the gate asks a server for.
public struct OutboundRequest: Sendable {
    /// What is done.
    public enum Method: Sendable, Hashable {
        /// `GET`.
        case get
        /// `POST` of a body of this type.
        case post([UInt8], type: String)
    }

    /// Whether the answer may be found elsewhere.
    public enum Redirects: Sendable {
        /// It may not; a redirect is a failure.
        case refused
        /// At most so many times, and only where this says so. Each place is resolved and judged like the first one. What
        /// was posted is not posted again, and fields with credentials stay behind when host or port change.
        case followed(atMost: Int, where: @Sendable (OutboundURL) -> Bool)
    }

    /// Where.
    public var url: OutboundURL
    /// What.
    public var method: Method
    /// Fields beside those that the client writes itself (`Host`, `Connection` and those about the body and its coding).
    public var fields: [(name: String, value: String)]
    /// Whether the answer may be found elsewhere.
    public var redirects: Redirects
    /// What `Host` says, where that is not what the URL says.
    package var authority: String?

    /// A request.
    public init(
        _ url: OutboundURL, _ method: Method = .get,
        fields: [(name: String, value: String)] = [("accept", "application/json")], redirects: Redirects = .refused
    ) {
        self.url = url
        self.method = method
        self.fields = fields
        self.redirects = redirects
    }

    private static let own: Set<String> = [
        "host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect",
        "accept-encoding", "content-type",
    ]
    private static let marks = Set("!#$%&'*+-.^_`|~".utf8)

    /// The head as it goes on the wire.
    ///
    /// - Throws: ``OutboundError/request(_:)``: a field that would change the message, or that is the client's own.
    func head() throws(OutboundError) -> [UInt8] {
        var text =
            "\(isGet ? "GET" : "POST") \(url.target) HTTP/1.1\r\nhost: \(authority ?? url.authority)\r\nuser-agent: yett\r\n"
        for (name, value) in fields {
            guard Self.isName(name), !Self.own.contains(name.lowercased()) else {
                throw .request("a field has a name that it cannot have")
            }
            guard value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
                throw .request("the field \(name) has a value that it cannot have")
            }
            text += "\(name): \(value)\r\n"
        }
        if case .post(let body, let type) = method {
            guard type.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else { throw .request("the body has no type") }
            text += "content-type: \(type)\r\ncontent-length: \(body.count)\r\n"
        }
        return Array((text + "accept-encoding: identity\r\nconnection: close\r\n\r\n").utf8)
    }

    /// What is sent behind the head.
    var body: [UInt8] {
        if case .post(let body, _) = method { body } else { [] }
    }

    /// Whether nothing is posted.
    var isGet: Bool {
        if case .get = method { true } else { false }
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: marks.contains($0)
                }
            }
    }

    /// The same request at another place.
    func moved(to url: OutboundURL) -> OutboundRequest {
        var request = self
        request.url = url
        request.authority = nil
        if !url.hasSameOrigin(as: self.url) {
            request.fields = fields.filter { $0.name.lowercased() == "accept" }
        }
        return request
    }
}
