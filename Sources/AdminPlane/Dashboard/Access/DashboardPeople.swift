// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the dashboard needs of the gate where people sign in. All verbs throw ``AdminError``.
public protocol DashboardPeople: Sendable {
    /// The providers' names.
    var providers: [String] { get }
    /// Begins a sign-in at a provider.
    ///
    /// - Parameter redirect: Where the provider sends the browser back to.
    func begin(at provider: String, redirect: String) async throws -> DashboardSignIn
    /// Ends a sign-in with the provider's answer.
    ///
    /// - Parameter query: The query with which the browser came back.
    /// - Returns: The secret of a session, by which to ask for the person.
    func finish(_ signIn: DashboardSignIn, query: String) async throws -> String
    /// The person of a session, with what holds now.
    func person(session: String) async throws -> DashboardPerson
    /// Ends a session.
    func end(session: String)
}

/// A sign-in that is under way.
public struct DashboardSignIn: Sendable {
    /// Where the browser is to go.
    public let location: String
    /// What the gate knows of it.
    public let state: any Sendable

    /// Describes a sign-in.
    public init(location: String, state: any Sendable) {
        self.location = location
        self.state = state
    }
}

extension DashboardSignIn: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
