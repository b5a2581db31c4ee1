// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import Glibc

/// An open descriptor that closes itself.
final class Descriptor {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// A memory file that holds these bytes and is read from its beginning.
    static func holding(_ bytes: [UInt8], name: String) throws(LaunchError) -> Descriptor {
        let file = try empty(name: name)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .setUp("writing \(name): \(errorText(errno))") }
            written += count
        }
        lseek(file.number, 0, SEEK_SET)
        return file
    }

    static func empty(name: String) throws(LaunchError) -> Descriptor {
        let number = yett_memory_file(name)
        guard number >= 0 else { throw .setUp("making \(name): \(errorText(errno))") }
        return Descriptor(number)
    }
}

/// The system's words for an error number.
func errorText(_ number: Int32) -> String {
    String(cString: strerror(number))
}

/// C strings for an argument list, alive as long as the object.
final class ArgumentVector {
    private var strings: [UnsafeMutablePointer<CChar>?]
    private let vector: UnsafeMutablePointer<UnsafePointer<CChar>?>

    init(_ arguments: [String]) {
        strings = arguments.map { strdup($0) }
        vector = .allocate(capacity: arguments.count + 1)
        for (index, string) in strings.enumerated() { (vector + index).initialize(to: UnsafePointer(string)) }
        (vector + arguments.count).initialize(to: nil)
    }

    deinit {
        for string in strings { free(string) }
        vector.deallocate()
    }

    var pointer: UnsafePointer<UnsafePointer<CChar>?> { UnsafePointer(vector) }

    /// The string at an index, for structures that point at one.
    subscript(_ index: Int) -> UnsafePointer<CChar>? { UnsafePointer(vector[index]) }
}
