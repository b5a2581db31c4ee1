// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Lets few gates run at a time: tests block their threads, and a machine under load makes deadlines meaningless.
actor GateSlots {
    static let shared = GateSlots(count: 2)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) { free = count }

    func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
