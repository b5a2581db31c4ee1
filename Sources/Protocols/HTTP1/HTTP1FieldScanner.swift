// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads field lines up to and including the empty line, in one pass, stopping and going on at any byte.
///
/// Used for heads of requests and responses and for trailer sections.
struct HTTP1FieldScanner {
    /// How a scan went.
    enum Outcome {
        /// All bytes are read; more are needed.
        case needMore
        /// The empty line is read; `position` is behind it.
        case complete
        /// The message is refused.
        case refused(HTTP1RefusalReason)
    }

    private enum State {
        case lineStart
        case name
        case leadingWhitespace
        case value
        case valueEnd
        case sectionEnd
    }

    /// The next byte to read, relative to the start of the message.
    private(set) var position = 0
    private var state = State.lineStart
    private var lineStart = 0
    private var nameEnd = 0
    private var valueStart = 0
    private var hasUnderscore = false

    /// Starts at the first byte of the first field line.
    init(at position: Int = 0) {
        self.position = position
        lineStart = position
    }

    /// Reads on. `sectionLimit` is the position at which the section must have ended.
    mutating func scan(
        _ bytes: UnsafeRawBufferPointer, into fields: inout HTTP1Fields, section: HTTP1Fields.Section,
        sectionLimit: Int, limits: HTTP1Limits
    ) -> Outcome {
        guard let base = bytes.baseAddress else { return .needMore }
        while true {
            let hardEnd = min(lineStart &+ limits.fieldLineBytes, sectionLimit)
            let end = min(bytes.count, hardEnd)
            guard position < end else {
                guard position >= hardEnd else { return .needMore }
                return .refused(section == .trailer ? .trailerTooLarge : .headTooLarge)
            }
            // A whole line falls through from state to state; a line that ends early comes back to where it stopped.
            switch state {
            case .lineStart:
                if let refusal = startLine(base, fields) { return .refused(refusal) }
                guard state == .name else { continue }
                fallthrough
            case .name:
                if let refusal = readName(base, to: end) { return .refused(refusal) }
                guard state == .leadingWhitespace else { continue }
                fallthrough
            case .leadingWhitespace:
                while position < end, Self.isWhitespace(base[position]) { position &+= 1 }
                guard position < end else { continue }
                valueStart = position
                state = .value
                fallthrough
            case .value:
                position = ByteScan.firstControl(base, from: position, to: end)
                guard position < end else { continue }
                let byte = base[position]
                position &+= 1
                guard byte == 0x0d else {
                    guard byte == 0x09 else { return .refused(Self.control(byte)) }
                    continue
                }
                state = .valueEnd
                guard position < end else { continue }
                fallthrough
            case .valueEnd:
                guard base[position] == 0x0a else { return .refused(.bareCarriageReturn) }
                position &+= 1
                let field = field(base)
                if let refusal = fields.register(field, in: bytes, section: section, limits: limits) {
                    return .refused(refusal)
                }
                lineStart = position
                state = .lineStart
            case .sectionEnd:
                guard base[position] == 0x0a else { return .refused(.bareCarriageReturn) }
                position &+= 1
                return .complete
            }
        }
    }

    private mutating func startLine(_ base: UnsafeRawPointer, _ fields: borrowing HTTP1Fields) -> HTTP1RefusalReason? {
        switch base[position] {
        case 0x0d:
            position &+= 1
            state = .sectionEnd
            return nil
        case 0x0a: return .bareLineFeed
        case 0x20, 0x09: return fields.all.isEmpty ? .whitespaceBeforeFirstField : .obsoleteFold
        default:
            hasUnderscore = false
            state = .name
            return nil
        }
    }

    private mutating func readName(_ base: UnsafeRawPointer, to end: Int) -> HTTP1RefusalReason? {
        var index = position
        while index < end {
            let byte = base[index]
            guard ByteSet.token.contains(byte) else { break }
            if byte == 0x5f { hasUnderscore = true }
            index &+= 1
        }
        position = index
        guard index < end else { return nil }
        switch base[index] {
        case 0x3a:
            guard index > lineStart else { return .badFieldName }
            nameEnd = index
            position = index &+ 1
            state = .leadingWhitespace
            return nil
        case 0x20, 0x09: return .whitespaceBeforeColon
        case 0x00: return .nulByte
        case 0x0a: return .bareLineFeed
        default: return .badFieldName
        }
    }

    /// The field of the line that ends at `position`.
    private func field(_ base: UnsafeRawPointer) -> HTTP1Field {
        let lineEnd = position &- 2
        var valueEnd = lineEnd
        while valueEnd > valueStart, Self.isWhitespace(base[valueEnd &- 1]) { valueEnd &-= 1 }
        let name = UnsafeRawBufferPointer(start: base + lineStart, count: nameEnd &- lineStart)
        return HTTP1Field(
            nameStart: UInt32(truncatingIfNeeded: lineStart), valueStart: UInt32(truncatingIfNeeded: valueStart),
            valueCount: UInt32(truncatingIfNeeded: valueEnd &- valueStart),
            nameCount: UInt16(truncatingIfNeeded: name.count),
            knownName: HTTP1FieldName.classify(name, hasUnderscore: hasUnderscore),
            isCanonicalLine: valueEnd == lineEnd && valueStart == nameEnd &+ 2 && base[nameEnd &+ 1] == 0x20)
    }

    @inline(__always)
    private static func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func control(_ byte: UInt8) -> HTTP1RefusalReason {
        switch byte {
        case 0x0a: .bareLineFeed
        case 0x00: .nulByte
        default: .badFieldValue
        }
    }
}

extension UnsafeRawPointer {
    /// The byte at an offset that the caller has compared with the end.
    @inline(__always)
    subscript(offset: Int) -> UInt8 { load(fromByteOffset: offset, as: UInt8.self) }
}
