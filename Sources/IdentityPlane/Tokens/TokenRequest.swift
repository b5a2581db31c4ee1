// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
public import Protocols

/// A request to the token endpoints, as far as they look at it.
public struct TokenRequest: Sendable {
    /// The method as sent.
    public var method: String
    /// The path as sent, without query.
    public var path: String
    /// The media type of the body.
    public var contentType: String?
    /// Every value of the field `DPoP`.
    public var proofs: [String]
    /// Whether there is a field `Authorization`; clients are known by their connections, so that it has no meaning here.
    public var hasAuthorization: Bool
    /// The body.
    public var body: [UInt8]

    /// Describes a request.
    public init(
        method: String, path: String, contentType: String? = nil, proofs: [String] = [], hasAuthorization: Bool = false,
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.contentType = contentType
        self.proofs = proofs
        self.hasAuthorization = hasAuthorization
        self.body = body
    }
}

extension TokenRequest: CustomStringConvertible, CustomReflectable {
    /// Method and path.
    public var description: String { "\(method) \(path)" }
    /// Method and path.
    public var customMirror: Mirror { Mirror(self, children: ["method": method, "path": path]) }
}

/// An answer of the token endpoints.
public struct TokenAnswer: Sendable {
    /// The status.
    public var status: Int
    /// The body; `nil` for none.
    public var body: JSONValue?
    /// How long others may keep it, in seconds; `nil` for not at all.
    public var maximumAge: Int?

    /// Describes an answer.
    public init(status: Int = 200, body: JSONValue? = nil, maximumAge: Int? = nil) {
        self.status = status
        self.body = body
        self.maximumAge = maximumAge
    }

    init(_ error: OAuthError) { self.init(status: error.status, body: error.json) }
}

extension TokenAnswer: CustomStringConvertible, CustomReflectable {
    /// The status.
    public var description: String { "\(status)" }
    /// The status.
    public var customMirror: Mirror { Mirror(self, children: ["status": status]) }
}
