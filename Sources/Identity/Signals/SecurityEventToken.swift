// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Whose security event tokens count, for whom they are and about whom they may speak, as the operator registered it.
public struct SecurityEventTransmitter: Sendable, Hashable {
    /// `iss`, byte by byte.
    public var issuer: ProviderURL
    /// `aud`: the receiver.
    public var audience: String
    /// What tokens may be signed with, whatever their heads say.
    public var algorithms: Set<JWSAlgorithm>
    /// The issuers about whose people it may speak.
    public var people: [ProviderURL]
    /// The trust domains about whose workloads it may speak.
    public var trustDomains: [TrustDomain]
    /// Whether its opaque names are its own subjects.
    public var hasOpaqueSubjects: Bool
    /// How old a token may be, in seconds.
    public var maximumAge: Int64

    /// Registers a transmitter.
    ///
    /// - Parameter people: Its own people unless it is said otherwise.
    public init(
        issuer: ProviderURL, audience: String, algorithms: Set<JWSAlgorithm> = OpenIDProvider.standardAlgorithms,
        people: [ProviderURL]? = nil, trustDomains: [TrustDomain] = [], hasOpaqueSubjects: Bool = false,
        maximumAge: Int64 = 86_400
    ) {
        self.issuer = issuer
        self.audience = audience
        self.algorithms = algorithms
        self.people = people ?? [issuer]
        self.trustDomains = trustDomains
        self.hasOpaqueSubjects = hasOpaqueSubjects
        self.maximumAge = maximumAge
    }

    /// Whether it may speak about somebody.
    public func speaks(about subject: SignalSubject) -> Bool {
        switch subject {
        case .person(let person): people.contains { $0.description.isExactly(person.issuer) }
        case .workload(let id): trustDomains.contains(id.trustDomain)
        }
    }
}

/// A verified security event token (RFC 8417).
public struct SecurityEventToken: Sendable, Hashable {
    /// `typ`.
    public static let type = "secevent+jwt"
    /// The longest token that is read, in bytes.
    public static let longest = 16 * 1024
    /// Seconds by which the transmitter's clock may be ahead.
    public static let leeway: Int64 = 60
    private static let mostEvents = 8
    private static let longestID = 256

    /// `jti`.
    public let tokenID: String
    /// `iat` in Unix seconds.
    public let issuedAt: Int64
    /// Whom it is about; an event of the stream itself needs nobody.
    public let subject: SubjectIdentifier?
    /// The events, by their URIs in order.
    public let events: [SecurityEvent]
    /// `toe`, where it has one: when it happened, in Unix seconds.
    public let eventTime: Int64?

    /// Reads a token without verifying anything, to choose a key by its `kid`.
    ///
    /// - Throws: ``SecurityEventError``.
    public static func parse(_ token: [UInt8]) throws(SecurityEventError) -> (jws: CompactJWS, keyID: String) {
        do throws(JWSError) {
            let jws = try CompactJWS(parsing: token, limits: JWSLimits(bytes: longest))
            guard jws.header.isType(type) else { throw JWSError.type }
            // A key that comes along is nobody's.
            for name in ["jwk", "jku", "x5u", "x5c"] where jws.header.members[name] != nil { throw JWSError.header }
            guard let keyID = jws.header.keyID, !keyID.isEmpty else { throw JWSError.keyID }
            return (jws, keyID)
        } catch {
            throw SecurityEventError(error)
        }
    }

    /// Verifies a token with the key that its `kid` names.
    ///
    /// - Parameter now: Unix seconds.
    /// - Throws: ``SecurityEventError``.
    public static func verify(
        _ jws: CompactJWS, of transmitter: SecurityEventTransmitter, key: some SignatureVerifier, now: Int64
    ) throws(SecurityEventError) -> SecurityEventToken {
        let verified: VerifiedJWS
        do throws(JWSError) {
            guard transmitter.algorithms.contains(jws.header.algorithm) else { throw JWSError.otherAlgorithm }
            verified = try jws.verified(with: key)
        } catch {
            throw SecurityEventError(error)
        }
        do throws(ClaimsError) {
            return try SecurityEventToken(TokenClaims(parsing: verified.payload), transmitter, now: now)
        } catch {
            throw SecurityEventError(error)
        }
    }

    private init(
        _ claims: TokenClaims, _ transmitter: SecurityEventTransmitter, now: Int64
    ) throws(ClaimsError) {
        guard try claims.text("iss").isExactly(transmitter.issuer.description) else { throw .issuer }
        guard try claims.audience().contains(where: { $0.isExactly(transmitter.audience) }) else { throw .audience }
        // What ends by itself or has a subject of its own is another kind of token (RFC 8417 section 4).
        for name in ["exp", "nbf", "sub", "nonce", "at_hash"] where claims.members[name] != nil {
            throw .mismatch(name)
        }
        tokenID = try claims.text("jti")
        guard tokenID.utf8.count <= Self.longestID, tokenID.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .malformed("jti")
        }
        issuedAt = try claims.time("iat")
        guard issuedAt <= now &+ Self.leeway else { throw .notYetValid }
        guard issuedAt > now &- transmitter.maximumAge else { throw .expired }
        eventTime = try claims.optionalTime("toe")
        if let eventTime, eventTime > now &+ Self.leeway { throw .malformed("toe") }
        guard let members = claims.members["events"]?.object, (1...Self.mostEvents).contains(members.names.count) else {
            throw .malformed("events")
        }
        var events: [SecurityEvent] = []
        var subject = try claims.members["sub_id"].map { value throws(ClaimsError) in try SubjectIdentifier(value) }
        for uri in members.names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard let payload = members[uri]?.object else { throw .malformed("events") }
            if let value = payload["subject"] {
                // Drafts had the subject within the event. Two of them would be one for each reader.
                guard subject == nil, members.names.count == 1 else { throw .mismatch("subject") }
                subject = try SubjectIdentifier(value)
            }
            let event = try SecurityEvent(uri, payload)
            if let time = event.time, time > now &+ Self.leeway { throw .malformed("event_timestamp") }
            events.append(event)
        }
        self.subject = subject
        self.events = events
    }

    /// Up to when an event calls for an end, in Unix seconds: when it happened, else when the token was issued.
    public func moment(of event: SecurityEvent) -> Int64 { event.time ?? eventTime ?? issuedAt }
}

extension SecurityEventToken: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension SecurityEventError {
    fileprivate init(_ error: JWSError) {
        switch error {
        case .unknownKey, .otherAlgorithm, .algorithm, .signature, .keyID: self.init(.invalidKey, error.description)
        case .tooLong, .notCompact, .encoding, .header, .critical, .payloadForm, .type:
            self.init(.invalidRequest, error.description)
        }
    }

    fileprivate init(_ error: ClaimsError) {
        switch error {
        case .issuer: self.init(.invalidIssuer, error.description)
        case .audience: self.init(.invalidAudience, error.description)
        default: self.init(.invalidRequest, error.description)
        }
    }
}
