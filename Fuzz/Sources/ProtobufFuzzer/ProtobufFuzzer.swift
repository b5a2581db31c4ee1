// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import Protocols

/// Reads a message and, where a field could be one, what is in it.
private func fieldCount(_ reader: ProtobufReader, depth: Int) -> Int {
    var (reader, fields) = (reader, 0)
    while let (number, value) = try? reader.next() {
        expect(number > 0 && number < 1 << 29, "a field has a number")
        fields += 1
        if let text = try? value.text(), let content = try? value.content() {
            expect(text.utf8.elementsEqual(content), "a text is its bytes")
        }
        if depth > 0, let inner = try? value.message() { fields += fieldCount(inner, depth: depth - 1) }
        _ = try? value.entry()
    }
    return fields
}

/// Reading ends, and what is written is read as it was.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    let fields = fieldCount(ProtobufReader(input.bytes), depth: 3)
    expect(fields <= count * 4, "a field takes some bytes")
    let text = String(decoding: input.bytes, as: UTF8.self)
    var writer = ProtobufWriter()
    writer.write(as: 1) { $0.write(text, as: 2) }
    let isSame = writer.bytes.withUnsafeBytes { bytes -> Bool in
        var reader = ProtobufReader(bytes)
        guard var inner = try? reader.next()?.value.message(), let field = try? inner.next() else { return false }
        return field.number == 2 && (try? field.value.text().utf8.elementsEqual(text.utf8)) == true
    }
    expect(isSame, "what is written is read")
    return 0
}
