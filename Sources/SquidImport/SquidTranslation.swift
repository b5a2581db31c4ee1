// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a Squid configuration became.
public struct SquidTranslation: Sendable {
    /// A configuration for the gate.
    public var configuration: String
    /// What happened to each line of the original that says something, in its order.
    public var reports: [LineReport]

    /// What happened to one line.
    public struct LineReport: Sendable, Hashable, CustomStringConvertible {
        /// The number of the line, from 1; of a continued line, that of its start.
        public var line: Int
        /// The line, its continuations joined.
        public var text: String
        /// How much of it was translated.
        public var outcome: Outcome
        /// What a person should know.
        public var notes: [String]

        /// `line: outcome: text`, and the notes behind it.
        public var description: String {
            (["\(line): \(outcome.rawValue): \(text)"] + notes.map { "    \($0)" }).joined(separator: "\n")
        }
    }

    /// How much of a line was translated, from all to nothing.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// The result means the same.
        case translated
        /// The result allows less.
        case approximated
        /// The line has no equal and is left out.
        case noEqual = "no equal"
    }

    /// What to do with `include` and `if`, whose lines are not known.
    public enum UnknownLines: Sendable, Hashable {
        /// They may deny anything: no rule behind them allows.
        case denyWhatFollows
        /// The caller knows that they do not deny.
        case ignore
    }
}

/// Translates Squid's access rules to agents and grants.
///
/// Squid asks the rules of `http_access` one after the other, and the first that matches decides; grants only allow. So
/// the requests that the rules allow are worked out as regions of source, host, port and method, and the regions are
/// written as grants. Where a region cannot be written, or where it depends on something that is not known here, it is
/// left out: the result never allows more than the original.
///
/// Source: Squid configuration directives `acl` and `http_access`, version 6.
public enum SquidImport {
    /// The longest configuration, in bytes.
    public static let maximumBytes = 4 << 20

    /// Translates a configuration. Files that it names are not read.
    ///
    /// - Parameters:
    ///   - text: The contents of `squid.conf`.
    ///   - trustDomain: The trust domain of the result.
    ///   - unknownLines: What to do with lines that are not known.
    public static func translate(
        _ text: String, trustDomain: String, unknownLines: SquidTranslation.UnknownLines = .denyWhatFollows
    ) -> SquidTranslation {
        var translator = Translator(trustDomain: trustDomain, unknownLines: unknownLines)
        guard text.utf8.count <= maximumBytes else {
            translator.report(
                SquidLine(number: 1, words: [], text: ""), .noEqual, "the file has more than \(maximumBytes >> 20) MiB")
            return translator.finish()
        }
        translator.read(SquidLine.lines(of: text))
        return translator.finish()
    }
}
