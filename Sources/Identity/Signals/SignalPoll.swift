// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// What a recipient says when it polls (RFC 8936 section 2.4).
public struct SignalPoll: Sendable, Hashable {
    /// `ack`: tokens that were taken, by `jti`.
    public var acknowledged: [String] = []
    /// `setErrs`: tokens that are refused, by `jti`.
    public var refused: [Refusal] = []
    /// `maxEvents`.
    public var maximum: Int

    /// A token that is refused.
    public struct Refusal: Sendable, Hashable {
        /// The name under which it came.
        public let tokenID: String
        /// Why.
        public let error: SecurityEventError

        /// Refuses a token.
        public init(tokenID: String, error: SecurityEventError) {
            self.tokenID = tokenID
            self.error = error
        }
    }

    /// A poll that acknowledges nothing yet.
    public init(maximum: Int) { self.maximum = maximum }

    /// The body of the request. The transmitter answers at once, with nothing where there is nothing.
    public var body: [UInt8] {
        var object = JSONObject()
        if !acknowledged.isEmpty { object["ack"] = .array(acknowledged.map { .string($0) }) }
        if !refused.isEmpty {
            var refusals = JSONObject()
            for refusal in refused {
                refusals[refusal.tokenID] = [
                    "err": .string(refusal.error.code.rawValue), "description": .string(refusal.error.description),
                ]
            }
            object["setErrs"] = .object(refusals)
        }
        object["maxEvents"] = .integer(Int64(maximum))
        object["returnImmediately"] = true
        return JSONValue.object(object).bytes
    }
}

/// What a transmitter answers to a poll (RFC 8936 section 2.5).
public struct SignalPollAnswer: Sendable, Hashable {
    /// The tokens, in the order of the answer.
    public let tokens: [Token]
    /// `moreAvailable`.
    public let hasMore: Bool

    /// The longest answer, in bytes.
    public static let longest = 1 << 20
    private static let longestName = 256

    /// A token that was delivered.
    public struct Token: Sendable, Hashable {
        /// The `jti` under which it has to be acknowledged.
        public let name: String
        /// The token.
        public let bytes: [UInt8]
    }

    /// Reads an answer.
    ///
    /// - Parameter maximum: How many tokens were asked for; an answer with more is malformed.
    /// - Throws: ``ClaimsError``.
    public init(parsing body: [UInt8], maximum: Int) throws(ClaimsError) {
        let limits = JSONLimits(
            bytes: Self.longest, depth: 4, values: maximum &* 2 &+ 64, stringBytes: Self.longest)
        guard let object = (try? JSONValue(parsing: body, limits: limits))?.object else { throw .notAnObject }
        guard let sets = object["sets"] else { throw .missing("sets") }
        guard let members = sets.object, members.names.count <= maximum else { throw .malformed("sets") }
        var tokens: [Token] = []
        for name in members.names {
            guard (1...Self.longestName).contains(name.utf8.count), let token = members[name]?.string else {
                throw .malformed("sets")
            }
            tokens.append(Token(name: name, bytes: Array(token.utf8)))
        }
        self.tokens = tokens
        guard let more = object["moreAvailable"] else {
            hasMore = false
            return
        }
        guard case .bool(let flag) = more else { throw .malformed("moreAvailable") }
        hasMore = flag
    }
}
