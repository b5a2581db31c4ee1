// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// One event of a security event token: what it is called, when it happened, and what it calls for.
public struct SecurityEvent: Sendable, Hashable {
    /// What an event calls for.
    public enum Effect: Sendable, Hashable {
        /// What was given before counts no more.
        case revoke
        /// What is known of the subject is out of date and has to be asked for again.
        case renew
        /// The subject is at so much risk.
        case risk(RiskGrade)
        /// The transmitter shows that its stream works.
        case verification(state: String?)
        /// Nothing; the text says why.
        case nothing(String)
    }

    /// `current_level` of a change of risk.
    public enum RiskGrade: String, Sendable, Hashable, CaseIterable {
        /// `LOW`.
        case low = "LOW"
        /// `MEDIUM`.
        case medium = "MEDIUM"
        /// `HIGH`.
        case high = "HIGH"
    }

    /// The event's URI.
    public let uri: String
    /// What it calls for.
    public let effect: Effect
    /// `event_timestamp` in Unix seconds, where it has one.
    public let time: Int64?

    /// The last part of a known event's URI, or `unknown`: fit for records.
    public var name: String { SecurityEventType(uri)?.name ?? "unknown" }

    private static let longestState = 1024
    /// Drafts of CAEP had milliseconds; as seconds this is in the year 5138.
    private static let leastMilliseconds: Int64 = 100_000_000_000

    /// Reads an event.
    ///
    /// - Parameter payload: The event's own claims.
    /// - Throws: ``ClaimsError`` when a claim that it has to have is missing or malformed.
    init(_ uri: String, _ payload: JSONObject) throws(ClaimsError) {
        self.uri = uri
        guard let type = SecurityEventType(uri) else {
            effect = .nothing("the event is of an unknown type")
            time = nil
            return
        }
        time = try Self.time(in: payload)
        effect = try Self.effect(of: type, payload)
    }

    private static func effect(of type: SecurityEventType, _ payload: JSONObject) throws(ClaimsError) -> Effect {
        switch type {
        case .sessionRevoked, .sessionsRevoked, .accountDisabled, .accountPurged, .credentialCompromise: return .revoke
        case .tokenClaimsChange: return .renew
        case .credentialChange:
            switch try word("change_type", in: payload) {
            case "revoke", "delete": return .revoke
            case "create", "update": return .renew
            default: throw .malformed("change_type")
            }
        case .assuranceLevelChange:
            // What does not say that it is more is less.
            guard let direction = try optionalWord("change_direction", in: payload) else { return .revoke }
            switch direction {
            case "increase": return .renew
            case "decrease": return .revoke
            default: throw .malformed("change_direction")
            }
        case .deviceComplianceChange:
            switch try word("current_status", in: payload) {
            case "compliant": return .nothing("the device complies")
            case "not-compliant": return .revoke
            default: throw .malformed("current_status")
            }
        case .riskLevelChange:
            guard let grade = RiskGrade(rawValue: try word("current_level", in: payload)) else {
                throw .malformed("current_level")
            }
            return .risk(grade)
        case .verification:
            guard let state = payload["state"] else { return .verification(state: nil) }
            guard let text = state.string, text.utf8.count <= longestState else { throw .malformed("state") }
            return .verification(state: text)
        case .streamUpdated: return .nothing("the stream was changed by its transmitter")
        case .sessionEstablished, .sessionPresented, .accountEnabled: return .nothing("the event ends nothing")
        }
    }

    private static func time(in payload: JSONObject) throws(ClaimsError) -> Int64? {
        guard let value = payload["event_timestamp"] else { return nil }
        guard let number = value.number, let time = number.integer, time >= 0 else {
            throw .malformed("event_timestamp")
        }
        return time >= leastMilliseconds ? time / 1000 : time
    }

    private static func word(_ name: String, in payload: JSONObject) throws(ClaimsError) -> String {
        guard let word = try optionalWord(name, in: payload) else { throw .missing(name) }
        return word
    }

    /// A word of printable ASCII, in which equal characters are equal bytes.
    private static func optionalWord(_ name: String, in payload: JSONObject) throws(ClaimsError) -> String? {
        guard let value = payload[name] else { return nil }
        guard let text = value.string, (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { throw .malformed(name) }
        return text
    }
}

/// The types of events that are understood, of CAEP, RISC and the Shared Signals Framework.
public enum SecurityEventType: String, Sendable, Hashable, CaseIterable {
    /// A session of the subject was ended.
    case sessionRevoked = "caep/event-type/session-revoked"
    /// Claims of tokens changed.
    case tokenClaimsChange = "caep/event-type/token-claims-change"
    /// A credential was made, changed, revoked or deleted.
    case credentialChange = "caep/event-type/credential-change"
    /// The subject is known more or less surely.
    case assuranceLevelChange = "caep/event-type/assurance-level-change"
    /// A device complies with its rules, or does not.
    case deviceComplianceChange = "caep/event-type/device-compliance-change"
    /// A session began.
    case sessionEstablished = "caep/event-type/session-established"
    /// A session was seen.
    case sessionPresented = "caep/event-type/session-presented"
    /// The subject is at more or less risk.
    case riskLevelChange = "caep/event-type/risk-level-change"
    /// All sessions of the subject were ended.
    case sessionsRevoked = "risc/event-type/sessions-revoked"
    /// The account cannot be used.
    case accountDisabled = "risc/event-type/account-disabled"
    /// The account is gone.
    case accountPurged = "risc/event-type/account-purged"
    /// The account can be used again.
    case accountEnabled = "risc/event-type/account-enabled"
    /// A credential fell into wrong hands.
    case credentialCompromise = "risc/event-type/credential-compromise"
    /// The stream works.
    case verification = "ssf/event-type/verification"
    /// The stream was changed.
    case streamUpdated = "ssf/event-type/stream-updated"

    private static let base = "https://schemas.openid.net/secevent/"

    /// The type with exactly this URI.
    public init?(_ uri: String) {
        guard let match = Self.allCases.first(where: { $0.uri.isExactly(uri) }) else { return nil }
        self = match
    }

    /// The type's URI.
    public var uri: String { Self.base + rawValue }

    /// The last part of the URI.
    public var name: String {
        String(
            decoding: Array(rawValue.utf8.split(separator: UInt8(ascii: "/")).last ?? rawValue.utf8[...]), as: UTF8.self
        )
    }
}
