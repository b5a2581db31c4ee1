// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

/// A request to the people's listener, as far as it is looked at.
public struct PeopleRequest: Sendable {
    /// The method.
    public var method: String
    /// The path, without query.
    public var path: String
    /// The query as sent, without the question mark.
    public var query: String
    /// Whom the request is for, as its `Host` says.
    public var authority: String?
    /// Every `Cookie` field.
    public var cookies: [String] = []
    /// Every `Authorization` field.
    public var authorizations: [String] = []
    /// `Content-Type`, when there is one.
    public var contentType: String?
    /// `Origin`, when there is one.
    public var origin: String?
    /// `Sec-Fetch-Site`, when there is one.
    public var fetchSite: String?
    /// The body.
    public var body: [UInt8] = []
    /// Where the connection comes from.
    public var address = ""

    /// Describes a request.
    public init(method: String = "GET", path: String, query: String = "", authority: String? = nil) {
        self.method = method
        self.path = path
        self.query = query
        self.authority = authority
    }

    /// By what a caller is limited: of an IPv6 address the first half, since one machine has all of the other.
    var network: String {
        guard case .v6(let address)? = IPAddress(address), address.high != 0 else { return address }
        return "\(IPv6Address(high: address.high, low: 0))/64"
    }

    /// The value of a cookie. Two of one name are none: one of them is somebody else's.
    func cookie(_ name: String) -> String? {
        var found: [Substring] = []
        for field in cookies {
            for pair in field.split(separator: ";") {
                let pair = pair.drop { $0 == " " }
                guard let equals = pair.firstIndex(of: "="), pair[..<equals].isSpelled(name) else {
                    continue
                }
                found.append(pair[pair.index(after: equals)...])
            }
        }
        return found.count == 1 ? found.first.map(String.init) : nil
    }

    /// The token of the one `Authorization` field.
    var bearer: String? {
        guard authorizations.count == 1, let field = authorizations.first else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased().isSpelled("bearer") else { return nil }
        return String(parts[1])
    }

    /// Whether the body is a form.
    var isForm: Bool { contentType.map(FormText.isMediaType) ?? false }
}

extension PeopleRequest: CustomStringConvertible, CustomReflectable {
    /// Method and path.
    public var description: String { "\(method) \(path)" }
    /// Method and path.
    public var customMirror: Mirror { Mirror(self, children: ["method": method, "path": path]) }
}
