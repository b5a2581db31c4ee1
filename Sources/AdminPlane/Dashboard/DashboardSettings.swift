// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
public import NIOSSL

/// How the dashboard is served.
public struct DashboardSettings: Sendable {
    /// The address of this machine.
    public var host: String
    /// The port; 0 lets the system choose.
    public var port: Int
    /// Where browsers find it; `nil` for the address and the port.
    public var url: ProviderURL?
    /// Certificate and key; `nil` for HTTP in the clear, which is for loopback addresses only.
    public var tls: TLSConfiguration?
    /// How long a session may last, in seconds.
    public var longest: Int64 = 8 * 3600
    /// How long a session may be without use, in seconds.
    public var idle: Int64 = 1800
    /// The most connections.
    public var connections = 512
    /// The most open streams of events.
    public var streams = 64

    /// Settings with the defaults.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
