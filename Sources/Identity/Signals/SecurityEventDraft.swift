// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// A security event token that the gate is about to sign.
public struct SecurityEventDraft: Sendable, Hashable {
    /// What happened.
    public var type: SecurityEventType
    /// Whom it is about.
    public var subject: SubjectIdentifier
    /// When it happened, in Unix seconds.
    public var time: Int64
    /// The change, where the event is one of risk.
    public var risk: RiskChange?
    /// Why, for the receiver's operators; it has to name no secret.
    public var why: String?

    /// The levels before and after.
    public struct RiskChange: Sendable, Hashable {
        /// `previous_level`.
        public var from: SecurityEvent.RiskGrade
        /// `current_level`.
        public var to: SecurityEvent.RiskGrade

        /// Names both.
        public init(from: SecurityEvent.RiskGrade, to: SecurityEvent.RiskGrade) {
            self.from = from
            self.to = to
        }
    }

    /// Describes an event.
    public init(_ type: SecurityEventType, _ subject: SubjectIdentifier, time: Int64, why: String? = nil) {
        self.type = type
        self.subject = subject
        self.time = time
        self.why = why
    }

    /// The claims of a token with this event.
    ///
    /// - Parameter issuedAt: Unix seconds.
    public func payload(issuer: String, audience: String, tokenID: String, issuedAt: Int64) -> [UInt8] {
        var event = JSONObject()
        event["event_timestamp"] = .integer(time)
        event["initiating_entity"] = "policy"
        if let why { event["reason_admin"] = ["en": .string(why)] }
        if let risk {
            event["principal"] = "APPLICATION"
            event["current_level"] = .string(risk.to.rawValue)
            event["previous_level"] = .string(risk.from.rawValue)
            event["risk_reason"] = .string(why ?? "behavior")
        }
        var events = JSONObject()
        events[type.uri] = .object(event)
        var claims = JSONObject()
        claims["iss"] = .string(issuer)
        claims["aud"] = .string(audience)
        claims["jti"] = .string(tokenID)
        claims["iat"] = .integer(issuedAt)
        claims["sub_id"] = subject.json
        claims["events"] = .object(events)
        return JSONValue.object(claims).bytes
    }
}
