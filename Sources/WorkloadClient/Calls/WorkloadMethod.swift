// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The methods of the Workload API that this client calls.
public enum WorkloadMethod: String, Sendable, Hashable, CaseIterable {
    /// The identities of this program, with their bundles; a stream.
    case fetchX509SVID = "FetchX509SVID"
    /// The bundles for X509-SVIDs; a stream.
    case fetchX509Bundles = "FetchX509Bundles"
    /// The bundles for JWT-SVIDs; a stream.
    case fetchJWTBundles = "FetchJWTBundles"
    /// A token.
    case fetchJWTSVID = "FetchJWTSVID"

    /// The method's path. The service has no package.
    var path: String { "/SpiffeWorkloadAPI/\(rawValue)" }

    /// How many messages an answer has; nil for a stream.
    var answers: Int? { self == .fetchJWTSVID ? 1 : nil }
}
