// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A field that follows the body of a message.
public struct TrailerField: Sendable, Hashable {
    /// In lower case.
    public let name: String
    /// Its value.
    public let value: String

    /// A field behind a body.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Whether a recipient that merges trailers into the head could be misled by it: it frames or routes the message,
    /// changes what a request means, says who is asking, or how a body is to be read (RFC 9110 section 6.5.1).
    public var belongsInHead: Bool {
        var name = name
        return name.withUTF8 { name in
            Self.headFields.contains { ByteScan.equalsIgnoringCase(UnsafeRawBufferPointer(name), $0) }
        }
    }

    private static let headFields: [StaticString] = [
        "accept", "accept-charset", "accept-encoding", "accept-language", "age", "authorization", "cache-control",
        "content-disposition", "content-encoding", "content-language", "content-length", "content-location",
        "content-range", "content-type", "cookie", "date", "expect", "expires", "from", "host", "if-match",
        "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "location", "max-forwards", "origin",
        "pragma", "range", "referer", "retry-after", "set-cookie", "trailer", "vary", "warning", "www-authenticate",
    ]
}
