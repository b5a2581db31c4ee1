// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Logging
internal import Synchronization

/// A log handler that keeps nothing but what must never be in a log: keys, tokens, certificates.
package final class SecretWatch: Sendable {
    private let seen = Mutex<[String]>([])

    /// Watches nothing yet.
    package init() {}

    /// The lines that showed a secret.
    package var leaks: [String] { seen.withLock { $0 } }

    /// A logger of the finest level whose lines are looked at.
    package var logger: Logger {
        var logger = Logger(label: "watched") { _ in Handler(watch: self) }
        logger.logLevel = .trace
        return logger
    }

    /// Whether a text shows a secret: PEM, a token in compact form, a join token, a task's handle, a DER key.
    package static func isLeak(_ text: String) -> Bool {
        if text.contains("-----BEGIN") { return true }
        for (mark, length, dots) in [("yett-join-", 40, 0), ("th_", 20, 0), ("eyJ", 20, 2)] {
            var rest = text[...]
            while let start = rest.firstRange(of: mark) {
                rest = rest[start.upperBound...]
                let secret = rest.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }
                if secret.utf8.count >= length, secret.count(where: { $0 == "." }) >= dots, isRandom(secret) {
                    return true
                }
            }
        }
        return false
    }

    /// Words of prose have no digits.
    private static func isRandom(_ text: Substring) -> Bool { text.contains(where: \.isNumber) }

    fileprivate func look(at line: String) {
        if Self.isLeak(line) { seen.withLock { $0.append(line) } }
    }

    private struct Handler: LogHandler {
        let watch: SecretWatch
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = metadata.merging(event.metadata ?? [:]) { $1 }
            watch.look(at: "\(event.message) \(metadata)")
        }
    }
}
