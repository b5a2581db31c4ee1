// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The reading of one JSON text.
struct JSONScan {
    private let bytes: UnsafePointer<UInt8>
    private let end: Int
    private let symbols: SymbolTable.View
    private let limits: Limits
    private var position = 0
    private var nodesLeft: Int
    /// Where strings with escapes are put together; grown as needed.
    private let scratch: UnsafeMutablePointer<UnsafeMutableBufferPointer<UInt8>>

    init(
        _ bytes: UnsafePointer<UInt8>, count: Int, symbols: SymbolTable.View, limits: Limits,
        scratch: UnsafeMutablePointer<UnsafeMutableBufferPointer<UInt8>>
    ) {
        self.bytes = bytes
        end = count
        self.symbols = symbols
        self.limits = limits
        self.scratch = scratch
        nodesLeft = limits.inputNodes
    }

    /// The next byte that is no white space, not consumed; 0 at the end.
    @inline(__always)
    private mutating func next() -> UInt8 {
        while position < end {
            let byte = bytes[position]
            if byte > 0x20 { return byte }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position &+= 1
        }
        return 0
    }

    /// What is wrong at the position.
    @inline(never)
    private func failure(_ problem: (UInt8) -> JSONProblem) -> JSONFailure {
        position < end ? .malformed(at: position, problem(bytes[position])) : .malformed(at: end, .unexpectedEnd)
    }

    /// Refuses what follows the value.
    mutating func finish() throws(JSONFailure) {
        _ = next()
        if position < end { throw failure(JSONProblem.afterValue) }
    }

    mutating func value(depth: Int, _ heap: Heap) throws(JSONFailure) -> Value {
        let byte = next()
        nodesLeft &-= 1
        if nodesLeft < 0 { throw .limit(.input) }
        switch byte {
        case 0x22: return try string(heap)
        case 0x7B: return try object(depth: depth, heap)
        case 0x5B: return try array(depth: depth, heap)
        case 0x74: return try literal("true", .boolean(true))
        case 0x66: return try literal("false", .boolean(false))
        case 0x6E: return try literal("null", .null)
        case 0x2D, 0x30...0x39: return try number(heap)
        default: throw failure(JSONProblem.value)
        }
    }

    private mutating func object(depth: Int, _ heap: Heap) throws(JSONFailure) -> Value {
        if depth <= 0 { throw .limit(.depth) }
        position &+= 1
        let object = heap.emptyObject()
        if next() == 0x7D {
            position &+= 1
            return object
        }
        while true {
            guard next() == 0x22 else { throw failure(JSONProblem.key) }
            let key = try string(heap)
            guard next() == 0x3A else { throw failure(JSONProblem.afterKey) }
            position &+= 1
            heap.update(key, to: try value(depth: depth &- 1, heap), in: object)
            let byte = next()
            if byte == 0x2C {
                position &+= 1
            } else if byte == 0x7D {
                position &+= 1
                return object
            } else {
                throw failure(JSONProblem.afterMember)
            }
        }
    }

    private mutating func array(depth: Int, _ heap: Heap) throws(JSONFailure) -> Value {
        if depth <= 0 { throw .limit(.depth) }
        position &+= 1
        let array = heap.emptyArray()
        if next() == 0x5D {
            position &+= 1
            return array
        }
        while true {
            heap.append(try value(depth: depth &- 1, heap), to: array)
            let byte = next()
            if byte == 0x2C {
                position &+= 1
            } else if byte == 0x5D {
                position &+= 1
                return array
            } else {
                throw failure(JSONProblem.afterElement)
            }
        }
    }

    private mutating func literal(_ text: StaticString, _ value: Value) throws(JSONFailure) -> Value {
        let start = text.utf8Start
        for offset in 0..<text.utf8CodeUnitCount {
            guard position < end, bytes[position] == start[offset] else { throw failure(JSONProblem.literal) }
            position &+= 1
        }
        return value
    }

    private mutating func number(_ heap: Heap) throws(JSONFailure) -> Value {
        let start = position
        var result: UInt64 = 0
        var cursor = bytes[start] == 0x2D ? start &+ 1 : start
        let firstDigit = cursor
        while cursor < end {
            let digit = bytes[cursor] &- 0x30
            if digit > 9 { break }
            result = result &* 10 &+ UInt64(digit)
            cursor &+= 1
        }
        let digits = cursor &- firstDigit
        let isPlain = cursor == end || (bytes[cursor] != 0x2E && bytes[cursor] | 0x20 != 0x65)
        if isPlain, digits > 0, digits <= 18, digits == 1 || bytes[firstDigit] != 0x30,
            firstDigit == start || result != 0
        {
            position = cursor
            let integer = Int64(truncatingIfNeeded: result)
            return .integer(firstDigit == start ? integer : 0 &- integer)
        }
        return try longNumber(from: start, heap)
    }

    @inline(never)
    private mutating func longNumber(from start: Int, _ heap: Heap) throws(JSONFailure) -> Value {
        let rest = UnsafeBufferPointer(start: bytes, count: end)
        guard let stop = NumberText.end(of: rest, from: start) else {
            position = start &+ 1
            while position < end, isNumberByte(bytes[position]) { position &+= 1 }
            throw failure(JSONProblem.number)
        }
        position = stop
        if stop < end, isNumberByte(bytes[stop]) { throw failure(JSONProblem.afterValue) }
        let text = UnsafeBufferPointer(rebasing: rest[start..<stop])
        do {
            try NumberText.check(text, limits: limits)
        } catch {
            throw .limit(.number)
        }
        return heap.number(text)
    }

    private func isNumberByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || byte == 0x2E || byte | 0x20 == 0x65 || byte == 0x2B || byte == 0x2D
    }
}

extension JSONScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Reads a string whose opening quotation mark is next.
    @inline(__always)
    private mutating func string(_ heap: Heap) throws(JSONFailure) -> Value {
        position &+= 1
        let start = position
        while position &+ 8 <= end {
            let word = UnsafeRawPointer(bytes + position).loadUnaligned(as: UInt64.self)
            let quote = word ^ (JSONScan.ones &* 0x22)
            let backslash = word ^ (JSONScan.ones &* 0x5C)
            var special = (quote &- JSONScan.ones) & ~quote
            special |= (backslash &- JSONScan.ones) & ~backslash
            special |= (word &- JSONScan.ones &* 0x20) & ~word
            special = (special | word) & JSONScan.highs
            if special == 0 {
                position &+= 8
                continue
            }
            position &+= UInt64(littleEndian: special).trailingZeroBitCount >> 3
            break
        }
        while position < end {
            let byte = bytes[position]
            if byte == 0x22 {
                let text = UnsafeBufferPointer(start: bytes + start, count: position &- start)
                position &+= 1
                return string(of: text, heap)
            }
            if byte == 0x5C || byte < 0x20 || byte >= 0x80 { break }
            position &+= 1
        }
        return try specialString(from: start, heap)
    }

    @inline(__always)
    private func string(of text: UnsafeBufferPointer<UInt8>, _ heap: Heap) -> Value {
        let hash = StringHash.hash(text, seed: heap.seed)
        if text.count <= 64, let symbol = symbols.find(text, hash: hash) { return symbol }
        return heap.storeText(text, tag: .string, hash: hash)
    }

    /// Goes on with a string that has something else than plain ASCII at the position.
    @inline(never)
    private mutating func specialString(from start: Int, _ heap: Heap) throws(JSONFailure) -> Value {
        var hasEscapes = false
        var hasOthers = false
        while true {
            guard position < end else { throw failure(JSONProblem.stringCharacter) }
            let byte = bytes[position]
            if byte == 0x22 { break }
            if byte < 0x20 { throw failure(JSONProblem.stringCharacter) }
            if byte >= 0x80 { hasOthers = true }
            position &+= 1
            if byte == 0x5C {
                hasEscapes = true
                try escape()
            }
        }
        let text = UnsafeBufferPointer(start: bytes + start, count: position &- start)
        position &+= 1
        if !hasEscapes && (!hasOthers || UTF8Text.isValid(text)) { return string(of: text, heap) }
        if scratch.pointee.count < text.count &* 3 {
            scratch.pointee.deallocate()
            scratch.pointee = .allocate(capacity: text.count &* 3)
        }
        let count = JSONScan.unescape(text, into: scratch.pointee)
        return string(of: UnsafeBufferPointer(rebasing: scratch.pointee[..<count]), heap)
    }

    /// Checks what follows a backslash.
    private mutating func escape() throws(JSONFailure) {
        guard position < end else { throw failure(JSONProblem.escape) }
        switch bytes[position] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74:
            position &+= 1
        case 0x75:
            position &+= 1
            for _ in 0..<4 {
                guard position < end, JSONScan.hexadecimal(bytes[position]) != nil else {
                    throw failure(JSONProblem.escape)
                }
                position &+= 1
            }
        default:
            throw failure(JSONProblem.escape)
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte &- 0x30)
        case 0x41...0x46: UInt32(byte &- 0x37)
        case 0x61...0x66: UInt32(byte &- 0x57)
        default: nil
        }
    }

    /// The code unit of `\uXXXX` at a position; nil if there is none.
    private static func codeUnit(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> UInt32? {
        guard position &+ 6 <= text.count, text[position] == 0x5C, text[position &+ 1] == 0x75 else { return nil }
        var result: UInt32 = 0
        for offset in 2..<6 { result = result << 4 | (hexadecimal(text[position &+ offset]) ?? 0) }
        return result
    }

    /// Writes what the contents of a string mean, whose escapes were checked; at most three times as many bytes.
    private static func unescape(
        _ text: UnsafeBufferPointer<UInt8>, into buffer: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var position = 0
        var count = 0
        func put(_ scalar: UInt32) {
            count &+= UTF8Text.encode(scalar, into: buffer, at: count)
        }
        while position < text.count {
            let byte = text[position]
            if byte >= 0x80 {
                let length = UTF8Text.length(text, at: position)
                if length == 0 {
                    put(0xFFFD)
                    position &+= 1
                } else {
                    for offset in 0..<length { buffer[count &+ offset] = text[position &+ offset] }
                    count &+= length
                    position &+= length
                }
            } else if byte != 0x5C || position &+ 1 >= text.count {
                buffer[count] = byte
                count &+= 1
                position &+= 1
            } else if let unit = codeUnit(text, at: position) {
                position &+= 6
                guard unit >> 11 == 0x1B else {
                    put(unit)
                    continue
                }
                if unit < 0xDC00, let low = codeUnit(text, at: position), low >> 10 == 0x37 {
                    position &+= 6
                    put(0x10000 &+ (unit & 0x3FF) << 10 &+ (low & 0x3FF))
                } else {
                    put(0xFFFD)
                }
            } else {
                let escaped = text[position &+ 1]
                position &+= 2
                switch escaped {
                case 0x62: put(0x08)
                case 0x66: put(0x0C)
                case 0x6E: put(0x0A)
                case 0x72: put(0x0D)
                case 0x74: put(0x09)
                default: put(UInt32(escaped))
                }
            }
        }
        return count
    }
}
