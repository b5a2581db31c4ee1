// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// What a task has seen so far, and what that says of its next call.
///
/// Values of the request, of the identity and of the fields of results vouch; text of others does not. Everything is
/// looked up by hash, so that a decision costs as much as the arguments are long, however much was read before. A value
/// that a call brought itself gains no trust from its result.
///
/// The order: ``init(request:identity:settings:)``, then for each call ``admit(_:arguments:annotations:tools:)`` and, with
/// what came back, ``note(result:of:arguments:annotations:)``.
public struct TaskProvenance: Sendable {
    /// The choices of the administrator.
    public internal(set) var settings: ProvenanceSettings
    /// How often each tool was admitted.
    public private(set) var calls: [String: Int] = [:]
    /// Whether private data was read.
    public private(set) var hasReadPrivateData = false
    /// Whether content was read that anybody may have written.
    public private(set) var hasReadUntrustedContent = false

    private var values: TokenTable
    private(set) var request = RequestText()
    private var requestBytes = 0
    private var paths: FieldPaths
    private var results: UInt32 = 0
    private var resultBytes = 0

    enum Place {
        static let request: UInt64 = 1
        static let identity: UInt64 = 2

        static func isPersonal(_ place: UInt64) -> Bool { place == request || place == identity }
    }

    /// Starts a task with the person's words and what is known of the person: mail address, account number.
    public init(request: String, identity: [String], settings: ProvenanceSettings = ProvenanceSettings()) {
        self.settings = settings
        values = TokenTable(maximumEntries: settings.limits.values, maximumBytes: settings.limits.valueBytes)
        paths = FieldPaths(maximum: settings.limits.paths)
        note(request: request)
        for value in identity.prefix(64) {
            vouch(Array(value.utf8), Place.identity)
        }
    }

    /// Adds words that the person said. Text beyond the bound is left out.
    public mutating func note(request text: String) {
        guard text.utf8.count <= settings.limits.requestBytes &- requestBytes else { return }
        requestBytes &+= text.utf8.count
        let bytes = Array(text.utf8)
        request.append(bytes)
        var keys: [[UInt8]] = []
        TextScanner.scan(bytes) { found in
            switch found {
            case .link(let link): keys.append(link.key)
            case .email(let key), .host(let key): keys.append(key)
            case .word: break
            }
        }
        AccountScanner.scan(bytes, .vouching) { keys += $0 }
        for key in keys { values.insert(key, place: Place.request, isTrusted: true) }
    }

    /// Adds what a call brought back. Without a structure everything is text of others.
    public mutating func note(
        result: JSONValue, of tool: String, arguments: JSONValue, annotations: ToolAnnotations
    ) {
        guard results < UInt32.max else { return }
        results &+= 1
        let echo = BroughtValues(arguments, leaves: settings.limits.leaves, includesWords: true)
        var reading = ResultReading(annotations: annotations, echo: echo.keys)
        if result.string != nil { reading.isFree = true }
        read(result, FieldPaths.root, reading)
    }

    private struct ResultReading {
        let annotations: ToolAnnotations
        let echo: Set<[UInt8]>
        var isFree = false
        var isStructured = false
    }

    private mutating func read(_ value: JSONValue, _ path: UInt32, _ reading: ResultReading) {
        switch value {
        case .null, .bool:
            break
        case .number(let number):
            note(Array(number.text.utf8), path, reading)
        case .string(let text):
            note(Array(text.utf8), path, reading)
        case .array(let elements):
            let path = paths.elements(of: path)
            for element in elements { read(element, path, reading) }
        case .object(let object):
            for member in object.members {
                var inner = reading
                if reading.annotations.freeTextFields.contains(member.name) {
                    inner.isFree = true
                } else if reading.annotations.structuredFields.contains(member.name) {
                    inner.isStructured = true
                }
                if !FreeText.isIdentifier(member.name.utf8) { note(Array(member.name.utf8), path, reading) }
                read(member.value, paths.member(member.name, of: path), inner)
            }
        }
    }

    private mutating func note(_ bytes: [UInt8], _ path: UInt32, _ reading: ResultReading) {
        guard bytes.count <= settings.limits.resultBytes &- resultBytes else { return }
        resultBytes &+= bytes.count
        let place = UInt64(results) << 32 | UInt64(path)
        let isFree = reading.isFree || !reading.isStructured && FreeText.isProse(bytes)
        if isFree {
            TextScanner.scan(bytes, words: true) { found in
                switch found {
                case .link(let link):
                    values.insert(link.key, place: place, isTrusted: false)
                    values.insert(link.hostKey, place: place, isTrusted: false)
                case .email(let key), .host(let key), .word(let key):
                    values.insert(key, place: place, isTrusted: false)
                }
            }
            AccountScanner.scan(bytes, .vouching) { keys in
                for key in keys { values.insert(key, place: place, isTrusted: false) }
            }
            FreeText.items(bytes) { item in
                values.insert(AddressForm.opaque(item), place: place, isTrusted: false)
            }
            if bytes.count <= settings.limits.wholeValueBytes {
                values.insert(AddressForm.opaque(bytes[...]), place: place, isTrusted: false)
            }
        } else {
            vouch(bytes, place, except: reading.echo)
        }
    }

    /// Records a whole value that vouches for itself, unless the call brought it.
    private mutating func vouch(_ bytes: [UInt8], _ place: UInt64, except echo: Set<[UInt8]> = []) {
        guard bytes.count <= settings.limits.wholeValueBytes else { return }
        var keys = [AddressForm.opaque(bytes[...])]
        switch WholeValue.form(bytes[...]) {
        case .link(let link):
            keys.append(link.key)
            // An account number may be part of a link that is quoted whole.
            AccountScanner.scan(bytes, .vouching) { keys += $0 }
        case .key(let key): keys.append(key)
        case .opaque: break
        }
        let isEcho = keys.contains(where: echo.contains)
        for key in keys where key.count > 1 { values.insert(key, place: place, isTrusted: !isEcho) }
    }

    /// The best origin of these keys: a person, then a field, then text.
    func origin(of keys: [[UInt8]]) -> ValueOrigin {
        var free: UInt64 = 0
        var trusted: UInt64 = 0
        for key in keys {
            guard let entry = values.entry(key) else { continue }
            if entry.trusted != 0, trusted == 0 || entry.trusted < trusted { trusted = entry.trusted }
            if free == 0 { free = entry.free }
        }
        switch trusted {
        case 0: break
        case Place.request: return .request
        case Place.identity: return .identity
        default:
            return .structured(
                result: Int(trusted >> 32), field: paths.text(UInt32(truncatingIfNeeded: trusted)))
        }
        guard free != 0 else { return .unseen }
        return .freeText(result: Int(free >> 32), field: paths.text(UInt32(truncatingIfNeeded: free)))
    }

    /// Counts a call and what it will have read.
    mutating func count(_ tool: String, _ arguments: JSONValue, _ annotations: ToolAnnotations) {
        if annotations.effect.isEffectful {
            // What is stored today must not come back tomorrow as a value that vouches for itself.
            for key in BroughtValues(arguments, leaves: settings.limits.leaves, includesWords: false).keys {
                values.bring(key)
            }
        }
        calls[tool, default: 0] &+= 1
        if annotations.readsPrivateData { hasReadPrivateData = true }
        if annotations.readsUntrustedContent { hasReadUntrustedContent = true }
    }
}
