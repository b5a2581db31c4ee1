// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Holds the arguments of one call against what the task has seen.
struct ArgumentJudge {
    let task: TaskProvenance
    let annotations: ToolAnnotations
    let isGranted: Bool
    private(set) var denial: ProvenanceDenial?
    private(set) var records: [ProvenanceRecord] = []

    init(task: TaskProvenance, annotations: ToolAnnotations, isGranted: Bool) {
        self.task = task
        self.annotations = annotations
        self.isGranted = isGranted
    }

    /// Whether the arguments are within the bounds.
    func measure(_ arguments: JSONValue) -> Bool {
        var leaves = task.settings.limits.leaves
        var bytes = task.settings.limits.argumentBytes
        func take(_ value: JSONValue) -> Bool {
            leaves &-= 1
            guard leaves >= 0 else { return false }
            switch value {
            case .null, .bool: return true
            case .number(let number): bytes &-= number.text.utf8.count
            case .string(let text): bytes &-= text.utf8.count
            case .array(let elements): return elements.allSatisfy(take)
            case .object(let object):
                return object.members.allSatisfy { member in
                    bytes &-= member.name.utf8.count
                    return take(member.value)
                }
            }
            return bytes >= 0
        }
        return take(arguments) && bytes >= 0
    }

    /// Judges every argument; stops at the first refusal.
    mutating func judge(_ arguments: JSONValue) {
        let isRead = annotations.effect == .read
        if isRead, !annotations.roles.values.contains(.handle) { return }
        for member in arguments.object?.members ?? [] {
            judge(member.value, at: member.name, named: member.name, annotations.roles[member.name])
        }
        if arguments.object == nil, !isRead { judge(arguments, at: "arguments", named: "", nil) }
    }

    private mutating func judge(_ value: JSONValue, at place: String, named: String, _ role: ArgumentRole?) {
        guard denial == nil else { return }
        switch value {
        case .null, .bool:
            break
        case .number(let number):
            // A number that is a value or content is an amount or a time, and nobody's account.
            if role != .value, role != .content { judge(number.text, at: place, role) }
        case .string(let text):
            judge(text, at: place, role)
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                judge(element, at: "\(place)[\(index)]", named: named, role)
            }
        case .object(let object):
            for member in object.members {
                let inner = "\(named).\(member.name)"
                judge(member.name, at: place, role == .destination || role == .handle ? nil : role)
                judge(member.value, at: "\(place).\(member.name)", named: inner, annotations.roles[inner] ?? role)
            }
        }
    }

    private mutating func judge(_ text: String, at place: String, _ role: ArgumentRole?) {
        guard denial == nil, !text.isEmpty, annotations.effect != .read || role == .handle else { return }
        switch role {
        case .handle: handle(text, place)
        case .destination: destination(text, place)
        case .object: object(text, place)
        case .secret: secret(text, place)
        case .value, .content: content(text, place)
        case nil: unknown(text, place)
        }
    }

    // MARK: Rules

    private mutating func destination(_ text: String, _ place: String) {
        guard !VisibleText.hides(in: text) else { return refuse(.hiddenCharacters, place, .unseen) }
        for part in WholeValue.parts(Array(text.utf8)[...]) {
            let origin = origin(of: part)
            let isRead = annotations.effect == .egressRead
            if origin.isTrusted || isRead && mayRead(part, origin) {
                records.append(ProvenanceRecord(argument: place, origin: origin))
            } else {
                return refuse(.destination, place, origin)
            }
        }
    }

    /// Whether a page may be read: on a host that a person named, or, where that is chosen, seen anywhere.
    private func mayRead(_ part: ArraySlice<UInt8>, _ origin: ValueOrigin) -> Bool {
        if task.settings.allowsVerbatimReads, case .freeText = origin { return true }
        guard case .link(let link) = WholeValue.form(part), link.isWeb || link.scheme.isEmpty else { return false }
        return task.origin(of: [link.hostKey]).isPersonal
    }

    private mutating func object(_ text: String, _ place: String) {
        guard !VisibleText.hides(in: text) else { return refuse(.hiddenCharacters, place, .unseen) }
        guard annotations.effect.isEffectful else { return }
        let origin = origin(of: Array(text.utf8)[...])
        let takesSeen = isGranted && annotations.effect == .write && task.settings.grantedWritesTakeSeenObjects
        guard origin.isTrusted || takesSeen && origin != .unseen else { return refuse(.object, place, origin) }
        let needsPerson =
            !isGranted && annotations.effect == .destructive && task.settings.ungrantedDestructionNeedsPerson
        if needsPerson, !origin.isPersonal { return refuse(.destructiveObject, place, origin) }
        records.append(ProvenanceRecord(argument: place, origin: origin))
    }

    private mutating func handle(_ text: String, _ place: String) {
        guard !VisibleText.hides(in: text) else { return refuse(.hiddenCharacters, place, .unseen) }
        let origin = origin(of: Array(text.utf8)[...])
        guard origin.isTrusted else { return refuse(.handle, place, origin) }
        records.append(ProvenanceRecord(argument: place, origin: origin))
    }

    private mutating func secret(_ text: String, _ place: String) {
        guard task.request.containsSecret(Array(text.utf8)[...]) else {
            let origin = origin(of: Array(text.utf8)[...])
            return refuse(.secret, place, origin == .request ? .unseen : origin)
        }
        records.append(ProvenanceRecord(argument: place, origin: .request))
    }

    private mutating func content(_ text: String, _ place: String) {
        guard annotations.effect.isEffectful else { return }
        let bytes = VisibleText.bytes(text)
        var found: [(rule: ProvenanceRule, keys: [[UInt8]])] = []
        TextScanner.scan(bytes) { item in
            switch item {
            case .link(let link): found.append((.contentLink, link.vouchers))
            case .host(let key): found.append((.contentLink, [key] + HostWords.vouchers(of: key)))
            case .email, .word: break
            }
        }
        AccountScanner.scan(bytes, .judging) { found.append((.contentAccount, $0)) }
        for (rule, keys) in found {
            let origin = task.origin(of: keys)
            if origin.isTrusted {
                records.append(ProvenanceRecord(argument: place, origin: origin))
            } else if !isPlainWord(keys, origin) {
                return refuse(rule, place, origin)
            }
        }
    }

    /// Whether a host without anything behind it may be prose or a file: seen nowhere, and not in a usual domain.
    private func isPlainWord(_ keys: [[UInt8]], _ origin: ValueOrigin) -> Bool {
        guard let key = keys.first, key.first == AddressForm.Kind.host.rawValue else { return false }
        if HostWords.isFile(key) { return true }
        return origin == .unseen && !HostWords.isUsual(key)
    }

    /// An argument of which nothing is known: an address as a whole is a destination, anything else is content.
    private mutating func unknown(_ text: String, _ place: String) {
        let parts = WholeValue.parts(Array(VisibleText.bytes(text))[...])
        let isAddress =
            parts.count > 1
            || parts.contains { part in
                switch WholeValue.form(part) {
                case .link: true
                case .key(let key): key.first == AddressForm.Kind.email.rawValue
                case .opaque: false
                }
            }
        if isAddress { destination(text, place) } else { content(text, place) }
    }

    // MARK: Origins

    private func origin(of value: ArraySlice<UInt8>) -> ValueOrigin {
        let whole = ByteClass.trimmed(value)
        var keys: [[UInt8]]
        var mayBePhrase = true
        switch WholeValue.form(whole) {
        case .link(let link):
            keys = link.vouchers
            mayBePhrase = false
        case .key(let key):
            keys = [key]
            mayBePhrase = key.first == AddressForm.Kind.host.rawValue
        case .opaque(let key):
            keys = [key]
        }
        if mayBePhrase {
            if task.request.contains(whole) { return .request }
            keys.append(AddressForm.opaque(whole))
        }
        return task.origin(of: keys)
    }

    private mutating func refuse(_ rule: ProvenanceRule, _ place: String, _ origin: ValueOrigin) {
        denial = ProvenanceDenial(rule: rule, argument: place, origin: origin)
    }
}
