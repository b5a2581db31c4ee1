// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
public import Protocols

/// What takes security event tokens that transmitters push. HTTP is somebody else's business.
public protocol SignalIntake: Sendable {
    /// Whether somebody may post to a path, and who that is.
    ///
    /// - Parameter bearer: The token of the one `Authorization` field.
    func admission(to path: String, bearer: String?) -> SignalAdmission
    /// Takes a token of a transmitter that was let in under a path.
    func take(_ token: [UInt8], at path: String) async -> SignalReception
    /// A public document at a path.
    func document(at path: String) -> JSONValue?
}

/// Whether a transmitter may post.
public enum SignalAdmission: Sendable, Hashable {
    /// It showed the credential of the path.
    case admitted
    /// It did not.
    case refused
    /// Nobody posts there.
    case unknown
}

/// What became of a token.
public enum SignalReception: Sendable, Hashable {
    /// It was taken, now or before.
    case taken
    /// It is refused for good.
    case refused(SecurityEventError)
    /// It cannot be judged or carried out at present; the transmitter has to try again.
    case later(String)
}
