// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// Sign-ins that are under way, each known by the cookie of the browser that began it, and good for one answer.
struct WaitingSignIns {
    struct Entry {
        let request: AuthorizationRequest
        /// The page of ours to which the person goes afterwards.
        let next: LocalPage
        let network: String
        let startedAt: Int64
    }

    private let settings: PeopleSettings
    private var entries: [[UInt8]: Entry] = [:]

    init(_ settings: PeopleSettings) { self.settings = settings }

    /// Notes a sign-in; `nil` when there are too many, in all or from one network.
    mutating func add(
        _ request: AuthorizationRequest, next: LocalPage, network: String, now: Int64,
        using generator: inout some RandomNumberGenerator
    ) -> PeopleSecret? {
        if entries.count >= settings.waiting { sweep(now: now) }
        guard entries.count < settings.waiting,
            entries.values.count(where: { $0.network.isSpelled(network) }) < settings.waitingOfAddress
        else { return nil }
        let secret = PeopleSecret(.signIn, using: &generator)
        entries[secret.digest] = Entry(request: request, next: next, network: network, startedAt: now)
        return secret
    }

    /// The sign-in of a browser, which is gone with this.
    mutating func take(_ secret: PeopleSecret, now: Int64) -> Entry? {
        guard let entry = entries.removeValue(forKey: secret.digest), isAlive(entry, now: now) else { return nil }
        return entry
    }

    mutating func sweep(now: Int64) { entries = entries.filter { isAlive($0.value, now: now) } }

    private func isAlive(_ entry: Entry, now: Int64) -> Bool {
        now >= entry.startedAt && now < entry.startedAt &+ settings.signIn
    }
}

/// The pages to which a sign-in may lead. There are no others, so that nobody is sent anywhere else.
enum LocalPage: String, CaseIterable {
    case home = "/"
    case device = "/device"

    /// The page of a parameter; home when it names none of ours.
    init(next: String?) {
        self = Self.allCases.first { next?.isSpelled($0.rawValue) ?? false } ?? .home
    }
}
