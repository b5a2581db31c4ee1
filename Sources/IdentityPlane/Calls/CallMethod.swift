// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The methods that this socket knows.
enum CallMethod: String, Sendable, CaseIterable {
    case fetchX509SVID = "/SpiffeWorkloadAPI/FetchX509SVID"
    case fetchX509Bundles = "/SpiffeWorkloadAPI/FetchX509Bundles"
    case fetchJWTSVID = "/SpiffeWorkloadAPI/FetchJWTSVID"
    case fetchJWTBundles = "/SpiffeWorkloadAPI/FetchJWTBundles"
    case validateJWTSVID = "/SpiffeWorkloadAPI/ValidateJWTSVID"
    case streamSecrets = "/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets"
    case fetchSecrets = "/envoy.service.secret.v3.SecretDiscoveryService/FetchSecrets"

    /// Every method of this service needs the security header, also one that is not served.
    static let workloadService = "/SpiffeWorkloadAPI/"

    init?(path: String) {
        guard let method = Self.allCases.first(where: { $0.rawValue.isSpelled(path) }) else { return nil }
        self = method
    }
}
