// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity

extension IdentitySource {
    /// Why there is no identity now; nil when there is one.
    var failure: IdentitySourceError? {
        do throws(IdentitySourceError) {
            _ = try current()
            return nil
        } catch {
            return error
        }
    }
}
