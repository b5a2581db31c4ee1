// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The members of a metadata block in the order in which OPA shows them.
struct AnnotationContent {
    private(set) var scope: String?
    private(set) var isEntrypoint = false
    private(set) var members: [SyntaxValue.Member] = []

    /// Reads the members that OPA knows; others are passed over.
    mutating func read(_ written: [SyntaxValue.Member]) throws(YAMLDocument.Failure) {
        var known: [Text: SyntaxValue] = [:]
        for member in written where member.value != .null { known[member.key] = member.value }
        scope = try string("scope", known)?.string
        if scope == "" { scope = nil }
        if let title = try string("title", known), !title.bytes.isEmpty { add("title", .string(title)) }
        if let entrypoint = known["entrypoint"] {
            guard case .boolean(let value) = entrypoint else { throw AnnotationContent.mismatch("entrypoint", "bool") }
            isEntrypoint = value
            if value { add("entrypoint", .boolean(true)) }
        }
        if let description = try string("description", known), !description.bytes.isEmpty {
            add("description", .string(description))
        }
        try add("organizations", known, AnnotationContent.organization)
        try add("related_resources", known, AnnotationContent.relatedResource)
        try add("authors", known, AnnotationContent.author)
        try add("schemas", known, AnnotationContent.schema)
        for name: Text in ["custom", "labels"] {
            guard let value = known[name] else { continue }
            guard case .object(let items) = value else {
                throw AnnotationContent.mismatch(name.string, "map[string]interface {}")
            }
            if !items.isEmpty { add(name, value) }
        }
    }

    private mutating func add(_ key: Text, _ value: SyntaxValue) {
        members.append(SyntaxValue.Member(key: key, value: value))
    }

    private mutating func add(
        _ key: Text, _ known: [Text: SyntaxValue],
        _ convert: (SyntaxValue) throws(YAMLDocument.Failure) -> SyntaxValue
    ) throws(YAMLDocument.Failure) {
        guard let value = known[key] else { return }
        guard case .array(let items) = value else { throw AnnotationContent.mismatch(key.string, "[]interface {}") }
        var converted: [SyntaxValue] = []
        for item in items { converted.append(try convert(item)) }
        if !converted.isEmpty { add(key, .array(converted)) }
    }

    private func string(_ name: Text, _ known: [Text: SyntaxValue]) throws(YAMLDocument.Failure) -> Text? {
        switch known[name] {
        case nil: return nil
        case .string(let text), .number(let text): return text
        case .boolean(let value): return value ? "true" : "false"
        default: throw AnnotationContent.mismatch(name.string, "string")
        }
    }

    private static func organization(_ value: SyntaxValue) throws(YAMLDocument.Failure) -> SyntaxValue {
        guard case .string = value else { throw AnnotationContent.mismatch("organizations", "string") }
        return value
    }

    private static func mismatch(_ name: String, _ type: String) -> YAMLDocument.Failure {
        YAMLDocument.Failure(message: "yaml: unmarshal errors: cannot unmarshal \(name) into \(type)", line: nil)
    }

    private static func object(_ members: [(Text, Text)]) -> SyntaxValue {
        .object(
            members.compactMap { key, value in
                value.bytes.isEmpty ? nil : SyntaxValue.Member(key: key, value: .string(value))
            })
    }

    private static func text(_ name: Text, in members: [SyntaxValue.Member]) -> Text {
        guard let member = members.last(where: { $0.key == name }), case .string(let text) = member.value else {
            return ""
        }
        return text.trimmed
    }

    private static func relatedResource(_ value: SyntaxValue) throws(YAMLDocument.Failure) -> SyntaxValue {
        switch value {
        case .string(let text):
            if text.bytes.isEmpty { throw invalid("related-resource", "ref URL may not be empty string") }
            return object([("ref", text)])
        case .object(let members):
            let reference = text("ref", in: members)
            if reference.bytes.isEmpty { throw invalid("related-resource", "'ref' value required in object") }
            return object([("ref", reference), ("description", text("description", in: members))])
        default:
            throw invalid("related-resource", "invalid value type, must be string or map")
        }
    }

    private static func author(_ value: SyntaxValue) throws(YAMLDocument.Failure) -> SyntaxValue {
        switch value {
        case .string(let text):
            var words = text.bytes.split { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
            guard let last = words.last else { throw invalid("author", "author is an empty string") }
            var email: [UInt8] = []
            if last.count >= 2, last.first == UInt8(ascii: "<"), last.last == UInt8(ascii: ">") {
                email = Array(last.dropFirst().dropLast())
                words.removeLast()
            }
            return object([
                ("name", Text(bytes: Array(words.joined(separator: [0x20])))), ("email", Text(bytes: email)),
            ])
        case .object(let members):
            let name = text("name", in: members)
            let email = text("email", in: members)
            if name.bytes.isEmpty, email.bytes.isEmpty {
                throw invalid("author", "'name' and/or 'email' values required in object")
            }
            return object([("name", name), ("email", email)])
        default:
            throw invalid("author", "invalid value type, must be string or map")
        }
    }

    private static func schema(_ value: SyntaxValue) throws(YAMLDocument.Failure) -> SyntaxValue {
        guard case .object(let members) = value, let pair = members.first,
            let path = path(pair.key), !path.isEmpty
        else { throw YAMLDocument.Failure(message: "invalid document reference", line: nil) }
        let target: SyntaxValue.Member
        switch pair.value {
        case .string(let reference):
            guard let parts = self.path(reference), parts.first == .string("schema") else {
                throw YAMLDocument.Failure(message: "invalid schema reference", line: nil)
            }
            target = SyntaxValue.Member(key: "schema", value: .array(parts))
        case .object:
            target = SyntaxValue.Member(key: "definition", value: pair.value)
        default:
            let message = "invalid schema declaration for path \"\(pair.key.string)\""
            throw YAMLDocument.Failure(message: message, line: nil)
        }
        return .object([SyntaxValue.Member(key: "path", value: .array(path)), target])
    }

    /// A reference as the array of its parts; nil when it is none.
    private static func path(_ text: Text) -> [SyntaxValue]? {
        guard let term = try? Parser.parseTerm(text.bytes, file: -1) else { return nil }
        return term.referenceParts.reduce(into: [SyntaxValue]?([])) { parts, part in
            switch part.kind {
            case .variable(let name), .string(let name): parts?.append(.string(name))
            case .number(let digits): parts?.append(.number(digits))
            default: parts = nil
            }
        }
    }

    private static func invalid(_ what: String, _ why: String) -> YAMLDocument.Failure {
        YAMLDocument.Failure(message: "invalid \(what) definition: \(why)", line: nil)
    }
}

extension Text {
    /// Without the white space at both ends.
    fileprivate var trimmed: Text {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
        var rest = bytes[...].drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return Text(bytes: Array(rest))
    }
}
