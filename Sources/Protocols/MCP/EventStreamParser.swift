// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Limits on an event stream.
public struct EventStreamLimits: Sendable, Hashable {
    /// Bytes of the data of one event, and of one line.
    public let eventBytes: Int
    /// Bytes of the whole stream.
    public let streamBytes: Int
    /// Events of the whole stream.
    public let events: Int
    /// Bytes between two events with data: comments, empty lines and fields without meaning.
    public let idleBytes: Int

    /// Limits with the given values.
    public init(
        eventBytes: Int = 1 << 20, streamBytes: Int = 32 << 20, events: Int = 100_000, idleBytes: Int = 64 << 10
    ) {
        self.eventBytes = max(eventBytes, 1)
        self.streamBytes = max(streamBytes, 1)
        self.events = max(events, 1)
        self.idleBytes = max(idleBytes, 64)
    }

    /// The default limits.
    public static let standard = EventStreamLimits()
}

/// One event of a stream.
public struct EventStreamEvent: Sendable {
    /// The data, its lines joined by LF; empty when there is none.
    public var data: [UInt8] = []
    /// The identifier behind which a stream may be resumed.
    public var id: String?
    /// Milliseconds to wait before a stream is opened again.
    public var retry: UInt64?
    /// The type, where it has one of its own.
    public var type: String?

    /// An event.
    public init(data: [UInt8] = [], id: String? = nil, retry: UInt64? = nil, type: String? = nil) {
        self.data = data
        self.id = id
        self.retry = retry
        self.type = type
    }

    /// The event in the form in which it is sent.
    public var bytes: [UInt8] {
        var output: [UInt8] = []
        if let type { output += Array("event: \(type)\n".utf8) }
        if let id { output += Array("id: \(id)\n".utf8) }
        if let retry { output += Array("retry: \(retry)\n".utf8) }
        for line in data.split(separator: 0x0a, omittingEmptySubsequences: false) {
            output += Array("data: ".utf8) + line + [0x0a]
        }
        output.append(0x0a)
        return output
    }
}

/// Reads `text/event-stream` (WHATWG HTML section 9.2.6) as its bytes arrive, in bounded memory.
///
/// Comments and fields that the standard ignores are ignored, but they count. An event with a type of its own is
/// refused where types are not allowed: MCP has none.
public struct EventStreamParser: Sendable {
    private let limits: EventStreamLimits
    private let allowsTypes: Bool
    private var line: [UInt8] = []
    private var utf8 = UTF8Check()
    private var event = EventStreamEvent()
    private var hasData = false
    private var hasType = false
    private var followsReturn = false
    private var isFirstLine = true
    private var streamBytes = 0
    private var idleBytes = 0
    private var events = 0
    private var failure: EventStreamError?

    /// A parser at the start of a stream.
    ///
    /// - Parameter allowsTypes: Whether an event may have a type other than `message`.
    public init(limits: EventStreamLimits = .standard, allowsTypes: Bool = false) {
        self.limits = limits
        self.allowsTypes = allowsTypes
    }

    /// Takes the next bytes and gives the events that they complete. After an error nothing is read any more.
    public mutating func feed(_ bytes: [UInt8]) throws(EventStreamError) -> [EventStreamEvent] {
        if let failure { throw failure }
        var output: [EventStreamEvent] = []
        do throws(EventStreamError) {
            for byte in bytes { try take(byte, &output) }
        } catch {
            failure = error
            throw error
        }
        return output
    }

    /// Ends the stream. What follows the last empty line is lost, which is an error when it held data.
    public mutating func end() throws(EventStreamError) {
        if let failure { throw failure }
        guard !hasData, line.isEmpty, utf8.isComplete else { throw .truncated }
    }

    private mutating func take(_ byte: UInt8, _ output: inout [EventStreamEvent]) throws(EventStreamError) {
        streamBytes &+= 1
        idleBytes &+= 1
        guard streamBytes <= limits.streamBytes else { throw .streamTooLarge }
        guard utf8.take(byte) else { throw .invalidUTF8 }
        let completesPair = followsReturn && byte == 0x0a
        followsReturn = byte == 0x0d
        if completesPair { return }
        if byte == 0x0d || byte == 0x0a {
            try endLine(&output)
            line.removeAll(keepingCapacity: true)
        } else {
            guard line.count < limits.eventBytes &+ 16 else { throw .lineTooLong }
            line.append(byte)
        }
        guard isDataLine || idleBytes <= limits.idleBytes else { throw .tooMuchIdling }
    }

    private var isDataLine: Bool { line.starts(with: "data".utf8) }

    private mutating func endLine(_ output: inout [EventStreamEvent]) throws(EventStreamError) {
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xef, 0xbb, 0xbf]) { throw .badCharacter }
        }
        guard let first = line.first else {
            try dispatch(&output)
            return
        }
        if first == 0x3a { return }
        let colon = line.firstIndex(of: 0x3a) ?? line.count
        var value = line[min(colon &+ 1, line.count)...]
        if value.first == 0x20 { value.removeFirst() }
        let name = line[..<colon]
        if name.elementsEqual("data".utf8) {
            guard event.data.count &+ value.count < limits.eventBytes else { throw .eventTooLarge }
            if hasData { event.data.append(0x0a) }
            event.data.append(contentsOf: value)
            hasData = true
            if !value.isEmpty { idleBytes = 0 }
        } else if name.elementsEqual("event".utf8) {
            guard !hasType else { throw .badField }
            hasType = true
            if value.isEmpty || value.elementsEqual("message".utf8) { return }
            guard allowsTypes else { throw .unknownEvent }
            guard value.count <= 128 else { throw .badField }
            guard value.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw .badCharacter }
            event.type = String(decoding: value, as: UTF8.self)
        } else if name.elementsEqual("id".utf8) {
            guard event.id == nil, value.count <= 1024 else { throw .badField }
            guard !value.contains(0) else { throw .badCharacter }
            event.id = String(decoding: value, as: UTF8.self)
        } else if name.elementsEqual("retry".utf8) {
            guard event.retry == nil else { throw .badField }
            event.retry = value.withUnsafeBytes { ByteScan.decimal($0) }
        }
    }

    private mutating func dispatch(_ output: inout [EventStreamEvent]) throws(EventStreamError) {
        defer {
            event = EventStreamEvent()
            hasData = false
            hasType = false
        }
        guard hasData || event.id != nil || event.retry != nil else { return }
        events &+= 1
        guard events <= limits.events else { throw .tooManyEvents }
        output.append(event)
    }
}
