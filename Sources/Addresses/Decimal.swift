// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads decimal digits without sign, space or leading zeros; nil above the limit (at most 65535) or for anything else.
func decimal(_ bytes: some Collection<UInt8>, limit: Int) -> Int? {
    guard let first = bytes.first, bytes.count <= 5 else { return nil }
    if first == UInt8(ascii: "0"), bytes.count > 1 { return nil }
    var value = 0
    for byte in bytes {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int(byte &- UInt8(ascii: "0"))
    }
    return value <= limit ? value : nil
}
