// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a bundle is refused. Nothing of a refused bundle is used.
public enum BundleFailure: Error, Hashable, Sendable {
    /// The bytes are no archive, or one with something in it that has no place in a bundle.
    case archive(String)
    /// A file's name is not allowed.
    case path(String, String)
    /// Something is larger than allowed.
    case limit(String)
    /// The manifest says nothing that makes sense.
    case manifest(String)
    /// The data cannot be read or merged.
    case data(String)
    /// A module cannot be read.
    case module(String)
    /// Something lies outside of the roots that the manifest declares.
    case roots(String)
    /// The signature is missing, wrong, or not over what the bundle holds.
    case signature(String)
    /// A change of data cannot be made.
    case patch(String)
    /// A file cannot be read or written: path, operation and error number.
    case file(String, String, Int32)
}

extension BundleFailure: CustomStringConvertible {
    /// The reason in one line.
    public var description: String {
        switch self {
        case .archive(let detail): "not a bundle: \(detail)"
        case .path(let path, let detail): "file '\(path)' in the bundle: \(detail)"
        case .limit(let detail): "the bundle is too large: \(detail)"
        case .manifest(let detail): "bundle manifest: \(detail)"
        case .data(let detail): "bundle data: \(detail)"
        case .module(let detail): "bundle module: \(detail)"
        case .roots(let detail): "bundle roots: \(detail)"
        case .signature(let detail): "bundle signature: \(detail)"
        case .patch(let detail): "bundle patch: \(detail)"
        case .file(let path, let operation, let code): "\(operation) \(path): error \(code)"
        }
    }
}
