// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// Devices that wait for a person to let them in (RFC 8628).
struct WaitingDevices {
    struct Entry {
        let digest: [UInt8]
        let code: UserCode
        /// What the device says of itself; nobody checked it.
        let label: String
        /// Where the request came from, as the connection shows it.
        let address: String
        let network: String
        let startedAt: Int64
        /// How long ago the person may have signed in, in seconds.
        let maximumAge: Int64?
        var interval = WaitingDevices.interval
        var askedAt: Int64?
        var state = State.waiting
    }

    enum State {
        case waiting
        case denied
        /// Let in, by the sign-in with this number.
        case approved(UInt64)
    }

    enum Poll {
        case unknown
        case expired
        case pending
        case slowDown
        case denied
        case approved(UInt64)
    }

    /// The least time between two questions of a device, in seconds.
    static let interval: Int64 = 5
    private let settings: PeopleSettings
    private var entries: [[UInt8]: Entry] = [:]
    private var codes: [UserCode: [UInt8]] = [:]

    init(_ settings: PeopleSettings) { self.settings = settings }

    /// Notes a device; `nil` when there are too many, in all or from one network.
    mutating func add(
        label: String, from origin: (address: String, network: String), maximumAge: Int64?, now: Int64,
        using generator: inout some RandomNumberGenerator
    ) -> (secret: PeopleSecret, code: UserCode)? {
        sweep(now: now)
        guard entries.count < settings.waiting,
            entries.values.count(where: { $0.network.isSpelled(origin.network) })
                < settings.waitingOfAddress
        else { return nil }
        let secret = PeopleSecret(.device, using: &generator)
        var code = UserCode(using: &generator)
        while codes[code] != nil { code = UserCode(using: &generator) }
        let digest = secret.digest
        entries[digest] = Entry(
            digest: digest, code: code, label: label, address: origin.address, network: origin.network, startedAt: now,
            maximumAge: maximumAge)
        codes[code] = digest
        return (secret, code)
    }

    /// The device that shows this code and waits.
    func find(_ code: UserCode, now: Int64) -> Entry? {
        guard let digest = codes[code], let entry = entries[digest], isAlive(entry, now: now),
            case .waiting = entry.state
        else { return nil }
        return entry
    }

    /// Writes down what a person decided. A code is good for one decision.
    mutating func decide(_ code: UserCode, _ state: State, now: Int64) -> Bool {
        guard let entry = find(code, now: now) else { return false }
        entries[entry.digest]?.state = state
        codes[code] = nil
        return true
    }

    /// Answers a device that asks whether it was let in. The answer that it was is given once.
    mutating func poll(_ secret: PeopleSecret, now: Int64) -> Poll {
        let digest = secret.digest
        guard var entry = entries[digest] else { return .unknown }
        guard isAlive(entry, now: now) else {
            remove(entry)
            return .expired
        }
        if let askedAt = entry.askedAt, now < askedAt &+ entry.interval {
            entry.interval = min(entry.interval &+ 5, 60)
            entry.askedAt = now
            entries[digest] = entry
            return .slowDown
        }
        entries[digest]?.askedAt = now
        switch entry.state {
        case .waiting: return .pending
        case .denied:
            remove(entry)
            return .denied
        case .approved(let signIn):
            remove(entry)
            return .approved(signIn)
        }
    }

    mutating func sweep(now: Int64) {
        for entry in entries.values where !isAlive(entry, now: now) { remove(entry) }
    }

    private mutating func remove(_ entry: Entry) {
        entries[entry.digest] = nil
        if codes[entry.code] == entry.digest { codes[entry.code] = nil }
    }

    private func isAlive(_ entry: Entry, now: Int64) -> Bool {
        now >= entry.startedAt && now < entry.startedAt &+ settings.device
    }
}
