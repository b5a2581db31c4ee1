// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why the audit log cannot be opened, written or read.
public enum AuditLogError: Error, Equatable, Sendable {
    /// A system call failed on a file.
    case file(path: String, operation: String, code: Int32)
    /// A file or directory is readable or writable by others, or is not what it should be.
    case insecure(path: String, reason: String)
    /// Another process has the log open for writing.
    case locked(path: String)
    /// The signing key cannot be used.
    case key(path: String, reason: String)
    /// The files of the log contradict each other or its signed head: they were changed by something else.
    case tampered(record: UInt64?, decision: String?, reason: String)
    /// The log does not accept records now.
    case unavailable(String)
    /// There is no such record.
    case noRecord(UInt64)
}

extension AuditLogError: CustomStringConvertible {
    /// What happened and what to do, in one line.
    public var description: String {
        switch self {
        case .file(let path, let operation, let code):
            return "\(path): \(operation) failed: \(SystemCall.message(of: code))"
        case .insecure(let path, let reason):
            return "\(path): \(reason)"
        case .locked(let path):
            return "\(path): another process writes this audit log; stop it or configure another directory"
        case .key(let path, let reason):
            return "\(path): \(reason)"
        case .tampered(let record, let decision, let reason):
            let name = record.map { "record \($0)" + (decision.map { " (decision \($0))" } ?? "") + ": " } ?? ""
            return "the audit log was changed: \(name)\(reason); "
                + "run `yett audit verify`, keep the directory as evidence and start with a new one"
        case .unavailable(let reason):
            return "the audit log does not accept records: \(reason)"
        case .noRecord(let index):
            return "the audit log has no record \(index)"
        }
    }
}
