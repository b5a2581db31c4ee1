// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// What an exchange knows of a person's consent to its call.
struct HeldCall {
    /// The approval that the request brought along.
    var brought: ApprovalID?
    /// How many seconds the client wants to wait, when it says so (`Prefer: wait`, RFC 7240 section 4.3).
    var patience: Int64?
    /// The question that the exchange waits for, and the call that it is about.
    var question: ApprovalID?
    var call: ApprovalCall?
    /// Since when the person is waited for.
    var since: Int64 = 0
    /// When the client gets the next sign that the call waits, and how many it has.
    var nextSign: Int64 = 0
    var signs = 0
    /// Whether the signs have begun a stream of events, and nothing of the answer is in it.
    var isStreaming = false
}

/// The time that a client is ready to wait.
enum Preference {
    /// The seconds of `wait`, of the first preference of this name.
    static func wait(in fields: [MCPField]) -> Int64? {
        for field in fields where field.name.utf8.elementsEqual("prefer".utf8) {
            if let seconds = wait(field.value) { return seconds }
        }
        return nil
    }

    private static func wait(_ value: String) -> Int64? {
        for preference in value.utf8.split(separator: UInt8(ascii: ",")) {
            let first = preference.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != 0x20 && $0 != 0x09 }
            let name = first.prefix(5).map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
            guard name.elementsEqual("wait=".utf8) else { continue }
            let digits = first.dropFirst(5)
            guard (1...6).contains(digits.count), digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
            return digits.reduce(0) { $0 &* 10 &+ Int64($1 &- 0x30) }
        }
        return nil
    }
}
