// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// What a provider says of a person, as far as the gate believes it.
public struct PersonClaims: Sendable, Hashable {
    /// Who.
    public var person: PersonIdentifier
    /// The groups; `nil` when nothing was said of them.
    public var groups: [String]?
    /// When the person last showed the provider who they are, in Unix seconds; `nil` when it does not say.
    public var authenticationTime: Int64?
    /// How, in the provider's words (`acr`).
    public var authenticationContext: String?
    /// What the provider calls the person: a mail address that it has verified, a preferred name. They tell what a person
    /// may mean, and never who it is.
    public var names: [String] = []
    /// When the provider said all this, in Unix seconds.
    public var issuedAt: Int64?

    /// The most groups, and the longest name of one in bytes.
    public static let mostGroups = 512
    private static let longestGroup = 256

    /// Collects claims.
    public init(
        person: PersonIdentifier, groups: [String]? = nil, authenticationTime: Int64? = nil,
        authenticationContext: String? = nil
    ) {
        self.person = person
        self.groups = groups
        self.authenticationTime = authenticationTime
        self.authenticationContext = authenticationContext
    }

    /// The groups among some claims; `nil` when the claim is not there.
    ///
    /// - Throws: ``ClaimsError/malformed(_:)``: a list that is cut short would say something else.
    public static func groups(in claims: JSONObject, claim name: String?) throws(ClaimsError) -> [String]? {
        guard let name, let value = claims[name] else { return nil }
        let groups: [String]
        if let text = value.string {
            groups = [text]
        } else if let texts = value.array?.compactMap(\.string), texts.count == value.array?.count {
            groups = texts
        } else {
            throw .malformed(name)
        }
        guard groups.count <= mostGroups, groups.allSatisfy(isGroup) else { throw .malformed(name) }
        return groups
    }

    /// The names among some claims; what is not of the usual form is none.
    public static func names(in claims: JSONObject) -> [String] {
        var names: [String] = []
        if claims["email_verified"]?.bool == true, let mail = claims["email"]?.string { names.append(mail) }
        if let name = claims["preferred_username"]?.string { names.append(name) }
        return names.filter { isGroup($0) }
    }

    private static func isGroup(_ text: String) -> Bool {
        (1...longestGroup).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
    }
}
