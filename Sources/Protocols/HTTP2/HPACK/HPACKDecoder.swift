// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Decodes the header blocks of one direction of an HTTP/2 connection, in their order (RFC 7541).
///
/// In steady state it allocates nothing. Names and values are bytes as they were sent: whether they may be in a message
/// is for its reader to say.
public struct HPACKDecoder: Sendable {
    /// How a block went that could be decoded.
    public enum Outcome: Sendable, Hashable {
        /// The list has all fields.
        case complete
        /// The list has the fields up to the first that was beyond a limit. The connection can go on.
        case tooLarge
    }

    private let listBytes: Int
    private let fieldCount: Int
    private var table: HPACKDynamicTable

    /// Bytes that the list may still take; below 0 once a field was beyond a limit.
    private var room = 0

    /// A decoder at the start of a connection.
    ///
    /// - Parameters:
    ///   - tableBytes: What the peer was told with SETTINGS_HEADER_TABLE_SIZE. Memory is twice that and a half.
    ///   - listBytes: The most bytes of a list, with 32 for each field besides name and value (RFC 9113 section 6.5.2).
    ///   - fieldCount: The most fields of a list.
    public init(tableBytes: Int = 4096, listBytes: Int, fieldCount: Int) {
        self.listBytes = listBytes
        self.fieldCount = fieldCount
        table = HPACKDynamicTable(capacity: tableBytes)
    }

    /// Decodes a whole header block into a list, which is emptied first.
    ///
    /// A block whose list is beyond a limit is decoded to its end all the same, so that the table stays the peer's. What
    /// is beyond is not copied; of a field for the table no more than the table takes.
    ///
    /// - Throws: Why the block is in error. The connection has to end: the decoder is of no use any more.
    public mutating func decode(
        _ block: UnsafeRawBufferPointer, into list: inout HTTP2HeaderList
    ) throws(HPACKFailure) -> Outcome {
        list.removeAll()
        room = listBytes
        var reader = HPACKReader(block)
        try resizeTable(&reader)
        while let byte = reader.peek {
            if byte & 0x80 != 0 {
                try addIndexed(&reader, to: &list)
            } else if byte & 0x40 != 0 {
                try addLiteral(&reader, 0x3F, forTable: true, to: &list)
            } else if byte & 0x20 != 0 {
                throw .tableSize
            } else {
                // Whether an intermediary may index a field matters to none that does not encode it again.
                try addLiteral(&reader, 0x0F, forTable: false, to: &list)
            }
        }
        return room < 0 ? .tooLarge : .complete
    }

    /// Takes the changes of the table's size, of which a block can begin with two (RFC 7541 section 4.2).
    private mutating func resizeTable(_ reader: inout HPACKReader) throws(HPACKFailure) {
        var changes = 0
        while let byte = reader.peek, byte & 0xE0 == 0x20 {
            let limit = try reader.number(0x1F)
            changes &+= 1
            guard changes <= 2, limit <= table.capacity else { throw .tableSize }
            table.resize(to: limit)
        }
    }

    /// Adds a field of a table.
    private mutating func addIndexed(
        _ reader: inout HPACKReader, to list: inout HTTP2HeaderList
    ) throws(HPACKFailure) {
        let index = try reader.number(0x7F)
        let entry = try find(index)
        guard take(entry.byteCount, list) else { return }
        copy(entry, of: index, entry.byteCount, to: &list)
        list.commit(nameCount: Int(entry.nameCount), valueCount: Int(entry.valueCount))
    }

    /// Adds a field whose value is in the block.
    ///
    /// - Parameters:
    ///   - mask: The bits of the first byte that belong to the index of the name.
    ///   - forTable: Whether the field goes into the table.
    private mutating func addLiteral(
        _ reader: inout HPACKReader, _ mask: UInt8, forTable: Bool, to list: inout HTTP2HeaderList
    ) throws(HPACKFailure) {
        let index = try reader.number(mask)
        // What fits neither into the list nor into the table is judged, but not copied.
        let most = max(0, forTable ? max(room, table.limit) : room)
        let nameCount: Int
        if index == 0 {
            nameCount = try stage(try reader.literal(), at: 0, most, in: &list)
        } else {
            let entry = try find(index)
            nameCount = Int(entry.nameCount)
            if nameCount <= most { copy(entry, of: index, nameCount, to: &list) }
        }
        let valueCount = try stage(try reader.literal(), at: nameCount, most, in: &list)
        // First into the table: the name may be that of a field which has to go for this one, and is staged by then.
        if forTable {
            list.withStaging(0) { table.insert($0, nameCount: nameCount, valueCount: valueCount) }
        }
        guard take(nameCount &+ valueCount, list) else { return }
        list.commit(nameCount: nameCount, valueCount: valueCount)
    }

    /// Whether a field of some bytes has room in the list, which it then takes. After one that has not, none has.
    @inline(__always)
    private mutating func take(_ byteCount: Int, _ list: borrowing HTTP2HeaderList) -> Bool {
        let size = byteCount &+ HPACKDynamicTable.overhead
        guard size <= room, list.count < fieldCount else {
            room = -1
            return false
        }
        room &-= size
        return true
    }
}

// MARK: Names and values

extension HPACKDecoder {
    /// The field of an index, which is one of the static table or beyond it one of the dynamic table.
    @inline(__always)
    private func find(_ index: Int) throws(HPACKFailure) -> HPACKEntry {
        guard index > 0 else { throw .index }
        if index <= HPACKStaticTable.count { return HPACKStaticTable.entry(index) }
        guard let entry = table.entry(index &- HPACKStaticTable.count &- 1) else { throw .index }
        return entry
    }

    /// Copies the first bytes of a field that was found.
    private func copy(_ entry: HPACKEntry, of index: Int, _ count: Int, to list: inout HTTP2HeaderList) {
        if index <= HPACKStaticTable.count {
            HPACKStaticTable.rows.withUnsafeBytes { list.stage(entry.bytes(count, in: $0), at: 0) }
        } else {
            table.withBytes(count, of: entry) { list.stage($0, at: 0) }
        }
    }

    /// Copies or decodes a string behind the first `offset` bytes of a field, of which no more than `most` are kept.
    /// Returns how many bytes it has.
    private func stage(
        _ string: HPACKReader.Literal, at offset: Int, _ most: Int, in list: inout HTTP2HeaderList
    ) throws(HPACKFailure) -> Int {
        let free = most &- offset
        guard string.isCompressed else {
            if string.bytes.count <= free { list.stage(string.bytes, at: offset) }
            return string.bytes.count
        }
        let start = min(offset, most)
        // No code has less than 5 bits.
        let capacity = max(0, min(free, string.bytes.count &* 8 / 5))
        let count = list.withStaging(start &+ capacity) {
            HPACKHuffman.decode(string.bytes, into: $0 + start, capacity: capacity)
        }
        guard let count = count ?? nil else { throw .huffman }
        return count
    }
}
