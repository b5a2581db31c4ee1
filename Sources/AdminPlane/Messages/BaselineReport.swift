// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The body of `POST /v1/risk/baseline`.
public struct BaselineRequest: Codable, Sendable, Hashable {
    /// The longest body, in bytes.
    public static let largest = 34 << 20

    /// The baseline in its canonical form; absent for none.
    public var baseline: String?
    /// Why, for the record.
    public var why: String?

    /// Collects the parts.
    public init(baseline: String?, why: String? = nil) {
        self.baseline = baseline
        self.why = why
    }
}

/// The answer of `GET` and `POST /v1/risk/baseline`: what is in force.
public struct BaselineReport: Codable, Sendable, Hashable {
    /// The digest by which records name it; absent when none is in force.
    public var digest: String?
    /// Who ratified it.
    public var person: String?
    /// When, as RFC 3339 text.
    public var since: String?
    /// The baseline in its canonical form, without who ratified it.
    public var baseline: String?

    /// Nothing is in force.
    public init() {}
}
