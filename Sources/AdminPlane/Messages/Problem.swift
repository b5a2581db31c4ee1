// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An error of the admin API as it travels: a problem document.
///
/// Source: RFC 9457, section 3.
public struct Problem: Codable, Sendable, Hashable {
    /// A URI reference that names the kind of problem.
    public var type: String
    /// The kind in words.
    public var title: String
    /// The HTTP status.
    public var status: Int
    /// What happened.
    public var detail: String
    /// What to do or to type next.
    public var remedy: String?
    /// Single mistakes, for example of a configuration file.
    public var diagnostics: [String]?

    /// The media type of problem documents.
    public static let mediaType = "application/problem+json"

    /// Collects the parts.
    public init(
        type: String, title: String, status: Int, detail: String, remedy: String? = nil, diagnostics: [String]? = nil
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.remedy = remedy
        self.diagnostics = diagnostics
    }
}
