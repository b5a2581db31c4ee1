// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads tar archives (POSIX.1-2001, section pax; GNU long names) of plain files and directories.
struct TarReader {
    private static let block = 512

    private let bytes: [UInt8]
    private let limits: BundleLimits
    private var position = 0
    private var longName: [UInt8]?
    private var longSize: Int?
    private var entryCount = 0
    private var unpacked = 0
    private var files: [BundleFile] = []
    /// Byte forms of the paths, since two paths that look alike are two paths.
    private var seen: Set<[UInt8]> = []

    /// The files of an archive, in their order.
    static func files(in bytes: [UInt8], limits: BundleLimits) throws(BundleFailure) -> [BundleFile] {
        var reader = TarReader(bytes: bytes, limits: limits)
        while try reader.readEntry() {}
        return reader.files
    }

    private init(bytes: [UInt8], limits: BundleLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Whether there was an entry.
    private mutating func readEntry() throws(BundleFailure) -> Bool {
        guard position < bytes.count else {
            if longName != nil || longSize != nil { throw .archive("a name without a file") }
            return false
        }
        let header = try take(Self.block)
        if header.allSatisfy({ $0 == 0 }) {
            guard bytes[position...].allSatisfy({ $0 == 0 }) else {
                throw .archive("data after the end of the archive")
            }
            if longName != nil || longSize != nil { throw .archive("a name without a file") }
            return false
        }
        try checkSum(header)
        let kind = header[header.startIndex &+ 156]
        guard let declared = number(field(header, 124, 12)) else { throw .archive("a size is no number") }
        if kind == UInt8(ascii: "x") || kind == UInt8(ascii: "g") || kind == UInt8(ascii: "L")
            || kind == UInt8(ascii: "K")
        {
            guard declared <= limits.recordBytes else { throw .limit("a record of the archive has \(declared) bytes") }
            let record = try takePadded(declared)
            try read(record, kind: kind)
            return true
        }
        entryCount &+= 1
        if entryCount > limits.entries { throw .limit("more than \(limits.entries) files") }
        let path = try BundlePath.normalize(longName ?? name(header), limits: limits)
        let size = longSize ?? declared
        longName = nil
        longSize = nil
        try readFile(kind, path, size: size)
        return true
    }

    private mutating func readFile(_ kind: UInt8, _ path: String?, size: Int) throws(BundleFailure) {
        switch kind {
        case UInt8(ascii: "5"):
            guard size == 0 else { throw .archive("a directory with content") }
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
            guard let path = path else { throw .path("", "a file without a name") }
            guard size <= limits.unpackedBytes &- unpacked else {
                throw .limit("more than \(limits.unpackedBytes) bytes unpacked")
            }
            unpacked &+= size
            let content = try takePadded(size)
            guard seen.insert(Array(path.utf8)).inserted else { throw .path(path, "stands twice in the archive") }
            files.append(BundleFile(path: path, bytes: Array(content)))
        case UInt8(ascii: "1"), UInt8(ascii: "2"): throw .path(path ?? "", "is a link")
        case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"): throw .path(path ?? "", "is a device")
        default: throw .path(path ?? "", "is neither a file nor a directory")
        }
    }

    /// Notes what a record says of the next entry.
    private mutating func read(_ record: ArraySlice<UInt8>, kind: UInt8) throws(BundleFailure) {
        switch kind {
        case UInt8(ascii: "L"): longName = Array(record.prefix { $0 != 0 })
        case UInt8(ascii: "x"): try readAttributes(record)
        // Attributes of all files are times and owners; a long link is a link, which is refused where it stands.
        default: break
        }
    }

    /// Attributes of the form `length key=value`.
    private mutating func readAttributes(_ record: ArraySlice<UInt8>) throws(BundleFailure) {
        var rest = record
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let length = decimal(rest[..<space]),
                length <= rest.count, length > space &- rest.startIndex &+ 1,
                rest[rest.startIndex &+ length &- 1] == UInt8(ascii: "\n")
            else { throw .archive("an attribute of a file is damaged") }
            let line = rest[(space &+ 1)..<(rest.startIndex &+ length &- 1)]
            rest = rest.dropFirst(length)
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else {
                throw .archive("an attribute of a file is damaged")
            }
            let (key, value) = (line[..<equals], line[(equals &+ 1)...])
            if key.elementsEqual("path".utf8) {
                longName = Array(value)
            } else if key.elementsEqual("size".utf8) {
                guard let size = decimal(value) else { throw .archive("a size is no number") }
                longSize = size
            } else if key.starts(with: "GNU.sparse".utf8) {
                throw .archive("a file with holes")
            }
        }
    }

    private mutating func take(_ count: Int) throws(BundleFailure) -> ArraySlice<UInt8> {
        guard count <= bytes.count &- position else { throw .archive("the archive ends too early") }
        let taken = bytes[position..<(position &+ count)]
        position &+= count
        return taken
    }

    /// Takes content and passes over the bytes that fill its last block.
    private mutating func takePadded(_ count: Int) throws(BundleFailure) -> ArraySlice<UInt8> {
        let content = try take(count)
        let padding = (Self.block &- count % Self.block) % Self.block
        _ = try take(min(padding, bytes.count &- position))
        return content
    }

    private func field(_ header: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
        header.dropFirst(offset).prefix(count)
    }

    private func name(_ header: ArraySlice<UInt8>) -> [UInt8] {
        let name = field(header, 0, 100).prefix { $0 != 0 }
        let isPOSIX = field(header, 257, 6).elementsEqual("ustar\0".utf8)
        let prefix = isPOSIX ? field(header, 345, 155).prefix { $0 != 0 } : []
        return prefix.isEmpty ? Array(name) : prefix + [UInt8(ascii: "/")] + name
    }

    private func checkSum(_ header: ArraySlice<UInt8>) throws(BundleFailure) {
        guard let expected = number(field(header, 148, 8)) else { throw .archive("a header is damaged") }
        // The sum's own field counts as eight spaces.
        var sum: Int = 8 &* 32
        for byte in header { sum &+= Int(byte) }
        for byte in field(header, 148, 8) { sum &-= Int(byte) }
        guard expected == sum else { throw .archive("a header is damaged") }
    }

    /// A number in octal digits, or in base 256 as GNU writes large ones; nil if it is neither or beyond reason.
    private func number(_ field: ArraySlice<UInt8>) -> Int? {
        var value = 0
        if let first = field.first, first & 0x80 != 0 {
            guard first == 0x80 else { return nil }
            for byte in field.dropFirst() {
                guard value < 1 << 40 else { return nil }
                value = value << 8 | Int(byte)
            }
            return value
        }
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
        for digit in digits {
            guard digit >= 0x30, digit < 0x38 else { return nil }
            value = value << 3 | Int(digit &- 0x30)
        }
        return value
    }

    private func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 12 else { return nil }
        var value = 0
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            value = value &* 10 &+ Int(digit &- 0x30)
        }
        return value
    }
}
