// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One header field as offsets into the head. 16 bytes, nothing copied.
public struct HTTP1Field: Sendable, Hashable {
    /// Offset of the first byte of the name, which is the first byte of the field line.
    public let nameStart: UInt32

    /// Offset of the first byte of the value, whitespace around it left out.
    public let valueStart: UInt32

    /// Bytes of the value.
    public let valueCount: UInt32

    /// Bytes of the name.
    public let nameCount: UInt16

    /// What the name means to a gateway, found while parsing.
    public let knownName: HTTP1FieldName

    /// True when the line already has the form in which it would be written, `name: value CRLF` with one space, so
    /// that a run of such lines can be copied in one piece.
    public let isCanonicalLine: Bool

    /// Where the name is.
    public var name: ByteRange { ByteRange(start: nameStart, count: UInt32(nameCount)) }

    /// Where the value is.
    public var value: ByteRange { ByteRange(start: valueStart, count: valueCount) }
}
