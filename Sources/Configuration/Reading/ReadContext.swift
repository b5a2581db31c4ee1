// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Yams

/// Collects what is found while a file is read, and counts what is visited.
final class ReadContext {
    let file: String
    private(set) var diagnostics: [Diagnostic] = []
    /// The names of keys that were marked as the first of two; see ``YAMLDocument``.
    var duplicates: [Unicode.Scalar: String] = [:]
    private var visits = 0

    private var counts: [Diagnostic.Severity: Int] = [:]

    /// The most mistakes of one file, and the most doubtful entries.
    static let maximumDiagnostics = 100
    /// The most nodes visited, those behind an alias counted each time: more than a file without aliases can have, and
    /// enough for a hundred agents that share a thousand hosts.
    private let maximumVisits: Int

    init(file: String, bytes: Int) {
        self.file = file
        maximumVisits = 100_000 + 4 * bytes
    }

    func error(_ place: Place, _ message: String, hint: String? = nil) {
        report(Diagnostic(severity: .error, file: file, place: place, message: message, hint: hint))
    }

    func warning(_ place: Place, _ message: String, hint: String? = nil) {
        report(Diagnostic(severity: .warning, file: file, place: place, message: message, hint: hint))
    }

    /// Counts a visit.
    ///
    /// - Returns: Whether the node may be looked at.
    func visit(_ place: Place) -> Bool {
        visits += 1
        if visits == maximumVisits {
            error(place, "the file has more than \(maximumVisits) values, those behind aliases counted each time")
        }
        return visits < maximumVisits
    }

    private func report(_ diagnostic: Diagnostic) {
        let count = counts[diagnostic.severity, default: 0]
        guard count <= Self.maximumDiagnostics, !diagnostics.contains(diagnostic) else { return }
        counts[diagnostic.severity] = count + 1
        guard count == Self.maximumDiagnostics else { return diagnostics.append(diagnostic) }
        // Doubtful entries are no mistake, however many there are.
        let what = diagnostic.severity == .error ? "mistakes" : "doubtful entries"
        diagnostics.append(
            Diagnostic(
                severity: diagnostic.severity, file: file, place: diagnostic.place,
                message: "more than \(Self.maximumDiagnostics) \(what); the rest is not shown", hint: nil))
    }
}

extension Node {
    /// Where the node starts.
    var place: Place { mark.map { Place(line: $0.line, column: $0.column) } ?? .start }
}
