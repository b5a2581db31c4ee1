// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// One of the places at which a service is.
public struct EndpointDescription: Sendable {
    /// Where it is.
    public var place: Endpoint
    /// The name that is asked for in TLS; `nil` for none.
    public var serverName: String?
    /// What the field `Host` says there, where that is another name than that of ``place``.
    public var virtualHost: String?

    /// Describes a place that is asked for by its own name.
    public init(_ place: Endpoint) {
        self.place = place
        if case .name(let name) = place.host { serverName = name.description }
    }
}
