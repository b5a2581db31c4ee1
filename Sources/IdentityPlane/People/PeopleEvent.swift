// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// What happened among the people, for the record and for what they started. Nothing in it is a secret.
public enum PeopleEvent: Sendable {
    /// A person signed in with a browser.
    case signedIn(PersonIdentifier, provider: String, address: String)
    /// A person let a command line in.
    case deviceApproved(PersonIdentifier, label: String, address: String)
    /// A person turned a command line away.
    case deviceDenied(PersonIdentifier, label: String, address: String)
    /// A person ended a session.
    case signedOut(PersonIdentifier)
    /// The provider said again what holds for a person.
    case renewed(SignInID, PersonClaims)
    /// A sign-in is over before its time; what rests on it has to end.
    case ended(SignInID, PersonIdentifier, why: String)
    /// A sign-in did not succeed.
    case refused(provider: String, address: String, why: String)
}

/// The number of a sign-in, by which the gate knows on whom its tasks rest.
public struct SignInID: Sendable, Hashable {
    let value: UInt64
}

/// A person whose session was checked just now.
public struct SignedInPerson: Sendable, Hashable {
    /// What holds for the person; groups are always there.
    public let claims: PersonClaims
    /// The sign-in on which this rests.
    public let signIn: SignInID
    /// When the session ends at the latest, in Unix seconds.
    public let end: Int64
}
