// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity

/// Where Envoys ask for decisions, `mesh`.
public struct MeshConfiguration: Sendable, Hashable {
    /// `address`: a TCP address, with certificates of both sides; `nil` for none.
    public var address: IPAddress?
    /// The port of `address`; 0 lets the system choose.
    public var port: UInt16 = 0
    /// `envoys`: the SPIFFE IDs of those that may ask at `address`.
    public var envoys: [SPIFFEID] = []
    /// `socket`: the path of a Unix socket; `nil` for none.
    public var socket: String?
    /// `uids`: the users whose processes may ask at `socket`.
    public var uids: [UInt32] = []
    /// `observe`: the services whose routes may have refusals recorded only.
    public var observe: [String] = []
    /// `follow`: the services whose open requests are followed, so that they can be cut.
    public var follow: [String] = []

    /// Nobody asks.
    public init() {}
}
