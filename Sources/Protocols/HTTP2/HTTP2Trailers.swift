// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Judges the trailer section of an HTTP/2 message, field by field (RFC 9113 section 8.1, RFC 9110 section 6.5.1).
public struct HTTP2Trailers: Sendable {
    /// What becomes of a field.
    public enum Judgement: Sendable, Hashable {
        /// It is passed on.
        case passes
        /// It says what only the gate says, or who is asking: it is left out.
        case dropped
        /// The message is malformed.
        case refused(HTTP1RefusalReason)
    }

    private let limits: HTTP1Limits
    private var count = 0
    private var byteCount = 0

    /// A judge at the start of a section.
    public init(limits: HTTP1Limits = .standard) { self.limits = limits }

    /// Judges the next field.
    public mutating func judge(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> Judgement {
        count &+= 1
        byteCount &+= name.count &+ value.count &+ 4
        guard count <= limits.headerCount, byteCount <= limits.trailerBytes else { return .refused(.trailerTooLarge) }
        guard name.first != 0x3a else { return .refused(.badPseudoField) }
        switch HTTP2Field.judge(name: name, value: value) {
        case .failure(let reason): return .refused(reason)
        case .success(.other): return .passes
        case .success(let meaning): return HTTP1Fields.mayTrail(meaning) ? .dropped : .refused(.forbiddenTrailer)
        }
    }
}
