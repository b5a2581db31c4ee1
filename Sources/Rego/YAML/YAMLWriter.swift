// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CYaml

/// Writes values as YAML the way Go's library does: members sorted with numbers in their order, sequences in mappings not
/// indented, strings quoted where they would be read as something else.
struct YAMLWriter {
    /// Where the emitter puts its bytes; its address must stay the same.
    private final class Output {
        var bytes: [UInt8] = []
        let limit: Int

        init(limit: Int) {
            self.limit = limit
        }
    }

    private let context: BuiltinContext
    private var emitter = yaml_emitter_t()

    /// The YAML of a value.
    static func bytes(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> [UInt8] {
        let output = Output(limit: context.limits.stringBytes)
        var writer = YAMLWriter(context: context)
        guard yaml_emitter_initialize(&writer.emitter) == 1 else { throw .limit(.memory) }
        defer { yaml_emitter_delete(&writer.emitter) }
        yaml_emitter_set_unicode(&writer.emitter, 1)
        yaml_emitter_set_output(
            &writer.emitter,
            { target, buffer, count in
                guard let target, let buffer else { return 0 }
                let output = Unmanaged<Output>.fromOpaque(target).takeUnretainedValue()
                guard output.bytes.count &+ count <= output.limit else { return 0 }
                output.bytes.append(contentsOf: UnsafeBufferPointer(start: buffer, count: count))
                return 1
            }, Unmanaged.passUnretained(output).toOpaque())
        try withExtendedLifetime(output) { () throws(BuiltinFailure) in try writer.document(value) }
        return output.bytes
    }

    private init(context: BuiltinContext) {
        self.context = context
    }

    private mutating func document(_ value: Value) throws(BuiltinFailure) {
        var event = yaml_event_t()
        yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)
        try emit(&event)
        yaml_document_start_event_initialize(&event, nil, nil, nil, 1)
        try emit(&event)
        try write(value, depth: 0)
        yaml_document_end_event_initialize(&event, 1)
        try emit(&event)
        yaml_stream_end_event_initialize(&event)
        try emit(&event)
    }

    private mutating func emit(_ event: inout yaml_event_t) throws(BuiltinFailure) {
        try context.charge(1)
        guard yaml_emitter_emit(&emitter, &event) == 1 else {
            throw emitter.error == YAML_WRITER_ERROR ? .limit(.string) : .limit(.memory)
        }
    }

    private mutating func write(_ value: Value, depth: Int) throws(BuiltinFailure) {
        if depth > 1000 { throw .limit(.depth) }
        var event = yaml_event_t()
        switch value.tag {
        case .undefined, .document, .null: try write(scalar: Array("null".utf8), YAML_PLAIN_SCALAR_STYLE)
        case .false, .true: try write(scalar: Array((value.isTrue ? "true" : "false").utf8), YAML_PLAIN_SCALAR_STYLE)
        case .integer, .decimal: try write(scalar: number(value), YAML_PLAIN_SCALAR_STYLE)
        case .string: try write(string: Array(value.utf8))
        case .array, .set:
            let style = value.count == 0 ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
            yaml_sequence_start_event_initialize(&event, nil, nil, 1, style)
            try emit(&event)
            for element in value.elements { try write(element, depth: depth &+ 1) }
            yaml_sequence_end_event_initialize(&event)
            try emit(&event)
        case .object:
            let style = value.count == 0 ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE
            yaml_mapping_start_event_initialize(&event, nil, nil, 1, style)
            try emit(&event)
            let members = value.members.map { (key: key($0.key), value: $0.value) }
            for member in members.sorted(by: { NaturalOrder.precedes($0.key, $1.key) }) {
                try write(string: member.key)
                try write(member.value, depth: depth &+ 1)
            }
            yaml_mapping_end_event_initialize(&event)
            try emit(&event)
        }
    }

    private func key(_ key: Value) -> [UInt8] {
        key.isString ? Array(key.utf8) : JSONWriter.bytes(key)
    }

    /// Numbers went through JSON before: those that are no integers of 64 bits are binary floating point.
    private func number(_ value: Value) -> [UInt8] {
        switch YAMLResolver.plain(value.numberText) {
        case .integer(let digits): digits
        case .float(let number): Array(GoFloat.text(number, form: .general).utf8)
        default: value.numberText
        }
    }

    private mutating func write(string text: [UInt8]) throws(BuiltinFailure) {
        if text.contains(0x0A) {
            try write(scalar: text, YAML_LITERAL_SCALAR_STYLE)
        } else if case .string = YAMLResolver.plain(text), !isSexagesimal(text), !isTimestamp(text),
            !text.elementsEqual("<<".utf8)
        {
            try write(scalar: text, YAML_PLAIN_SCALAR_STYLE)
        } else {
            try write(scalar: text, YAML_DOUBLE_QUOTED_SCALAR_STYLE)
        }
    }

    private mutating func write(scalar text: [UInt8], _ style: yaml_scalar_style_t) throws(BuiltinFailure) {
        var event = yaml_event_t()
        let count = Int32(truncatingIfNeeded: text.count)
        guard yaml_scalar_event_initialize(&event, nil, nil, text, count, 1, 1, style) == 1 else {
            throw .limit(.memory)
        }
        try emit(&event)
    }

    /// `1:30` and its like, which old readers take for 90.
    private func isSexagesimal(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard rest.first?.isDecimalDigit == true, rest.contains(UInt8(ascii: ":")) else { return false }
        let parts = rest.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        for (position, part) in parts.enumerated() {
            var digits = part
            if position == parts.count &- 1, let point = part.firstIndex(of: UInt8(ascii: ".")) {
                digits = part[..<point]
                guard part[(point &+ 1)...].allSatisfy({ $0.isDecimalDigit || $0 == 0x5F }) else { return false }
            }
            if position == 0 {
                guard digits.allSatisfy({ $0.isDecimalDigit || $0 == 0x5F }) else { return false }
            } else {
                guard (1...2).contains(digits.count), digits.allSatisfy(\.isDecimalDigit),
                    digits.count == 1 || (digits.first ?? 0) <= UInt8(ascii: "5")
                else { return false }
            }
        }
        return true
    }

    private static let timestampLayouts = [
        "2006-1-2T15:4:5.999999999Z07:00", "2006-1-2t15:4:5.999999999Z07:00", "2006-1-2 15:4:5.999999999", "2006-1-2",
    ].map { TimeLayout(Array($0.utf8)) }

    private func isTimestamp(_ text: [UInt8]) -> Bool {
        guard text.count > 4, text.prefix(4).allSatisfy(\.isDecimalDigit), text[4] == UInt8(ascii: "-") else {
            return false
        }
        return YAMLWriter.timestampLayouts.contains { (try? $0.read(text)) != nil }
    }
}

/// The order of keys in Go's YAML: letters after other characters, numbers by their values.
enum NaturalOrder {
    static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let one = Array(String(decoding: left, as: UTF8.self).unicodeScalars)
        let two = Array(String(decoding: right, as: UTF8.self).unicodeScalars)
        var position = 0
        while position < one.count, position < two.count {
            let first = one[position]
            let second = two[position]
            if first == second {
                position &+= 1
                continue
            }
            let isFirstLetter = isLetter(first)
            let isSecondLetter = isLetter(second)
            if isFirstLetter && isSecondLetter { return first < second }
            if isFirstLetter || isSecondLetter { return isSecondLetter }
            return precedesByNumber(one, two, at: position)
        }
        return one.count < two.count
    }

    private static func precedesByNumber(_ one: [Unicode.Scalar], _ two: [Unicode.Scalar], at position: Int) -> Bool {
        // A zero in front belongs to the number, unless it is all there is.
        if one[position] == "0" || two[position] == "0" {
            var before = position &- 1
            while before >= 0, isDigit(one[before]) {
                if one[before] != "0" {
                    return two.count > position && isDigit(two[position])
                        ? number(one, position) < number(two, position) : false
                }
                before &-= 1
            }
        }
        let first = number(one, position)
        let second = number(two, position)
        if first != second { return first < second }
        return one[position] < two[position]
    }

    private static func number(_ text: [Unicode.Scalar], _ position: Int) -> Int {
        var result = 0
        for scalar in text[position...] {
            guard isDigit(scalar), result < Int.max / 100 else { break }
            result = result &* 10 &+ Int(scalar.value &- 0x30)
        }
        return result
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x30 && scalar.value <= 0x39
    }
}
