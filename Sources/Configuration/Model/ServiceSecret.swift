// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A secret in a field of each request.
public struct ServiceSecret: Sendable, Hashable {
    /// `secret`.
    public var secret: SecretReference
    /// `header`: the name of the field.
    public var header: String
    /// `prefix`: what stands in front of the secret.
    public var prefix: String

    /// Collects the parts.
    public init(secret: SecretReference, header: String = "Authorization", prefix: String = "Bearer ") {
        self.secret = secret
        self.header = header
        self.prefix = prefix
    }
}
