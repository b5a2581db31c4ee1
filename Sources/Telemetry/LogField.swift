// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The names of all fields in log lines.
public enum LogField {
    /// A SPIFFE ID or an agent's short name.
    public static let agent = "agent"
    /// A configuration file.
    public static let configuration = "configuration"
    /// How many live connections were cut.
    public static let cut = "cut"
    /// A decision id.
    public static let decision = "decision"
    /// A policy bundle, by its name in the configuration.
    public static let bundle = "bundle"
    /// What the author of a bundle calls its version.
    public static let bundleRevision = "bundle_revision"
    /// SHA-256 of the configuration, in hexadecimal digits.
    public static let digest = "digest"
    /// One mistake in a configuration file, with its position.
    public static let diagnostic = "diagnostic"
    /// What went wrong, in words.
    public static let error = "error"
    /// A launch id.
    public static let launch = "launch"
    /// A bound address or socket path.
    public static let listener = "listener"
    /// The HTTP method of an admin request.
    public static let method = "method"
    /// The user who asked, by number.
    public static let operatorUser = "operator_uid"
    /// The path of an admin request.
    public static let path = "path"
    /// A person: issuer, `#`, subject.
    public static let person = "person"
    /// A reason code.
    public static let reason = "reason"
    /// How many records were refused.
    public static let refused = "refused"
    /// A command that a person can type to get further.
    public static let remedy = "remedy"
    /// The revision of the snapshot.
    public static let revision = "revision"
    /// A task id.
    public static let task = "task"
    /// How many lines were thrown away because nobody read them fast enough.
    public static let dropped = "dropped"
    /// What started something, such as `signal` or `file`.
    public static let trigger = "trigger"
}
