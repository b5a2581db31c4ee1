// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A set of ASCII bytes, tested without a table in memory. Bytes of 0x80 and above are never members.
struct ByteSet {
    /// One bit for each of the bytes 0 to 63.
    let low: UInt64
    /// One bit for each of the bytes 64 to 127.
    let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? low : high
        return byte < 128 && (word &>> UInt64(byte & 63)) & 1 == 1
    }

    /// `tchar` of RFC 9110 section 5.6.2.
    @inline(__always) static var token: ByteSet { ByteSet(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe) }

    /// `unreserved` of RFC 3986 section 2.3.
    @inline(__always) static var unreserved: ByteSet {
        ByteSet(low: 0x03ff_6000_0000_0000, high: 0x47ff_fffe_87ff_fffe)
    }

    /// What a path segment may hold besides percent-encoded octets: `pchar` of RFC 3986 section 3.3, and `[`, `]` and
    /// `|`, which the WHATWG URL standard leaves bare and browsers therefore send. Never `/`, `%`, `\`, `"`, `<`, `>`.
    @inline(__always) static var path: ByteSet { ByteSet(low: 0x2fff_7fd2_0000_0000, high: 0x57ff_fffe_afff_ffff) }

    /// What a query may hold besides percent-encoded octets: RFC 3986 section 3.4, and ``[ ] { } | ^ ` ``, which the
    /// WHATWG URL standard leaves bare.
    @inline(__always) static var query: ByteSet { ByteSet(low: 0xafff_ffd2_0000_0000, high: 0x7fff_ffff_efff_ffff) }

    /// Hexadecimal digits of both cases.
    @inline(__always) static var hexadecimal: ByteSet {
        ByteSet(low: 0x03ff_0000_0000_0000, high: 0x0000_007e_0000_007e)
    }

    /// Letters, digits, `-`, `.` and `_`: what a host name in an authority may hold.
    @inline(__always) static var host: ByteSet { ByteSet(low: 0x03ff_6000_0000_0000, high: 0x07ff_fffe_87ff_fffe) }

    /// Visible ASCII, 0x21 to 0x7E: what may stand in a request-target at all.
    @inline(__always) static var visible: ByteSet { ByteSet(low: 0xffff_fffe_0000_0000, high: 0x7fff_ffff_ffff_ffff) }
}
