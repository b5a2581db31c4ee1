// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// What is known of a caller, and whether that is still so.
public struct AttestedCaller: Sendable {
    /// What was seen.
    public let selectors: Set<Selector>
    private let check: @Sendable () -> Bool

    /// Records what was seen.
    ///
    /// - Parameter isUnchanged: Looks again; asked before anything is sent.
    package init(selectors: Set<Selector>, isUnchanged: @escaping @Sendable () -> Bool) {
        self.selectors = selectors
        check = isUnchanged
    }

    /// Looks whether the caller is still the same process, running the same program as the same user in the same place.
    public func isUnchanged() -> Bool { check() }

    /// An agent that `yett exec` launched, known by the socket that was made for it.
    ///
    /// - Parameters:
    ///   - agent: Its name.
    ///   - launch: The launch.
    ///   - isOpen: Whether the launch has not ended.
    package static func launched(
        agent: String, launch: String, isOpen: @escaping @Sendable () -> Bool
    ) -> AttestedCaller {
        AttestedCaller(selectors: [Selector(.agent, agent), Selector(.launch, launch)], isUnchanged: isOpen)
    }
}
