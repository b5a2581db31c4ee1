// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The shape of `host [":" port]` (RFC 3986 section 3.2) on bytes.
///
/// This finds where host and port are and refuses bytes that no host holds. Whether the host is a proper name or
/// address is decided by `Addresses`, which also gives its canonical form.
enum HTTP1Authority {
    /// Where the host is (brackets included), and the port when there is one.
    struct Parts {
        let hostCount: Int
        let port: UInt16?
    }

    /// The parts of an authority without user information, or why it is none.
    static func split(_ bytes: UnsafeRawBufferPointer) -> Result<Parts, HTTP1RefusalReason> {
        guard let first = bytes.first else { return .failure(.badAuthority) }
        var position = 0
        if first == 0x5b {
            position = 1
            while position < bytes.count, isAddressByte(bytes[position]) { position &+= 1 }
            guard position > 1, position < bytes.count, bytes[position] == 0x5d else { return .failure(.badAuthority) }
            position &+= 1
        } else {
            while position < bytes.count, ByteSet.host.contains(bytes[position]) { position &+= 1 }
            guard position > 0 else { return .failure(.badAuthority) }
        }
        guard position <= 255 else { return .failure(.badAuthority) }
        if position == bytes.count { return .success(Parts(hostCount: position, port: nil)) }
        guard bytes[position] == 0x3a else { return .failure(.badAuthority) }
        guard let port = port(UnsafeRawBufferPointer(rebasing: bytes[(position &+ 1)...])) else {
            return .failure(.badPort)
        }
        return .success(Parts(hostCount: position, port: port))
    }

    /// Whether a `Host` value has this shape.
    static func isValidHost(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if case .success = split(bytes) { return true }
        return false
    }

    /// 1 to 65535 in decimal without leading zeros, or nil.
    static func port(_ bytes: UnsafeRawBufferPointer) -> UInt16? {
        guard bytes.count <= 5, let value = ByteScan.decimal(bytes), value >= 1 else { return nil }
        return UInt16(exactly: value)
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        ByteSet.hexadecimal.contains(byte) || byte == 0x3a || byte == 0x2e
    }
}
