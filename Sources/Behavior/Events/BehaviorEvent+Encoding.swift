// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

extension BehaviorEvent {
    /// The event as canonical JSON (RFC 8785): one flat object, members that say nothing left out.
    ///
    /// Members are `agent`, `arguments` (16 hexadecimal digits), `bits`, `bytes_down`, `bytes_up`, `canary`,
    /// `continuation`, `domain`, `effect`, `host`, `id` (16 hexadecimal digits), `labels`, `named`, `outcome`
    /// (`allowed`, `held` or `denied:` and the class), `plane`, `role`, `service`, `session`, `task`, `time`
    /// (microseconds) and `tool`.
    public var encoded: [UInt8] {
        var object = FlatObject()
        object.text("agent", agent)
        object.text("arguments", arguments.map(HexadecimalText.of))
        object.number("bits", outboundBits)
        object.number("bytes_down", bytesDown)
        object.number("bytes_up", bytesUp)
        object.flag("canary", touchesCanary)
        object.flag("continuation", isContinuation)
        object.text("domain", destination?.domain)
        object.text("effect", effect == .unknown ? nil : effect.rawValue)
        object.text("host", destination?.host)
        object.text("id", HexadecimalText.of(id))
        object.list("labels", labels.names)
        object.flag("named", destination?.isNamed ?? false)
        object.text("outcome", outcome.text)
        object.text("plane", plane.isEmpty ? nil : plane)
        object.text("role", role)
        object.text("service", service)
        object.text("session", session)
        object.text("task", task)
        object.number("time", time, isAlways: true)
        object.text("tool", tool)
        return object.finish()
    }
}

extension BehaviorEvent.Outcome {
    /// How an encoded event says it.
    var text: String {
        switch self {
        case .allowed: "allowed"
        case .held: "held"
        case .denied(let kind): "denied:" + kind.rawValue
        }
    }

    init?(text: String) {
        switch text {
        case "allowed": self = .allowed
        case "held": self = .held
        default:
            guard text.utf8.starts(with: "denied:".utf8),
                let kind = BehaviorEvent.DenialClass(rawValue: String(text.dropFirst(7)))
            else { return nil }
            self = .denied(kind)
        }
    }
}

extension BehaviorEvent.Labels {
    private static let named: [(name: String, label: Self)] = [
        ("external_write", .externalWrite), ("private_read", .privateRead), ("untrusted_read", .untrustedRead),
    ]

    /// The names, in order.
    var names: [String] { Self.named.filter { contains($0.label) }.map(\.name) }

    /// The labels of names; nil for an unknown name.
    init?(names: some Sequence<String>) {
        self = []
        for name in names {
            guard let label = Self.named.first(where: { $0.name == name })?.label else { return nil }
            insert(label)
        }
    }
}

/// Writes one flat JSON object whose members come in canonical order.
struct FlatObject {
    private var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(320) }

    mutating func text(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        member(name)
        JSONValue.write(value, to: &bytes)
    }

    mutating func number(_ name: StaticString, _ value: Int64, isAlways: Bool = false) {
        guard value != 0 || isAlways else { return }
        member(name)
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func flag(_ name: StaticString, _ value: Bool) {
        guard value else { return }
        member(name)
        bytes.append(contentsOf: "true".utf8)
    }

    mutating func list(_ name: StaticString, _ values: [String]) {
        guard !values.isEmpty else { return }
        member(name)
        bytes.append(UInt8(ascii: "["))
        for (position, value) in values.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONValue.write(value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    consuming func finish() -> [UInt8] {
        if bytes.isEmpty { bytes.append(UInt8(ascii: "{")) }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private mutating func member(_ name: StaticString) {
        bytes.append(bytes.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(contentsOf: "\":".utf8)
    }
}
