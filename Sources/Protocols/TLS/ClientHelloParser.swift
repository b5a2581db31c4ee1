// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads a ClientHello from the first bytes of a connection, over any number of TCP segments and TLS records.
///
/// Each call gets all bytes received so far; complete records are looked at once. A hello in one record is read in
/// place; only one that is spread over several records is copied together.
public struct ClientHelloParser: Sendable {
    /// Most bytes of a ClientHello, its four bytes of header included.
    public static let maximumHelloBytes = 64 << 10

    /// Most records that one ClientHello may be spread over.
    public static let maximumRecords = 64

    /// Most bytes in a plaintext record (RFC 8446 section 5.1).
    static let maximumRecordBytes = 1 << 14

    private var recordStart = 0
    private var records = 0
    private var assembled: [UInt8] = []
    private var outcome: ClientHelloResult?

    /// A parser at the start of a connection.
    public init() {}

    /// Reads on. Anything but `.needMore` is final.
    public mutating func parse(_ bytes: UnsafeRawBufferPointer) -> ClientHelloResult {
        if let outcome { return outcome }
        let result = read(bytes)
        if result != .needMore {
            outcome = result
            assembled = []
        }
        return result
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) -> ClientHelloResult {
        while recordStart < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[recordStart...])
            let isFirst = records == 0
            guard rest[0] == 0x16 else { return .refused(isFirst ? .notTLS : .malformed) }
            if rest.count > 1, rest[1] != 0x03 { return .refused(isFirst ? .notTLS : .malformed) }
            if rest.count > 2, rest[2] > 0x04 { return .refused(isFirst ? .notTLS : .malformed) }
            guard rest.count >= 5 else { return .needMore }
            let length = Int(rest[3]) << 8 | Int(rest[4])
            guard length > 0, length <= Self.maximumRecordBytes else { return .refused(.malformed) }
            if isFirst, rest.count > 5, rest[5] != 0x01 { return .refused(.malformed) }
            guard rest.count &- 5 >= length else { return .needMore }
            records &+= 1
            guard records <= Self.maximumRecords else { return .refused(.tooLarge) }
            let payload = UnsafeRawBufferPointer(rebasing: rest[5..<(5 &+ length)])
            recordStart &+= 5 &+ length
            if isFirst {
                if let result = message(payload) { return result }
            }
            assembled.append(contentsOf: payload)
            if let result = assembled.withUnsafeBytes({ message($0) }) { return result }
        }
        return .needMore
    }

    /// Reads a handshake message when all of it is there, else nil.
    private func message(_ bytes: UnsafeRawBufferPointer) -> ClientHelloResult? {
        guard bytes.count >= 4 else { return nil }
        guard bytes[0] == 0x01 else { return .refused(.malformed) }
        let length = Int(bytes[1]) << 16 | Int(bytes[2]) << 8 | Int(bytes[3])
        guard length &+ 4 <= Self.maximumHelloBytes else { return .refused(.tooLarge) }
        guard bytes.count >= length &+ 4 else { return nil }
        // Nothing may share the hello's last record: the client has to wait for the server's answer.
        guard bytes.count == length &+ 4 else { return .refused(.malformed) }
        guard let hello = ClientHelloBody.read(UnsafeRawBufferPointer(rebasing: bytes[4...])) else {
            return .refused(.malformed)
        }
        return .hello(hello)
    }
}
