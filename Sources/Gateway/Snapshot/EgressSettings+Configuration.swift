// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import EgressPlane
internal import Protocols
internal import YettConfiguration

extension EgressSettings {
    /// The limits as the configuration has them.
    init(_ limits: EgressLimits) {
        self.init()
        http = HTTP1Limits(
            requestLineBytes: limits.requestLine, headBytes: limits.headerBytes, headerCount: limits.headerCount)
        connections = limits.tunnels
        connectionsPerAgent = limits.tunnelsPerAgent
        pendingDials = limits.pendingDials
        handshakeTime = limits.handshakeTime.wholeNanoseconds
        idleTime = limits.idleTime.wholeNanoseconds
        totalTime = limits.totalTime.wholeNanoseconds
        dialTime = limits.dialTime.wholeNanoseconds
        bytesPerTunnel = limits.bytesPerTunnel
        requestBody = UInt64(max(0, limits.requestBody))
        addressesTried = limits.addressesTried
        idleUpstreams = limits.idleUpstreams
        idleUpstreamTime = limits.idleUpstreamTime.wholeNanoseconds
    }
}
