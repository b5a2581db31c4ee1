// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Lets few gates run at a time: tests block their threads, and a machine under load makes deadlines meaningless.
actor GateSlots {
    static let shared = GateSlots(count: 2)

    private let count: Int
    private var free: Int
    private var waiting: [(wanted: Int, continuation: CheckedContinuation<Void, Never>)] = []

    init(count: Int) {
        self.count = count
        free = count
    }

    /// Waits for a place, or for all of them, behind those who came before.
    func enter(alone: Bool) async {
        let wanted = alone ? count : 1
        if waiting.isEmpty, free >= wanted {
            free -= wanted
        } else {
            await withCheckedContinuation { waiting.append((wanted, $0)) }
        }
    }

    func leave(alone: Bool) {
        free += alone ? count : 1
        while let next = waiting.first, free >= next.wanted {
            free -= next.wanted
            waiting.removeFirst().continuation.resume()
        }
    }
}
