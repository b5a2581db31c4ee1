// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `sprintf` with the verbs and flags of Go's `fmt`.
struct StringFormatter {
    private let format: UnsafeBufferPointer<UInt8>
    private let operands: [FormatOperand]
    private var output: FormatOutput
    private var position = 0
    private var next = 0
    private var isReordered = false
    private var hasGoodNumber = true

    /// Widths and precisions up to this are obeyed.
    private static let numberLimit = 1_000_000

    init(
        _ format: UnsafeBufferPointer<UInt8>, _ values: ValueList, _ context: BuiltinContext
    ) throws(BuiltinFailure) {
        self.format = format
        var operands: [FormatOperand] = []
        for value in values { operands.append(try FormatOperand(value, context)) }
        self.operands = operands
        output = FormatOutput(context)
    }

    /// The whole text.
    mutating func text() throws(BuiltinFailure) -> [UInt8] {
        while position < format.count {
            let start = position
            while position < format.count, format[position] != 0x25 { position &+= 1 }
            output.append(format[start..<position])
            try output.check()
            guard position < format.count else { break }
            position &+= 1
            try directive()
        }
        if !isReordered, next < operands.count { try extra() }
        return output.bytes
    }

    private mutating func extra() throws(BuiltinFailure) {
        output.directive = FormatDirective()
        output.append("%!(EXTRA ")
        for (number, operand) in operands[next...].enumerated() {
            if number > 0 { output.append(", ") }
            output.append(operand.typeName + "=")
            try write(operand, 0x76, isNested: true)
        }
        output.append(")")
    }

    private var byte: UInt8 { position < format.count ? format[position] : 0 }

    private mutating func directive() throws(BuiltinFailure) {
        output.directive = FormatDirective()
        hasGoodNumber = true
        readFlags()
        var afterIndex = readIndex()
        if byte == 0x2A {
            position &+= 1
            if let width = starOperand() {
                output.directive.width = abs(width)
                if width < 0 {
                    output.directive.hasMinus = true
                    output.directive.hasZero = false
                }
            } else {
                output.append("%!(BADWIDTH)")
            }
            afterIndex = false
        } else {
            output.directive.width = number()
            if afterIndex, output.directive.width != nil { hasGoodNumber = false }
        }
        if byte == 0x2E {
            position &+= 1
            if afterIndex { hasGoodNumber = false }
            afterIndex = readIndex()
            if byte == 0x2A {
                position &+= 1
                let precision = starOperand()
                if let precision, precision >= 0 {
                    output.directive.precision = precision
                } else if precision == nil {
                    output.append("%!(BADPREC)")
                }
                afterIndex = false
            } else {
                output.directive.precision = number() ?? 0
            }
        }
        if !afterIndex { _ = readIndex() }
        try verb()
    }

    private mutating func readFlags() {
        while position < format.count {
            switch format[position] {
            case 0x23: output.directive.hasSharp = true
            case 0x30: output.directive.hasZero = true
            case 0x2B: output.directive.hasPlus = true
            case 0x2D: output.directive.hasMinus = true
            case 0x20: output.directive.hasSpace = true
            default: return
            }
            position &+= 1
        }
    }

    /// A number in the format; one that is too large leads to the end of it.
    private mutating func number() -> Int? {
        var result: Int?
        while position < format.count, format[position] &- 0x30 < 10 {
            let value = (result ?? 0) &* 10 &+ Int(format[position] &- 0x30)
            if value > StringFormatter.numberLimit {
                position = format.count
                return nil
            }
            result = value
            position &+= 1
        }
        return result
    }

    /// Reads `[3]`, which says which operand is next.
    private mutating func readIndex() -> Bool {
        guard byte == 0x5B else { return false }
        isReordered = true
        guard let end = format[position...].firstIndex(of: 0x5D) else {
            hasGoodNumber = false
            position &+= 1
            return false
        }
        position &+= 1
        let index = number()
        let isComplete = position == end
        position = end &+ 1
        guard isComplete, let index, index >= 1, index <= operands.count else {
            hasGoodNumber = false
            return isComplete && index != nil
        }
        next = index &- 1
        return true
    }

    /// The operand that `*` takes as a width or a precision.
    private mutating func starOperand() -> Int? {
        guard next < operands.count else { return nil }
        let operand = operands[next]
        next &+= 1
        guard case .integer(let value) = operand, value.magnitude <= StringFormatter.numberLimit else { return nil }
        return Int(value)
    }

    private mutating func verb() throws(BuiltinFailure) {
        guard position < format.count else { return output.append("%!(NOVERB)") }
        let length = max(UTF8Text.length(format, at: position), 1)
        let verb = QuotedText.scalar(format, at: position, length: length)
        let name = Array(format[position..<position &+ length])
        position &+= length
        if verb == 0x25 {
            output.append([0x25])
        } else if !hasGoodNumber {
            output.append([0x25, 0x21] + name)
            output.append("(BADINDEX)")
        } else if next >= operands.count {
            output.append([0x25, 0x21] + name)
            output.append("(MISSING)")
        } else {
            let operand = operands[next]
            next &+= 1
            try write(operand, verb)
        }
    }

    /// Writes an operand as a verb says.
    private mutating func write(_ operand: FormatOperand, _ verb: UInt32, isNested: Bool = false) throws(BuiltinFailure)
    {
        // %T
        if verb == 0x54 { return try output.pad(Array(operand.typeName.utf8)) }
        let isKnown =
            switch operand {
            case .integer(let value): try output.write(value, verb)
            case .big(let value): try output.write(value, verb)
            case .float(let value): try output.write(value, verb)
            case .string(let value): try output.write(value, verb)
            }
        if isKnown || isNested { return }
        output.append("%!")
        var name: [UInt8] = []
        name.append(scalar: verb)
        output.append(name)
        if case .big(let value) = operand {
            output.append("(big.Int=")
            output.append(value.text)
        } else {
            output.append("(" + operand.typeName + "=")
            try write(operand, 0x76, isNested: true)
        }
        output.append(")")
    }
}
