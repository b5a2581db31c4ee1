// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses

/// An endpoint as it is asked.
final class ServiceEndpoint: Sendable {
    let place: Endpoint
    /// The value of `Host` there.
    let authority: [UInt8]
    let security: UpstreamSecurity
    let http: UpstreamHTTP
    let state: EndpointState

    init(_ description: EndpointDescription, of service: ServiceDescription, state: EndpointState) {
        place = description.place
        let name = description.virtualHost ?? "\(place.host)"
        let isDefault = place.port == (service.security.isOn ? 443 : 80)
        authority = Array((isDefault ? name : "\(name):\(place.port)").utf8)
        security = service.security.named(description.serverName)
        http =
            switch service.http {
            case .http1: .http1
            case .http2(let security): .http2(security.named(description.serverName))
            case .negotiated(let security): .negotiated(security.named(description.serverName))
            }
        self.state = state
    }

    /// `host:port`.
    var name: String { "\(place)" }
}
