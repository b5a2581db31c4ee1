// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension SecretPatterns {
    /// Overwrites secrets in a text of which the part from `start` on is new; what is before it is what the state
    /// remembers.
    func scan(_ output: inout [UInt8], from start: Int, _ progress: inout SecretScanner.Progress) {
        let skips = self.skips.skips.span
        var text = output.mutableSpan
        let end = text.count
        let lastWindow = end &- SecretSkipTable.window
        var position = start
        var current = progress.state
        var hitEnd = progress.sinceHit == .max ? Int.min : start &- progress.sinceHit
        while position < end {
            if current == 0 {
                while position <= lastWindow {
                    let last = position &+ (SecretSkipTable.window &- 1)
                    let skip = skips[SecretSkipTable.index(text[last &- 2], text[last &- 1], text[last])]
                    if skip == 0 { break }
                    position &+= Int(skip)
                }
                guard position < end else { break }
            }
            current = automaton.step(from: current, text[position])
            position &+= 1
            let found = Int(automaton.states[Int(current)].found)
            if found > 0 {
                let first = position &- found
                if first >= hitEnd { progress.hits &+= 1 }
                for index in max(first, 0)..<position { text[index] = 0x2a }
                hitEnd = position
                current = automaton.settled(current)
            }
        }
        progress.state = current
        progress.sinceHit = hitEnd == .min ? .max : end &- hitEnd
    }
}
