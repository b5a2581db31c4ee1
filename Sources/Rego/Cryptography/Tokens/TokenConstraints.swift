// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a policy demands of a token.
struct TokenConstraints {
    /// The shared secret; undefined if keys are given.
    private(set) var secret = Value.undefined
    /// The text of the keys; undefined if a secret is given.
    private(set) var certificate = Value.undefined
    /// The algorithm, if it must be a certain one.
    private(set) var algorithm = Value.undefined
    /// The issuer, if it must be a certain one.
    private(set) var issuer = Value.undefined
    /// The audience that the token must be for.
    private(set) var audience = Value.undefined
    /// Seconds since 1970.
    private(set) var seconds: Double

    /// Reads the second operand of `io.jwt.decode_verify`.
    init(_ object: Value, time: Int64) throws(BuiltinFailure) {
        seconds = Double(time) / 1e9
        for (key, value) in object.unorderedMembers {
            if key.isText("cert") {
                if !value.isString { throw .value("cert constraint: must be a string") }
                certificate = value
            } else if key.isText("secret") {
                let secret = try Self.string(value, "secret")
                if !secret.utf8.isEmpty { self.secret = secret }
            } else if key.isText("alg") {
                algorithm = try Self.string(value, "alg")
            } else if key.isText("iss") {
                issuer = try Self.string(value, "iss")
            } else if key.isText("aud") {
                audience = try Self.string(value, "aud")
            } else if key.isText("time") {
                seconds = try Self.time(value) / 1e9
            } else {
                throw .value("unknown token validation constraint: \(key.string)")
            }
        }
        if secret.isDefined, certificate.isDefined { throw .value("duplicate key constraints") }
        if secret.isUndefined, certificate.isUndefined { throw .value("no key constraint") }
    }

    private static func string(_ value: Value, _ name: String) throws(BuiltinFailure) -> Value {
        if !value.isString { throw .value("\(name) constraint: must be a string") }
        return value
    }

    private static func time(_ value: Value) throws(BuiltinFailure) -> Double {
        guard value.isNumber else { throw .value("token time constraint: must be a number") }
        let time = value.approximation
        guard time.isFinite else { throw .value("token time constraint: unvalid float64") }
        if time < 0 { throw .value("token time constraint: must not be negative") }
        return time
    }

    /// Whether the claims are as demanded, now.
    func hold(for payload: Value) throws(BuiltinFailure) -> Bool {
        var claims = (
            issuer: Value.undefined, audience: Value.undefined, expiry: Value.undefined, start: Value.undefined
        )
        for (key, value) in payload.unorderedMembers where key.byteCount == 3 {
            if key.isText("iss") { claims.issuer = value }
            if key.isText("aud") { claims.audience = value }
            if key.isText("exp") { claims.expiry = value }
            if key.isText("nbf") { claims.start = value }
        }
        // Empty constraints are none, as in OPA.
        if !issuer.utf8.isEmpty, !claims.issuer.isString || !claims.issuer.isEqual(to: issuer) { return false }
        if !isMet(by: claims.audience) { return false }
        if claims.expiry.isDefined {
            guard claims.expiry.isNumber else { throw .value("exp value must be a number") }
            if !(seconds < claims.expiry.approximation) { return false }
        }
        if claims.start.isDefined {
            guard claims.start.isNumber else { throw .value("nbf value must be a number") }
            if seconds < claims.start.approximation { return false }
        }
        return true
    }

    /// A token that is for somebody needs the constraint; a list needs to name it.
    private func isMet(by claim: Value) -> Bool {
        switch claim.tag {
        case .undefined: audience.utf8.isEmpty
        case .string: claim.utf8.elementsEqual(audience.utf8)
        case .array: claim.elements.contains { $0.isString && $0.utf8.elementsEqual(audience.utf8) }
        default: false
        }
    }
}

extension Value {
    /// The nearest floating-point number; infinite if there is none, NaN if it is no number.
    var approximation: Double {
        switch tag {
        case .integer: Double(immediate)
        case .decimal: Double(string) ?? .nan
        default: .nan
        }
    }
}
