// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Yams

/// A YAML text turned into nodes, with its mistakes.
///
/// Yams stops at a key that occurs twice and points at the first one. To find the second, and everything else that is
/// wrong, the first one's name is changed in the text to start with a private character and the text is read again.
struct YAMLDocument {
    /// The longest file, in bytes.
    static let maximumBytes = 4 << 20
    /// The largest file that is read again for each duplicate key, in bytes.
    private static let maximumBytesForRetry = 256 << 10
    /// The most duplicate keys that are looked for.
    private static let maximumDuplicates = 20
    /// The first of the private characters that mark duplicates.
    private static let firstMarker: UInt32 = 0xE000

    /// Reads a text.
    ///
    /// - Returns: The root, or `nil` when nothing could be read; the context says why.
    static func read(_ text: String, _ context: ReadContext) -> Node? {
        guard text.utf8.count <= maximumBytes else {
            context.error(.start, "the file has more than \(maximumBytes >> 20) MiB")
            return nil
        }
        switch AliasGuard.inspect(text) {
        case .none: break
        case .refused(let offset):
            context.error(place(of: offset, in: text), "an alias is not allowed here; a key is a plain name")
            return nil
        case .replaced(let plain):
            guard let root = compose(plain, context) else { return nil }
            if let key = AliasGuard.complexKey(in: root) {
                context.error(key.place, "a key is a plain name; an alias, a list or a mapping is not allowed")
                return nil
            }
        }
        return compose(text, context)
    }

    private static func compose(_ original: String, _ context: ReadContext) -> Node? {
        var text = original
        for number in 0...maximumDuplicates {
            do {
                if let root = try Yams.compose(yaml: text, Resolver.basic) { return root }
                context.error(.start, "the file is empty", hint: "a configuration starts with 'trust_domain:'")
                return nil
            } catch YamlError.duplicatedKeysInMapping(let names, let location) {
                let place = Place(line: location.mark.line, column: location.mark.column)
                let name = names.first ?? ""
                guard text.utf8.count <= maximumBytesForRetry, number < maximumDuplicates,
                    let marker = Unicode.Scalar(firstMarker + UInt32(number)),
                    let changed = mark(place, with: marker, in: text)
                else {
                    context.error(place, "the key '\(name)' occurs twice in this mapping")
                    return nil
                }
                context.duplicates[marker] = name
                text = changed
            } catch {
                report(error, text, context)
                return nil
            }
        }
        return nil
    }

    /// The text with the first character of the key at `place` replaced; `nil` when that would change its structure.
    private static func mark(_ place: Place, with marker: Unicode.Scalar, in text: String) -> String? {
        var scalars = Array(text.unicodeScalars)
        guard !scalars.contains(marker) else { return nil }
        var line = 1
        var index = 0
        while line < place.line {
            guard index < scalars.count else { return nil }
            switch scalars[index] {
            case "\n", "\u{85}", "\u{2028}", "\u{2029}": line += 1
            case "\r": if index + 1 >= scalars.count || scalars[index + 1] != "\n" { line += 1 }
            default: break
            }
            index += 1
        }
        index += place.column - 1
        if index < scalars.count, scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        guard index < scalars.count, !":#\n\r\"'\\!&*?".unicodeScalars.contains(scalars[index]) else { return nil }
        scalars[index] = marker
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func place(of offset: Int, in text: String) -> Place {
        var place = Place.start
        for byte in text.utf8.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                place.line += 1
                place.column = 1
            } else if byte & 0xC0 != 0x80 {
                place.column += 1
            }
        }
        return place
    }

    /// Turns an error of the YAML parser into a diagnostic.
    private static func report(_ error: any Error, _ text: String, _ context: ReadContext) {
        guard let error = error as? YamlError else { return context.error(.start, "the file cannot be read as YAML") }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let place = Place(line: mark.line, column: mark.column)
            context.error(place, "this is not YAML: \(problem)", hint: hint(problem))
        case .reader(let problem, let offset, _, let yaml):
            let prefix = yaml.prefix(max(0, offset ?? 0))
            context.error(place(of: prefix.utf8.count, in: yaml), "this is not YAML: \(problem)")
        default: context.error(.start, "the file cannot be read as YAML")
        }
    }

    private static func hint(_ problem: String) -> String? {
        if problem.contains("cannot start any token") {
            return "indent with spaces, not tabs, and put quotes around a text that starts with '@', '%' or '`'"
        }
        if problem.contains("alphabetic") { return "put quotes around a text that starts with '*' or '&'" }
        if problem.contains("found another document") { return "one file holds one document" }
        return nil
    }
}
