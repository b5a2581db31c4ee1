// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Hummingbird

/// Where people sign in.
struct PeopleRoutes {
    let gate: any PeopleControl

    func add(to router: RouterGroup<AdminContext>) {
        router.get("people") { _, _ in Answer(try await gate.people()) }
    }
}
