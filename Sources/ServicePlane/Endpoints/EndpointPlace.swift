// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The endpoint that a request goes to, and where it went before.
struct EndpointPlace {
    let endpoint: ServiceEndpoint
    /// Whether the request counts as under way there.
    var isCounted = false
    /// The endpoints that it was sent to, with this one.
    private(set) var tried: ServiceEndpoints.Tried = 0
    /// How many those are.
    private(set) var count = 0
    /// Whether everything stands in the head that the gate adds to it.
    var hasCredentials = false

    /// A first endpoint, by its place among all.
    init(_ index: Int, of endpoints: ServiceEndpoints) {
        endpoint = endpoints.all[index]
        add(index)
    }

    /// The first endpoint once more, for another request.
    init(again former: EndpointPlace, of endpoints: ServiceEndpoints) {
        endpoint = former.endpoint
        if let index = endpoints.all.firstIndex(where: { $0 === former.endpoint }) { add(index) }
    }

    /// One endpoint more.
    init(_ index: Int, of endpoints: ServiceEndpoints, after former: EndpointPlace) {
        self = EndpointPlace(index, of: endpoints)
        tried |= former.tried
        count = former.count &+ 1
        hasCredentials = former.hasCredentials
    }

    private mutating func add(_ index: Int) {
        tried |= 1 &<< UInt64(index)
        count &+= 1
    }
}
