// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The answer of `GET /v1/people`.
public struct PeopleReport: Codable, Sendable, Hashable {
    /// Where browsers and command lines go.
    public var url: String
    /// Where the listener is.
    public var address: String
    /// The providers' names.
    public var providers: [String]
    /// How many sessions there are.
    public var sessions: Int

    /// Collects the parts.
    public init(url: String, address: String, providers: [String], sessions: Int) {
        self.url = url
        self.address = address
        self.providers = providers
        self.sessions = sessions
    }
}
