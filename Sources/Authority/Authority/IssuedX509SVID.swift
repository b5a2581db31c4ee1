// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// An X509-SVID together with what decides when it is replaced.
public struct IssuedX509SVID: Sendable {
    /// The certificate chain and its key.
    public let svid: X509SVID
    /// The entry that it was issued under, or `nil` for the gate itself.
    public let entry: RegistrationEntry?
    /// The root that it ends in.
    public let root: String
    /// Unix seconds at which it was issued; the certificate begins a little earlier.
    public let issued: Int64
    /// Unix seconds at which it is to be replaced: half of its life, spread by a tenth of that.
    public let renewal: Int64
}

/// A certificate chain for a key that stays with its owner.
public struct IssuedChain: Sendable, Hashable {
    /// The identity that it shows.
    public let id: SPIFFEID
    /// The leaf, then the intermediate.
    public let chain: [EncodedCertificate]
}
