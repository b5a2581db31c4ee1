// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// The standard streams: texts for people and lines for programs.
enum Terminal {
    /// Whether standard output is read by a person who has not asked for plain text.
    static let isColourful = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil

    /// Whether standard output is a terminal.
    static let isInteractive = isatty(STDOUT_FILENO) == 1

    /// Whether a person is there to answer a question.
    static let canAsk = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1

    /// Writes a line to standard error.
    static func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Writes a text as it is to standard output, at once.
    static func write(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// The text without control characters, which could move the cursor or change the terminal.
    static func safe(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f || $0 == 0xc2 }) else { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) ? "\u{fffd}" : scalar
                }))
    }

    /// Lines without control characters.
    static func safeLines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { safe(String($0)) }.joined(separator: "\n")
    }

    private static func write(_ text: String, to descriptor: CInt) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno != EINTR {
                // The reader has gone, as in `yett audit query | head`.
                exit(0)
            }
        }
    }
}
