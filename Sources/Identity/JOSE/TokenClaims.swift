// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// The claims of a token (RFC 7519), read strictly: a claim that is there has the right type or the token is refused.
public struct TokenClaims: Sendable, Hashable {
    /// Every claim.
    public let members: JSONObject

    private static let limits = JSONLimits(bytes: 16 * 1024, depth: 16, values: 1024, stringBytes: 8192)
    /// The last second of the year 9999.
    private static let latest: Int64 = 253_402_300_799
    private static let maximumAudience = 32

    /// Reads the payload of a token.
    ///
    /// - Throws: ``ClaimsError/notAnObject``.
    public init(parsing payload: [UInt8]) throws(ClaimsError) {
        guard let value = try? JSONValue(parsing: payload, limits: Self.limits), let object = value.object else {
            throw .notAnObject
        }
        members = object
    }

    /// A text claim that is there and is not empty.
    public func text(_ name: String) throws(ClaimsError) -> String {
        guard let text = try optionalText(name) else { throw .missing(name) }
        return text
    }

    /// A text claim that may be missing.
    public func optionalText(_ name: String) throws(ClaimsError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string, !text.isEmpty else { throw .malformed(name) }
        return text
    }

    /// A time in Unix seconds that is there.
    public func time(_ name: String) throws(ClaimsError) -> Int64 {
        guard let time = try optionalTime(name) else { throw .missing(name) }
        return time
    }

    /// A time in Unix seconds that may be missing. Fractions are cut off: a token ends early rather than late.
    public func optionalTime(_ name: String) throws(ClaimsError) -> Int64? {
        guard let value = members[name] else { return nil }
        guard let number = value.number else { throw .malformed(name) }
        if let integer = number.integer {
            guard (0...Self.latest).contains(integer) else { throw .malformed(name) }
            return integer
        }
        guard let integer = Int64(exactly: number.double.rounded(.down)), (0...Self.latest).contains(integer) else {
            throw .malformed(name)
        }
        return integer
    }

    /// `aud`: a text or a list of texts, at least one.
    public func audience() throws(ClaimsError) -> [String] {
        guard let value = members["aud"] else { throw .missing("aud") }
        if let text = value.string {
            guard !text.isEmpty else { throw .malformed("aud") }
            return [text]
        }
        guard let elements = value.array, (1...Self.maximumAudience).contains(elements.count) else {
            throw .malformed("aud")
        }
        var audience: [String] = []
        for element in elements {
            guard let text = element.string, !text.isEmpty else { throw .malformed("aud") }
            audience.append(text)
        }
        return audience
    }

    /// Requires `exp`, and holds `exp`, `nbf` and `iat` against the clock.
    ///
    /// - Parameters:
    ///   - now: Unix seconds.
    ///   - leeway: seconds by which clocks may differ, 0 to 60.
    /// - Returns: `exp`.
    public func checkTimes(at now: Int64, leeway: Int64) throws(ClaimsError) -> Int64 {
        let leeway = min(max(leeway, 0), 60)
        let expiry = try time("exp")
        guard now < expiry &+ leeway else { throw .expired }
        for name in ["nbf", "iat"] {
            if let time = try optionalTime(name), now &+ leeway < time { throw .notYetValid }
        }
        return expiry
    }
}

extension TokenClaims: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
