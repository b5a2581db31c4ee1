// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The answer of `POST /v1/dashboard/tokens` and `POST /v1/dashboard/programs`: the only time at which the token is shown.
public struct DashboardTokenReport: Codable, Sendable, Hashable {
    /// Where the dashboard is.
    public var url: String
    /// The token. A secret.
    public var token: String
    /// The address that signs a browser in; absent for programs. A secret.
    public var login: String?
    /// How long the token is good.
    public var seconds: Int64

    /// Collects the parts.
    public init(url: String, token: String, login: String?, seconds: Int64) {
        self.url = url
        self.token = token
        self.login = login
        self.seconds = seconds
    }
}

extension DashboardTokenReport: CustomStringConvertible, CustomReflectable {
    /// Where the dashboard is; the token is shown nowhere.
    public var description: String { url }
    /// Where the dashboard is.
    public var customMirror: Mirror { Mirror(self, children: ["url": url]) }
}

/// The body of `POST /v1/dashboard/programs`.
public struct DashboardProgramRequest: Codable, Sendable, Hashable {
    /// What the program may do.
    public var role: DashboardRole
    /// How long.
    public var seconds: Int64

    /// Collects the parts.
    public init(role: DashboardRole, seconds: Int64) {
        self.role = role
        self.seconds = seconds
    }
}
