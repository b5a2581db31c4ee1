// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
public import Protocols
public import Sandbox

/// What a run came to, as callers get it and records tell of it.
public struct SandboxReport: Sendable {
    /// The result.
    public let result: SandboxResult

    init(_ result: SandboxResult) { self.result = result }

    /// The answer of the tool and of `POST /v1/sandbox/runs`.
    public var fields: JSONObject {
        var fields = JSONObject()
        fields["outcome"] = .string(result.outcome.name)
        fields["exit"] = result.outcome.exit.map { .integer($0) } ?? .null
        fields["signal"] = result.outcome.signal.map { .integer($0) } ?? .null
        Self.write(result.output, "stdout", &fields)
        Self.write(result.errors, "stderr", &fields)
        fields["truncated"] = .bool(result.isTruncated)
        fields["timings"] = [
            "run_us": .integer(result.timings.run), "set_up_us": .integer(result.timings.setUp),
            "tear_down_us": .integer(result.timings.tearDown),
        ]
        fields["usage"] = [
            "cpu_us": .integer(result.usage.processorMicroseconds),
            "memory_kills": .integer(result.usage.memoryKills),
            "peak_memory_bytes": .integer(result.usage.peakMemoryBytes),
        ]
        fields["receipt"] = result.receipt.json
        fields["receipt_digest"] = .string(result.receipt.digest)
        return fields
    }

    /// The answer for a reader.
    public var text: String {
        var text = Self.text(result.output).text
        if !result.errors.isEmpty {
            if !text.isEmpty, text.utf8.last != 0x0A { text += "\n" }
            text += "[stderr]\n" + Self.text(result.errors).text
        }
        guard result.outcome != .exited(0) || result.isTruncated else { return text }
        if !text.isEmpty, text.utf8.last != 0x0A { text += "\n" }
        return text + "[\(ending)]\n"
    }

    private var ending: String {
        switch result.outcome {
        case .exited(let code): result.isTruncated ? "exit code \(code); output was cut off" : "exit code \(code)"
        case .signalled(let number): "ended by signal \(number)"
        case .timeout: "ended after \(result.receipt.limits.wallMilliseconds) ms, its time"
        case .outOfMemory: "ended for want of memory; the limit is \(result.receipt.limits.memoryBytes) bytes"
        case .outputLimit: "ended after \(result.receipt.limits.outputBytes) bytes of output, the limit"
        case .cut: "ended from outside"
        case .crashed: "what ran the code broke down"
        case .protocolError: "what came out of the sandbox is no answer"
        }
    }

    /// Whether the code did not come to an end of its own.
    public var isError: Bool { result.outcome.exit == nil }

    /// What the record says: the receipt's digest, by which anybody can check a receipt that is shown, and what people ask
    /// for most.
    public var summary: String {
        let receipt = result.receipt
        let summary: JSONValue = [
            "driver": .string(receipt.isolation.driver), "language": .string(receipt.program.rawValue),
            "limits": receipt.limits.json, "outcome": .string(receipt.outcome.name),
            "receipt": .string(receipt.digest), "source": .string(receipt.source.text),
            "strength": .string(receipt.isolation.strength.rawValue),
        ]
        return String(decoding: summary.canonicalBytes, as: UTF8.self)
    }

    // MARK: Output

    /// Writes a stream as a text, and in Base64 besides where the text is not exactly what was written.
    private static func write(_ bytes: [UInt8], _ name: String, _ fields: inout JSONObject) {
        let (text, isExact) = text(bytes)
        fields[name] = .string(text)
        if !isExact { fields[name + "_base64"] = .string(Base64.encode(bytes)) }
    }

    /// Output as a text that a person sees whole: what is no UTF-8, or not visible, is left to Base64.
    private static func text(_ bytes: [UInt8]) -> (text: String, isExact: Bool) {
        if let text = String(validating: bytes, as: UTF8.self), !HiddenText.isPresent(in: text),
            !bytes.contains(where: isControl)
        {
            return (text, true)
        }
        let visible = bytes.map { isControl($0) ? UInt8(ascii: "?") : $0 }
        return (HiddenText.removed(from: String(decoding: visible, as: UTF8.self)), false)
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D || byte == 0x7F
    }
}
