// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What stands between `%` and the verb of a directive of `sprintf`.
struct FormatDirective {
    var width: Int?
    var precision: Int?
    var hasMinus = false
    var hasPlus = false
    var hasSharp = false
    var hasSpace = false
    var hasZero = false
}

/// The text that `sprintf` makes, directive by directive.
struct FormatOutput {
    private(set) var bytes: [UInt8] = []
    private let context: BuiltinContext
    var directive = FormatDirective()

    init(_ context: BuiltinContext) {
        self.context = context
    }

    mutating func append(_ text: some Sequence<UInt8>) {
        bytes += text
    }

    mutating func append(_ text: String) {
        bytes += text.utf8
    }

    /// Refuses texts that became too long.
    func check(adding count: Int = 0) throws(BuiltinFailure) {
        try context.charge(1 &+ count / 64)
        if bytes.count &+ count > context.limits.stringBytes { throw .limit(.string) }
    }

    private mutating func appendPadding(_ count: Int) throws(BuiltinFailure) {
        guard count > 0 else { return }
        try check(adding: count)
        let byte: UInt8 = directive.hasZero && !directive.hasMinus ? 0x30 : 0x20
        bytes += repeatElement(byte, count: count)
    }

    /// Appends a text and fills it up to the width, which counts characters.
    mutating func pad(_ text: [UInt8]) throws(BuiltinFailure) {
        try check(adding: text.count)
        guard let width = directive.width else { return bytes += text }
        let missing = width &- text.withUnsafeBufferPointer { UTF8Text.scalarCount($0) }
        if !directive.hasMinus { try appendPadding(missing) }
        bytes += text
        if directive.hasMinus { try appendPadding(missing) }
    }

    /// Appends digits of a number with sign, prefix and leading zeros.
    mutating func pad(
        digits: [UInt8], isNegative: Bool, prefix: [UInt8], zeros: Int
    ) throws(BuiltinFailure) {
        try check(adding: max(zeros, 0) &+ digits.count)
        var text: [UInt8] = []
        if isNegative {
            text.append(0x2D)
        } else if directive.hasPlus {
            text.append(0x2B)
        } else if directive.hasSpace {
            text.append(0x20)
        }
        text += prefix
        text += repeatElement(0x30, count: max(zeros, 0))
        text += digits
        let saved = directive.hasZero
        directive.hasZero = false
        try pad(text)
        directive.hasZero = saved
    }

    /// Appends a text with a sign, whose zeros stand between sign and digits.
    mutating func pad(float text: [UInt8], isNegative: Bool) throws(BuiltinFailure) {
        let sign: UInt8? = isNegative ? 0x2D : (directive.hasPlus ? 0x2B : (directive.hasSpace ? 0x20 : nil))
        guard let sign else { return try pad(text) }
        if directive.hasZero, !directive.hasMinus, let width = directive.width, width > text.count &+ 1 {
            bytes.append(sign)
            try appendPadding(width &- text.count &- 1)
            bytes += text
            return
        }
        try pad([sign] + text)
    }
}
