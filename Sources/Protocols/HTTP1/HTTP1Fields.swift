// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The field section of a head: where each field is, and what the fields that matter to a gateway say.
public struct HTTP1Fields: Sendable {
    /// What the `Connection` and `Expect` fields ask for.
    public struct Signals: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: UInt8
        /// Signals of the given bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// `Connection: close`.
        public static let close = Signals(rawValue: 1)
        /// `Connection: keep-alive`.
        public static let keepAlive = Signals(rawValue: 2)
        /// `Connection: upgrade`.
        public static let upgrade = Signals(rawValue: 4)
        /// `Expect: 100-continue`.
        public static let expectContinue = Signals(rawValue: 8)
        /// At least one name in `Connection` nominates another field as hop-by-hop.
        static let nominates = Signals(rawValue: 16)
    }

    /// Every field in the order received, those that will not be forwarded included.
    public internal(set) var all: ContiguousArray<HTTP1Field> = []

    /// Names nominated by `Connection` besides the ones that are hop-by-hop anyway.
    public internal(set) var nominated: ContiguousArray<ByteRange> = []

    /// The value of `Content-Length`.
    public internal(set) var contentLength: UInt64?

    /// True when `Transfer-Encoding: chunked` frames the body.
    public internal(set) var isChunked = false

    /// What `Connection` and `Expect` ask for.
    public internal(set) var signals: Signals = []

    /// Where the value of `Host` is.
    public internal(set) var host: ByteRange?

    /// Where the value of `Upgrade` is, when there is exactly one such field.
    public internal(set) var upgrade: ByteRange?

    /// Where the value of `Proxy-Authorization` is.
    public internal(set) var proxyAuthorization: ByteRange?

    /// Every known name that occurs, as a set of bits.
    var present: UInt32 = 0

    /// Whether a field with this meaning occurs.
    public func contains(_ name: HTTP1FieldName) -> Bool { present & name.bit != 0 }

    /// Whether the one `Upgrade` field is exactly `websocket` and `Connection` names it (RFC 6455 section 4.2.1).
    public func asksForWebSocket(in bytes: UnsafeRawBufferPointer) -> Bool {
        guard signals.contains(.upgrade), let upgrade else { return false }
        return ByteScan.equalsIgnoringCase(upgrade.slice(of: bytes), "websocket")
    }

    /// Whether `TE` says that fields behind a body are taken (RFC 9110 section 10.1.4).
    public func acceptsTrailers(in bytes: UnsafeRawBufferPointer) -> Bool {
        guard contains(.te), let field = all.first(where: { $0.knownName == .te }) else { return false }
        return field.value.slice(of: bytes).split(separator: 0x2C).contains { part in
            let trimmed = part.drop { $0 == 0x20 || $0 == 0x09 }
            return ByteScan.equalsIgnoringCase(UnsafeRawBufferPointer(rebasing: trimmed), "trailers")
        }
    }

    /// The first field whose name equals `name` without regard to case, or nil. Costs one comparison for each field.
    public func first(named name: StaticString, in bytes: UnsafeRawBufferPointer) -> HTTP1Field? {
        let expected = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return all.first { ByteScan.equalsIgnoringCase($0.name.slice(of: bytes), expected) }
    }

    /// Whether `Connection` nominates this field. `Host` and the framing fields cannot be nominated away.
    public func isNominated(_ field: HTTP1Field, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard signals.contains(.nominates), !field.knownName.isPerHop else { return false }
        let name = field.name.slice(of: bytes)
        return nominated.contains { ByteScan.equalsIgnoringCase($0.slice(of: bytes), name) }
    }

    /// Takes out every field of a name, so that it is not forwarded. Names are compared without regard to case, and `_`
    /// counts as `-`: some servers take the one for the other.
    public mutating func remove(named name: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer) {
        all.removeAll { $0.knownName == .other && ByteScan.equalsAsField($0.name.slice(of: bytes), name) }
    }

    /// Forgets everything but keeps the storage.
    mutating func reset() {
        all.removeAll(keepingCapacity: true)
        if !nominated.isEmpty { nominated.removeAll(keepingCapacity: true) }
        contentLength = nil
        isChunked = false
        signals = []
        host = nil
        upgrade = nil
        proxyAuthorization = nil
        present = 0
    }
}
