// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Transport

extension CallStatus {
    /// What the specification of the Workload Endpoint has for it.
    init(_ error: IdentitySourceError) {
        switch error {
        case .notReady: self.init(.unavailable, "\(error)")
        case .denied: self.init(.permissionDenied, "no identity issued")
        case .expired: self.init(.unavailable, "\(error)")
        case .invalidRequest, .refused: self.init(.invalidArgument, "\(error)")
        // How it failed is the operator's business and stands in the log.
        case .failed: self.init(.unavailable, "the identities are unavailable at present")
        }
    }
}
