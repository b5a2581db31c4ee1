// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import Protocols

/// Bytes of a list with what each field counts besides, and its fields written again.
private func measure(_ list: HTTP2HeaderList) -> (size: Int, fields: Int, block: [UInt8]) {
    var (size, fields, block) = (0, 0, [UInt8]())
    list.forEachField { name, value in
        size += name.count + value.count + 32
        fields += 1
        HPACKEncoder.append(name: name, value: value, to: &block)
    }
    return (size, fields, block)
}

/// Decodes blocks, each with a byte for its length before it; returns how many were decoded.
private func decodeAll(_ bytes: UnsafeRawBufferPointer, _ decoder: inout HPACKDecoder, listBytes: Int) -> Int {
    var (list, position, count) = (HTTP2HeaderList(), 0, 0)
    while position < bytes.count {
        let end = min(bytes.count, position + 1 + Int(bytes[position]) * 4)
        let block = Input(
            bytes.baseAddress?.advanced(by: position + 1).assumingMemoryBound(to: UInt8.self), end - position - 1)
        position = end
        guard let outcome = block.withPrefix(block.bytes.count, { try? decoder.decode($0, into: &list) }) else { break }
        count += 1
        let found = measure(list)
        expect(found.size <= listBytes && found.fields <= 40, "a list is within its limits")
        expect(found.fields == list.count, "a list knows how many fields it has")
        var copy = HTTP2HeaderList()
        var other = HPACKDecoder(tableBytes: 0, listBytes: listBytes, fieldCount: 40)
        let again = found.block.withUnsafeBytes { try? other.decode($0, into: &copy) }
        expect(again == .complete, "what is encoded is decoded")
        expect(measure(copy).block == found.block, "what is encoded is decoded as it was")
        if outcome == .complete { expect(list.count <= block.bytes.count, "a field takes a byte") }
    }
    return count
}

/// Limits on the list do not change what is a block, and so leave the table as it is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    let tableBytes = [0, 64, 300, 4096][count % 4]
    var large = HPACKDecoder(tableBytes: tableBytes, listBytes: 1 << 20, fieldCount: 40)
    var small = HPACKDecoder(tableBytes: tableBytes, listBytes: 200, fieldCount: 40)
    let counts = (
        decodeAll(input.bytes, &large, listBytes: 1 << 20), decodeAll(input.bytes, &small, listBytes: 200)
    )
    expect(counts.0 == counts.1, "limits change nothing but the list")
    return 0
}
