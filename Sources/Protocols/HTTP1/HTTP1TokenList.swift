// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A comma-separated list of tokens (RFC 9110 section 5.6.1), as in `Connection`.
enum HTTP1TokenList {
    /// Calls `body` with each token. Empty elements are passed over, as recipients must. Returns false when the value
    /// is not a list of tokens or `body` returned false.
    static func forEach(_ value: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        var position = 0
        while position < value.count {
            let byte = value[position]
            if byte == 0x20 || byte == 0x09 || byte == 0x2c {
                position &+= 1
                continue
            }
            let start = position
            while position < value.count, ByteSet.token.contains(value[position]) { position &+= 1 }
            guard position > start else { return false }
            let token = UnsafeRawBufferPointer(rebasing: value[start..<position])
            while position < value.count, value[position] == 0x20 || value[position] == 0x09 { position &+= 1 }
            guard position == value.count || value[position] == 0x2c else { return false }
            guard body(token) else { return false }
        }
        return true
    }
}
