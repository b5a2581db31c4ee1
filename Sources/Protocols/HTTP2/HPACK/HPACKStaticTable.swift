// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The fields that every peer knows (RFC 7541 appendix A), under the indices 1 to 61.
enum HPACKStaticTable {
    /// How many fields there are.
    static let count = 61

    /// One row for each field: the counts of name and value, then name and value.
    static let rows: [UInt8] = {
        var rows: [UInt8] = []
        for (name, value) in fields {
            rows.append(UInt8(truncatingIfNeeded: name.utf8CodeUnitCount))
            rows.append(UInt8(truncatingIfNeeded: value.utf8CodeUnitCount))
            for text in [name, value] { text.withUTF8Buffer { rows.append(contentsOf: $0) } }
            rows.append(contentsOf: repeatElement(0, count: rowBytes &- (rows.count % rowBytes)))
        }
        return rows
    }()

    /// Bytes of a row; the longest field has 28.
    static let rowBytes = 32

    /// The field of an index from 1 to 61.
    @inline(__always)
    static func entry(_ index: Int) -> HPACKEntry {
        let row = (index &- 1) &* rowBytes
        return HPACKEntry(
            start: UInt32(truncatingIfNeeded: row &+ 2), nameCount: UInt32(rows[row]),
            valueCount: UInt32(rows[row &+ 1]))
    }

    /// The index of a field that has the name, 0 when there is none, and whether it has the value too.
    static func find(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> (index: Int, isWhole: Bool) {
        rows.withUnsafeBytes { rows in
            var found = 0
            for index in 1...count {
                let entry = entry(index)
                guard Int(entry.nameCount) == name.count else { continue }
                let field = entry.bytes(entry.byteCount, in: rows)
                guard field.prefix(name.count).elementsEqual(name) else { continue }
                if field.dropFirst(name.count).elementsEqual(value) { return (index, true) }
                if found == 0 { found = index }
            }
            return (found, false)
        }
    }

    private static let fields: [(name: StaticString, value: StaticString)] = [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"),
        (":scheme", "http"), (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"),
        (":status", "304"), (":status", "400"), (":status", "404"), (":status", "500"), ("accept-charset", ""),
        ("accept-encoding", "gzip, deflate"), ("accept-language", ""), ("accept-ranges", ""), ("accept", ""),
        ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""), ("cache-control", ""),
        ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""),
        ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""),
        ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""), ("if-unmodified-since", ""),
        ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""), ("proxy-authenticate", ""),
        ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""),
        ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""),
        ("user-agent", ""), ("vary", ""), ("via", ""), ("www-authenticate", ""),
    ]
}
