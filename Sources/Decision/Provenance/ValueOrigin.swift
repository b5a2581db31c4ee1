// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where a value was seen first.
public enum ValueOrigin: Sendable, Hashable, CustomStringConvertible {
    /// In the person's words.
    case request
    /// In what is known of the person who signed in.
    case identity
    /// As the value of a field of a result; results count from 1.
    case structured(result: Int, field: String)
    /// Inside of text that others wrote.
    case freeText(result: Int, field: String)
    /// Nowhere in this task.
    case unseen

    /// Whether a destination may come from there.
    public var isTrusted: Bool {
        switch self {
        case .request, .identity, .structured: true
        case .freeText, .unseen: false
        }
    }

    /// Whether a person stands behind it.
    public var isPersonal: Bool { self == .request || self == .identity }

    /// For records and explanations.
    public var description: String {
        switch self {
        case .request: "the request"
        case .identity: "the identity"
        case .structured(let result, let field): "field \(field) of result \(result)"
        case .freeText(let result, let field): "text in \(field) of result \(result)"
        case .unseen: "nowhere in the task"
        }
    }
}
