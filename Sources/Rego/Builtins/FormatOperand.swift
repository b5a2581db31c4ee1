// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What `sprintf` formats: a value as Go would hold it.
enum FormatOperand {
    case integer(Int64)
    case big(BigInteger)
    case float(Double)
    case string([UInt8])

    init(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) {
        switch value.tag {
        case .integer: self = .integer(value.immediate)
        case .decimal:
            let text = value.utf8
            if text.allSatisfy({ $0 == 0x2D || $0 &- 0x30 < 10 }) {
                guard let integer = try context.integer(value) else {
                    self = .string(Array(text))
                    return
                }
                self = integer.int64.map { .integer($0) } ?? .big(integer)
            } else if let double = Double(value.string), double.isFinite {
                self = .float(double)
            } else {
                self = .string(Array(text))
            }
        case .string: self = .string(Array(value.utf8))
        default:
            var printer = RegoPrinter(byteLimit: context.limits.stringBytes)
            try printer.write(value)
            self = .string(printer.bytes)
        }
    }

    /// What Go calls its type.
    var typeName: String {
        switch self {
        case .integer: "int"
        case .big: "*big.Int"
        case .float: "float64"
        case .string: "string"
        }
    }
}
