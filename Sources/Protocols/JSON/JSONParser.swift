// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension JSONValue {
    /// Reads a JSON text (RFC 8259) strictly: one value, UTF-8 without byte order mark, no name twice in an object,
    /// no lone surrogate, nothing behind the value.
    public init(parsing bytes: UnsafeRawBufferPointer, limits: JSONLimits = .standard) throws(JSONError) {
        var parser = JSONParser(bytes, limits: limits)
        self = try parser.document()
    }

    /// Reads a JSON text from an array; see ``init(parsing:limits:)-(UnsafeRawBufferPointer,_)``.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
        let result: Result<JSONValue, JSONError> = bytes.withUnsafeBytes { bytes in
            Result { () throws(JSONError) in try JSONValue(parsing: bytes, limits: limits) }
        }
        self = try result.get()
    }

    /// Reads a JSON text from a string; see ``init(parsing:limits:)-(UnsafeRawBufferPointer,_)``.
    public init(parsing text: String, limits: JSONLimits = .standard) throws(JSONError) {
        self = try JSONValue(parsing: Array(text.utf8), limits: limits)
    }
}

/// A recursive-descent parser over bytes; the depth limit bounds the recursion.
struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    let limits: JSONLimits
    var position = 0
    private var depth = 0
    private var values = 0

    init(_ bytes: UnsafeRawBufferPointer, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.bytes else { throw error(.tooLarge) }
        skipWhitespace()
        let value = try value()
        skipWhitespace()
        guard position == bytes.count else { throw error(.trailingData) }
        return value
    }

    func error(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: position) }

    /// What is wrong at this position when a certain byte was wanted.
    private func unexpected() -> JSONError { error(position < bytes.count ? .unexpectedByte : .truncated) }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position &+= 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        guard position < bytes.count else { throw error(.truncated) }
        values &+= 1
        guard values <= limits.values else { throw error(.tooManyValues) }
        switch bytes[position] {
        case 0x22: return .string(try string())
        case 0x7b: return try object()
        case 0x5b: return try array()
        case 0x2d, 0x30...0x39: return .number(try number())
        case 0x74: return try literal("true", .bool(true))
        case 0x66: return try literal("false", .bool(false))
        case 0x6e: return try literal("null", .null)
        default: throw error(.unexpectedByte)
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            guard position < bytes.count, bytes[position] == word.utf8Start[index] else { throw unexpected() }
            position &+= 1
        }
        return value
    }

    private mutating func enter() throws(JSONError) {
        depth &+= 1
        guard depth <= limits.depth else { throw error(.tooDeep) }
        position &+= 1
        skipWhitespace()
    }

    /// Passes a byte when it is next.
    private mutating func pass(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position &+= 1
        return true
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        if !pass(0x5d) {
            while true {
                elements.append(try value())
                skipWhitespace()
                if pass(0x5d) { break }
                guard pass(0x2c) else { throw unexpected() }
                skipWhitespace()
            }
        }
        depth &-= 1
        return .array(elements)
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        try enter()
        var members: [JSONObject.Member] = []
        if !pass(0x7d) {
            while true {
                guard position < bytes.count, bytes[position] == 0x22 else { throw unexpected() }
                let name = try string()
                skipWhitespace()
                guard pass(0x3a) else { throw unexpected() }
                skipWhitespace()
                members.append(JSONObject.Member(name: name, value: try value()))
                skipWhitespace()
                if pass(0x7d) { break }
                guard pass(0x2c) else { throw unexpected() }
                skipWhitespace()
            }
        }
        depth &-= 1
        guard let object = JSONObject(sorting: members) else { throw error(.duplicateName) }
        return .object(object)
    }
}
