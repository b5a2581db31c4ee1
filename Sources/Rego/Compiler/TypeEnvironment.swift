// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The types of the rules of a policy, by group.
struct TypeEnvironment: Sendable {
    /// The type of each group's document or function.
    var groups: [RegoType] = []
}
