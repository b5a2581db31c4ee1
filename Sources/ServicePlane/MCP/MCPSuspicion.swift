// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// Finds phrases in the text of a tool's definition that speak to a model behind the person's back, by a list of telling
/// ones. A reason for a person to look, not proof, and no defence by itself: what a call may do is decided elsewhere.
enum MCPSuspicion {
    /// Phrases in small letters, one space between words.
    private static let phrases: [[UInt8]] = [
        "<important>", "<system>", "<instructions>", "<instruction>", "<information>", "<secret>", "<hidden>",
        "[system]", "[inst]", "<|im_start|>", "<|system|>",
        "ignore previous instructions", "ignore all previous", "ignore prior instructions", "disregard previous",
        "disregard all previous", "override previous instructions", "new instructions:",
        "do not tell the user", "don't tell the user", "do not inform the user", "don't inform the user",
        "do not mention this", "don't mention this", "do not mention that", "never mention this",
        "without telling the user", "without informing the user", "without asking the user",
        "without the user's knowledge", "hide this from the user", "keep this secret", "do not notify the user",
        "id_rsa", "id_ed25519", "~/.ssh", "/.ssh/", "~/.aws", ".aws/credentials", "/etc/passwd", "/etc/shadow",
        "mcp.json", "~/.cursor", "entire conversation", "your system prompt",
    ].map { Array($0.utf8) }

    /// Whether a string of the definition has one of the phrases, also in names of members.
    static func isPresent(in definition: MCPToolDefinition) -> Bool { isPresent(in: .object(definition.value)) }

    private static func isPresent(in value: JSONValue) -> Bool {
        switch value {
        case .string(let text): speaks(text)
        case .array(let elements): elements.contains { isPresent(in: $0) }
        case .object(let object): object.members.contains { speaks($0.name) || isPresent(in: $0.value) }
        default: false
        }
    }

    private static func speaks(_ text: String) -> Bool {
        guard text.utf8.count >= 6 else { return false }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if byte <= 0x20 {
                if bytes.last != 0x20 { bytes.append(0x20) }
            } else if byte == 0x60 || byte == 0x2a {
                // Marks of emphasis stand between letters without changing what is read.
                continue
            } else {
                bytes.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
            }
        }
        return phrases.contains { occurs($0, in: bytes) }
    }

    private static func occurs(_ phrase: [UInt8], in text: [UInt8]) -> Bool {
        guard let first = phrase.first, text.count >= phrase.count else { return false }
        let last = text.count &- phrase.count
        var start = 0
        while start <= last {
            if text[start] == first, text[start..<(start &+ phrase.count)].elementsEqual(phrase) { return true }
            start &+= 1
        }
        return false
    }
}
