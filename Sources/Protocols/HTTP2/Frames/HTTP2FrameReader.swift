// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Takes the bytes of a client's HTTP/2 connection apart into frames and header sections (RFC 9113 sections 3.4, 4 and 6),
/// and refuses what no state of a stream could make right.
///
/// What depends on the states of streams is for who owns the streams to judge. Hand over all bytes that were not used yet
/// with ``next(_:)``, and drop ``consumed`` of them after each event that is not ``HTTP2Event/needMore``. A frame is looked
/// at when it is whole, so there are never more than ``frameBytes`` and its nine bytes of head to keep.
public struct HTTP2FrameReader: Sendable {
    /// Bytes of a frame's payload at most: what everybody may send (RFC 9113 section 4.2).
    public static let frameBytes = 16_384
    /// Bytes of a frame's head.
    public static let headBytes = 9
    /// What every client says first (RFC 9113 section 3.4).
    public static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    /// How many CONTINUATION frames a header section may need.
    private static let continuations = 8

    /// How many bytes the last event used.
    public private(set) var consumed = 0
    /// The header section of the last ``HTTP2Event/head(stream:endStream:isTooLarge:)``.
    public private(set) var fields = HTTP2HeaderList()

    private enum Phase { case preface, settings, frames, continuation, failed }

    private let blockBytes: Int
    private var phase = Phase.preface
    private var decoder: HPACKDecoder
    /// A header section of which more is to come.
    private var block: [UInt8] = []
    private var blockStream: UInt32 = 0
    private var blockEndsStream = false
    private var blockFrames = 0

    /// A reader at the start of a connection.
    ///
    /// - Parameters:
    ///   - listBytes: Bytes of a header list, each field counted with 32 more (RFC 9113 section 6.5.2).
    ///   - fieldCount: Fields of a header list.
    public init(listBytes: Int, fieldCount: Int) {
        decoder = HPACKDecoder(listBytes: listBytes, fieldCount: fieldCount)
        // Compressed, a list is hardly ever larger than it is; what is, is not worth keeping.
        blockBytes = listBytes
    }

    /// Reads the next frame.
    public mutating func next(_ bytes: UnsafeRawBufferPointer) -> HTTP2Event {
        consumed = 0
        switch phase {
        case .preface: return readPreface(bytes)
        case .failed: return .needMore
        case .settings, .frames, .continuation: break
        }
        guard bytes.count >= Self.headBytes else { return .needMore }
        let length = Int(Self.integer(bytes, at: 0) &>> 8)
        guard length <= Self.frameBytes else { return fail(.frameSizeError) }
        guard bytes.count &- Self.headBytes >= length else { return .needMore }
        consumed = Self.headBytes &+ length
        let payload = UnsafeRawBufferPointer(rebasing: bytes[Self.headBytes..<consumed])
        let stream = Self.integer(bytes, at: 5) & 0x7fff_ffff
        let (type, flags) = (bytes[3], bytes[4])
        guard let type = FrameType(rawValue: type) else {
            return phase == .frames ? .idle : fail(.protocolError)
        }
        switch phase {
        case .settings where type != .settings || flags & 1 != 0: return fail(.protocolError)
        case .continuation where type != .continuation || stream != blockStream: return fail(.protocolError)
        default: return read(type, flags, stream, payload)
        }
    }

    private enum FrameType: UInt8 {
        case data = 0
        case headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate, continuation
    }

    private mutating func fail(_ code: HTTP2Code) -> HTTP2Event {
        phase = .failed
        return .failure(code)
    }

    private mutating func readPreface(_ bytes: UnsafeRawBufferPointer) -> HTTP2Event {
        let preface = Self.preface
        for index in 0..<min(bytes.count, preface.count) where bytes[index] != preface[index] {
            return fail(.protocolError)
        }
        guard bytes.count >= preface.count else { return .needMore }
        consumed = preface.count
        phase = .settings
        return .nothing
    }

    private mutating func read(
        _ type: FrameType, _ flags: UInt8, _ stream: UInt32, _ payload: UnsafeRawBufferPointer
    ) -> HTTP2Event {
        switch type {
        case .data: return readData(flags, stream, payload)
        case .headers: return readHeaders(flags, stream, payload)
        case .continuation: return readContinuation(flags, payload)
        case .windowUpdate: return readWindowUpdate(stream, payload)
        case .reset:
            guard payload.count == 4 else { return fail(.frameSizeError) }
            return stream == 0 ? fail(.protocolError) : .reset(stream: stream)
        case .settings: return readSettings(flags, stream, payload)
        case .ping:
            guard payload.count == 8 else { return fail(.frameSizeError) }
            guard stream == 0 else { return fail(.protocolError) }
            guard flags & 1 == 0 else { return .idle }
            return .ping(UInt64(Self.integer(payload, at: 0)) &<< 32 | UInt64(Self.integer(payload, at: 4)))
        case .goAway:
            guard payload.count >= 8 else { return fail(.frameSizeError) }
            return stream == 0 ? .goAway : fail(.protocolError)
        case .priority:
            guard payload.count == 5 else { return fail(.frameSizeError) }
            return stream == 0 ? fail(.protocolError) : .idle
        case .pushPromise: return fail(.protocolError)
        }
    }

    // MARK: Bodies and windows

    private mutating func readData(
        _ flags: UInt8, _ stream: UInt32, _ payload: UnsafeRawBufferPointer
    ) -> HTTP2Event {
        guard stream != 0, let content = Self.withoutPadding(payload, flags) else { return fail(.protocolError) }
        return .data(
            stream: stream,
            payload: ByteRange(Self.headBytes &+ content.lowerBound, Self.headBytes &+ content.upperBound),
            size: payload.count, endStream: flags & 1 != 0)
    }

    /// Where the content lies in a payload that may be padded.
    private static func withoutPadding(_ payload: UnsafeRawBufferPointer, _ flags: UInt8) -> Range<Int>? {
        guard flags & 8 != 0 else { return 0..<payload.count }
        guard let padding = payload.first, Int(padding) < payload.count else { return nil }
        return 1..<payload.count &- Int(padding)
    }

    private mutating func readWindowUpdate(_ stream: UInt32, _ payload: UnsafeRawBufferPointer) -> HTTP2Event {
        guard payload.count == 4 else { return fail(.frameSizeError) }
        let increment = Int(Self.integer(payload, at: 0) & 0x7fff_ffff)
        if increment > 0 { return .windowUpdate(stream: stream, increment: increment) }
        return stream == 0 ? fail(.protocolError) : .streamFailure(stream: stream, .protocolError)
    }

    // MARK: Header sections

    private mutating func readHeaders(
        _ flags: UInt8, _ stream: UInt32, _ payload: UnsafeRawBufferPointer
    ) -> HTTP2Event {
        // Only clients begin streams here, and theirs are odd (RFC 9113 section 5.1.1).
        guard stream & 1 != 0, let content = Self.withoutPadding(payload, flags) else { return fail(.protocolError) }
        let priority = flags & 0x20 != 0 ? 5 : 0
        guard content.count >= priority else { return fail(.protocolError) }
        let fragment = UnsafeRawBufferPointer(rebasing: payload[content.lowerBound &+ priority..<content.upperBound])
        guard flags & 4 == 0 else { return decode(fragment, stream, endStream: flags & 1 != 0) }
        guard fragment.count <= blockBytes else { return fail(.enhanceYourCalm) }
        block.removeAll(keepingCapacity: true)
        block.append(contentsOf: fragment)
        (blockStream, blockEndsStream, blockFrames) = (stream, flags & 1 != 0, 0)
        phase = .continuation
        return .nothing
    }

    private mutating func readContinuation(_ flags: UInt8, _ fragment: UnsafeRawBufferPointer) -> HTTP2Event {
        guard phase == .continuation else { return fail(.protocolError) }
        blockFrames &+= 1
        guard blockFrames <= Self.continuations, block.count &+ fragment.count <= blockBytes else {
            return fail(.enhanceYourCalm)
        }
        block.append(contentsOf: fragment)
        guard flags & 4 != 0 else { return .nothing }
        phase = .frames
        var whole: [UInt8] = []
        swap(&whole, &block)
        return whole.withUnsafeBytes { decode($0, blockStream, endStream: blockEndsStream) }
    }

    private mutating func decode(
        _ block: UnsafeRawBufferPointer, _ stream: UInt32, endStream: Bool
    ) -> HTTP2Event {
        do throws(HPACKFailure) {
            let outcome = try decoder.decode(block, into: &fields)
            return .head(stream: stream, endStream: endStream, isTooLarge: outcome == .tooLarge)
        } catch {
            return fail(.compressionError)
        }
    }

    // MARK: Settings

    private mutating func readSettings(
        _ flags: UInt8, _ stream: UInt32, _ payload: UnsafeRawBufferPointer
    ) -> HTTP2Event {
        guard stream == 0 else { return fail(.protocolError) }
        guard flags & 1 == 0 else { return payload.isEmpty ? .idle : fail(.frameSizeError) }
        guard payload.count.isMultiple(of: 6) else { return fail(.frameSizeError) }
        if phase == .settings { phase = .frames }
        var settings = HTTP2PeerSettings()
        for start in stride(from: 0, to: payload.count, by: 6) {
            let value = Int(Self.integer(payload, at: start &+ 2))
            switch UInt16(payload[start]) &<< 8 | UInt16(payload[start &+ 1]) {
            case 1: settings.tableBytes = min(settings.tableBytes ?? value, value)
            case 2: guard value <= 1 else { return fail(.protocolError) }
            case 4:
                guard value <= 0x7fff_ffff else { return fail(.flowControlError) }
                settings.initialWindow = value
            case 5: guard (Self.frameBytes...0xff_ffff).contains(value) else { return fail(.protocolError) }
            default: break
            }
        }
        return .settings(settings)
    }

    /// Four bytes, the most significant first.
    @inline(__always)
    private static func integer(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
