// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What reading a configuration came to.
public struct ReadResult: Sendable {
    /// The configuration, or `nil` when there is an error.
    public var configuration: GateConfiguration?
    /// Everything that was found, in the order of the file.
    public var diagnostics: [Diagnostic]

    /// The mistakes.
    public var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
    /// What is probably a mistake.
    public var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }
}

extension GateConfiguration {
    /// Reads a configuration. Pure: no file, no clock, no environment but what the arguments give.
    ///
    /// - Parameters:
    ///   - text: The YAML text.
    ///   - file: The file's name for the diagnostics.
    ///   - now: The time in Unix seconds, to warn of grants that have expired; `nil` to leave that out.
    ///   - inspect: Says what is wrong with a secret that is referred to, for example that its file can be read by
    ///     others; `nil` for nothing.
    public static func read(
        _ text: String, file: String, now: Int64? = nil, inspect: (SecretReference) -> String? = { _ in nil }
    ) -> ReadResult {
        let context = ReadContext(file: file, bytes: text.utf8.count)
        var configuration: GateConfiguration?
        if let root = YAMLDocument.read(text, context) {
            withoutActuallyEscaping(inspect) { inspect in
                let reader = ConfigurationReader(context: context, inspect: inspect)
                configuration = reader.read(Value(node: root, context: context))
            }
        }
        let hasErrors = context.diagnostics.contains { $0.severity == .error }
        if let configuration, !hasErrors {
            ConfigurationCheck(configuration: configuration, context: context, now: now).run()
        }
        let diagnostics = context.diagnostics.enumerated().sorted {
            ($0.element.place, $0.offset) < ($1.element.place, $1.offset)
        }.map(\.element)
        let isUsable = !diagnostics.contains { $0.severity == .error }
        return ReadResult(configuration: isUsable ? configuration : nil, diagnostics: diagnostics)
    }

    /// Reads a configuration from bytes, which must be UTF-8; otherwise as ``read(_:file:now:inspect:)``.
    public static func read(
        bytes: [UInt8], file: String, now: Int64? = nil, inspect: (SecretReference) -> String? = { _ in nil }
    ) -> ReadResult {
        guard bytes.count <= YAMLDocument.maximumBytes else {
            return failure("the file has more than \(YAMLDocument.maximumBytes >> 20) MiB", .start, file)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let valid = validPrefixCount(bytes)
            var place = Place.start
            for byte in bytes.prefix(valid) {
                if byte == UInt8(ascii: "\n") {
                    place = Place(line: place.line + 1, column: 1)
                } else if byte & 0xC0 != 0x80 {
                    place.column += 1
                }
            }
            return failure("the file is not UTF-8 from here on", place, file)
        }
        return read(text, file: file, now: now, inspect: inspect)
    }

    private static func failure(_ message: String, _ place: Place, _ file: String) -> ReadResult {
        ReadResult(
            configuration: nil,
            diagnostics: [Diagnostic(severity: .error, file: file, place: place, message: message, hint: nil)])
    }

    /// How many bytes at the front are whole, valid UTF-8 sequences.
    private static func validPrefixCount(_ bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var count = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): count += UTF8.width(scalar)
            case .emptyInput, .error: return count
            }
        }
    }
}
