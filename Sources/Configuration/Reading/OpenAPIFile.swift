// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols
internal import Yams

/// The text of an OpenAPI document, JSON or YAML, with the place of everything in it.
public struct OpenAPIFile {
    /// What the text says.
    public let value: JSONValue
    private let root: Node?
    private let file: String

    /// The longest file, in bytes.
    public static let maximumBytes = YAMLDocument.maximumBytes
    private static let maximumDepth = 64

    /// Reads a text. One that begins with a brace is JSON, read strictly.
    ///
    /// - Parameter file: The file's name for the diagnostics.
    /// - Returns: The document, or `nil` when it cannot be read; the diagnostics say why.
    public static func read(_ bytes: [UInt8], file: String) -> (file: OpenAPIFile?, diagnostics: [Diagnostic]) {
        func failure(_ message: String, _ place: Place = .start) -> (OpenAPIFile?, [Diagnostic]) {
            (nil, [Diagnostic(severity: .error, file: file, place: place, message: message, hint: nil)])
        }
        guard bytes.count <= maximumBytes else { return failure("the file has more than \(maximumBytes >> 20) MiB") }
        guard let text = String(validating: bytes, as: UTF8.self) else { return failure("the file is not UTF-8") }
        let context = ReadContext(file: file, bytes: bytes.count)
        guard bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else {
            guard let root = YAMLDocument.read(text, context) else { return (nil, context.diagnostics) }
            var reader = JSONReader(context: context, maximumDepth: maximumDepth)
            guard let value = reader.read(Value(node: root, context: context), depth: 0), context.diagnostics.isEmpty
            else { return (nil, context.diagnostics) }
            return (OpenAPIFile(value: value, root: root, file: file), [])
        }
        do throws(JSONError) {
            let limits = JSONLimits(
                bytes: maximumBytes, depth: maximumDepth, values: 500_000, stringBytes: maximumBytes)
            let value = try JSONValue(parsing: bytes, limits: limits)
            // Nearly all JSON is YAML; where it is not, mistakes stand at the beginning.
            return (OpenAPIFile(value: value, root: YAMLDocument.read(text, context), file: file), [])
        } catch {
            return failure(
                "this is not JSON in the form that is read here: \(error.reason.rawValue)", place(error.offset, bytes))
        }
    }

    private static func place(_ offset: Int, _ bytes: [UInt8]) -> Place {
        var place = Place.start
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                place = Place(line: place.line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                place.column += 1
            }
        }
        return place
    }

    /// A mistake in the document, at its place: that of the innermost member which there is.
    public func diagnostic(of mistake: OpenAPIError) -> Diagnostic {
        var place = root?.place ?? .start
        var node = root
        for name in mistake.path {
            switch node {
            case .mapping(let mapping)?:
                guard
                    let (key, value) = mapping.first(where: {
                        $0.key.scalar?.string.utf8.elementsEqual(name.utf8) ?? false
                    })
                else {
                    node = nil
                    continue
                }
                place = key.place
                node = value
            case .sequence(let sequence)?:
                guard let index = Int(name), sequence.indices.contains(index) else {
                    node = nil
                    continue
                }
                node = sequence[index]
                place = sequence[index].place
            default: node = nil
            }
        }
        return Diagnostic(severity: .error, file: file, place: place, message: mistake.message, hint: nil)
    }
}
