// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols
internal import ServicePlane
internal import YettConfiguration

extension ServiceSettings {
    /// The limits as the configuration has them; heads of messages are bounded as at the forward proxy.
    init(_ configuration: GateConfiguration) {
        self.init()
        let heads = configuration.egress.limits
        http = HTTP1Limits(
            requestLineBytes: heads.requestLine, headBytes: heads.headerBytes, headerCount: heads.headerCount)
        addressesTried = heads.addressesTried
        approvalWait = configuration.approvals.wait.wholeNanoseconds
        approvalKeepAlive = configuration.approvals.keepAlive.wholeNanoseconds
        approvalArguments = configuration.approvals.arguments
        guard let limits = configuration.serviceProxy?.limits else { return }
        connections = limits.connections
        requestsPerAgent = limits.requestsPerAgent
        pendingDials = limits.pendingDials
        handshakeTime = limits.handshakeTime.wholeNanoseconds
        idleTime = limits.idleTime.wholeNanoseconds
        totalTime = limits.totalTime.wholeNanoseconds
        dialTime = limits.dialTime.wholeNanoseconds
        answerTime = limits.answerTime.wholeNanoseconds
        requestBody = limits.requestBody
        responseBody = limits.responseBody
        event = limits.event
        endpointsTried = limits.endpointsTried
        memberTime = limits.memberTime.wholeNanoseconds
        idleUpstreams = limits.idleUpstreams
        idleUpstreamTime = limits.idleUpstreamTime.wholeNanoseconds
    }
}
