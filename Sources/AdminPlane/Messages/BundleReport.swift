// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How a policy bundle fares, in the words of OPA's status messages. Times are RFC 3339.
public struct BundleReport: Codable, Sendable, Hashable {
    /// Its name in the configuration.
    public var name: String
    /// Its path or URL.
    public var source: String
    /// Whether the policy that serves was made with it.
    public var isActive: Bool
    /// What its author calls the version that serves.
    public var activeRevision: String?
    /// Bytes of the last download.
    public var size: Int?
    /// When the server was asked last.
    public var lastRequest: String?
    /// When it gave an answer that counts.
    public var lastSuccessfulRequest: String?
    /// When a bundle came.
    public var lastSuccessfulDownload: String?
    /// When it came to use.
    public var lastSuccessfulActivation: String?
    /// `bundle_error` while something is wrong.
    public var code: String?
    /// What is wrong.
    public var message: String?
    /// The status of an answer that is wrong.
    public var httpCode: String?
    /// Set where it belongs to the candidate of a rollout only; nothing depends on it.
    public var isCandidate: Bool?

    /// Collects the parts.
    public init(
        name: String, source: String, isActive: Bool, activeRevision: String?, size: Int?, lastRequest: String?,
        lastSuccessfulRequest: String?, lastSuccessfulDownload: String?, lastSuccessfulActivation: String?,
        code: String?, message: String?, httpCode: String?
    ) {
        self.name = name
        self.source = source
        self.isActive = isActive
        self.activeRevision = activeRevision
        self.size = size
        self.lastRequest = lastRequest
        self.lastSuccessfulRequest = lastSuccessfulRequest
        self.lastSuccessfulDownload = lastSuccessfulDownload
        self.lastSuccessfulActivation = lastSuccessfulActivation
        self.code = code
        self.message = message
        self.httpCode = httpCode
    }
}
