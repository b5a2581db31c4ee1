// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes the JSON form of OTLP's messages: member names in lower camel case, enumerations as numbers, 64-bit numbers as
/// texts, ids as hexadecimal digits (OTLP specification, JSON Protobuf encoding).
struct OTLPWriter {
    private(set) var bytes: [UInt8] = []
    /// Whether the next member or element is the first one of its kind.
    private var isFirst = true

    mutating func object(_ body: (inout OTLPWriter) -> Void) { enclosed("{", "}", body) }

    mutating func array<Element>(_ elements: [Element], _ body: (inout OTLPWriter, Element) -> Void) {
        enclosed("[", "]") { writer in
            for element in elements {
                writer.separate()
                body(&writer, element)
                writer.isFirst = false
            }
        }
    }

    mutating func member(_ name: StaticString, _ body: (inout OTLPWriter) -> Void) {
        separate()
        append("\"")
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        append("\":")
        body(&self)
        isFirst = false
    }

    mutating func member(_ name: StaticString, text: String) { member(name) { $0.string(text) } }

    /// A number that fits into 32 bits.
    mutating func member(_ name: StaticString, small: Int) { member(name) { $0.append("\(small)") } }

    /// A number of 64 bits.
    mutating func member(_ name: StaticString, large: some FixedWidthInteger) {
        member(name) { $0.append("\"\(large)\"") }
    }

    mutating func member(_ name: StaticString, flag: Bool) { member(name) { $0.append(flag ? "true" : "false") } }

    /// A number of seconds.
    mutating func member(_ name: StaticString, seconds: Int64) {
        member(name) { $0.append(DecimalText.seconds(seconds)) }
    }

    mutating func attributes(_ attributes: [TelemetryAttribute]) {
        guard !attributes.isEmpty else { return }
        member("attributes") { writer in
            writer.array(attributes) { writer, attribute in
                writer.object { writer in
                    writer.member("key", text: attribute.key)
                    writer.member("value") { writer in
                        writer.object { writer in
                            switch attribute.value {
                            case .text(let text): writer.member("stringValue", text: text)
                            case .integer(let number): writer.member("intValue", large: number)
                            case .flag(let flag): writer.member("boolValue", flag: flag)
                            }
                        }
                    }
                }
            }
        }
    }

    mutating func append(_ text: String) { bytes += text.utf8 }

    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x00..<0x20, 0x7F:
                bytes += (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8
                bytes += String(byte, radix: 16).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func enclosed(_ start: String, _ end: String, _ body: (inout OTLPWriter) -> Void) {
        append(start)
        isFirst = true
        body(&self)
        append(end)
        isFirst = false
    }

    private mutating func separate() {
        if !isFirst { append(",") }
        isFirst = true
    }
}

/// A name and a value that say something about a span, a log record or the gate.
public struct TelemetryAttribute: Sendable, Hashable {
    /// The name, where there is one that of the semantic conventions.
    public let key: String
    /// The value.
    public let value: Value

    /// What an attribute says.
    public enum Value: Sendable, Hashable {
        /// A text.
        case text(String)
        /// A number.
        case integer(Int64)
        /// Yes or no.
        case flag(Bool)
    }

    /// The longest text, in bytes; longer ones are cut.
    public static let longestText = 1024

    /// A text.
    public init(_ key: String, _ text: String) {
        self.key = key
        let isLong = text.utf8.count > Self.longestText
        value = .text(isLong ? String(decoding: text.utf8.prefix(Self.longestText), as: UTF8.self) : text)
    }

    /// A number.
    public init(_ key: String, _ number: some BinaryInteger) {
        self.key = key
        value = .integer(Int64(clamping: number))
    }

    /// Yes or no.
    public init(_ key: String, flag: Bool) {
        self.key = key
        value = .flag(flag)
    }
}

/// Who sends telemetry: the attributes of the resource, and the version of what made it.
public struct TelemetrySource: Sendable, Hashable {
    /// `service.name` and the like.
    public let attributes: [TelemetryAttribute]
    /// The version of the gate.
    public let version: String

    /// Describes the gate.
    ///
    /// - Parameters:
    ///   - instance: An id of this run.
    ///   - name: The service's name.
    ///   - attributes: What else is known of it.
    public init(name: String, version: String, instance: String, attributes: [TelemetryAttribute] = []) {
        self.version = version
        self.attributes =
            [
                TelemetryAttribute("service.name", name), TelemetryAttribute("service.version", version),
                TelemetryAttribute("service.instance.id", instance),
            ] + attributes
    }
}

extension OTLPWriter {
    /// A request of one resource and one scope.
    static func request(
        _ outer: StaticString, _ scopes: StaticString, from source: TelemetrySource,
        _ body: (inout OTLPWriter) -> Void
    ) -> [UInt8] {
        var writer = OTLPWriter()
        writer.object { writer in
            writer.member(outer) { writer in
                writer.array([0]) { writer, _ in
                    writer.object { writer in
                        writer.member("resource") { $0.object { $0.attributes(source.attributes) } }
                        writer.member(scopes) { writer in
                            writer.array([0]) { writer, _ in
                                writer.object { writer in
                                    writer.member("scope") { writer in
                                        writer.object { writer in
                                            writer.member("name", text: "yett")
                                            writer.member("version", text: source.version)
                                        }
                                    }
                                    body(&writer)
                                }
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }
}
