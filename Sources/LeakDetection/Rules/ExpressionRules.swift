// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Credentials and personal data without a beginning of their own, known by what stands around them.
enum ExpressionRules {
    static let all: [LeakRule] = [
        LeakRule.expression(
            "private-key", .credential, near: ["PRIVATE KEY"],
            #"-----BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr]|[A-Za-z0-9+/=:, -]){16,}"#,
            before: 32, after: 64, extension: 8000),
        LeakRule.expression(
            "putty-private-key", .credential, near: ["PuTTY-User-Key-File"], #"PuTTY-User-Key-File-\d:"#, after: 8),
        LeakRule.expression(
            "connection-string", .credential,
            near: [
                "postgres", "mysql:", "mysql+", "mariadb:", "mongodb", "redis:", "rediss:", "amqp:", "amqps:", "mssql:",
                "sqlserver:", "ftp:/", "ftps:/", "sftp:/", "smtp:", "smtps:", "ldap:", "ldaps:", "clickhouse:",
                "nats:/",
            ],
            #"(?i)\b[a-z][a-z0-9+.-]{2,30}://[^\s:/@"'<>]{0,64}:[^\s@"'<>$]{3,128}@[a-z0-9.-]+"#, before: 8, after: 128,
            extension: 256),
        LeakRule.expression(
            "password-in-assignment", .credential,
            near: [
                "secret", "passw", "pwd=", "pwd:", "pwd ", "pwd\"", "token", "apikey", "api_key", "api-key",
                "access_key", "access-key",
                "accesskey", "private_key", "credential", "auth_key", "_key",
            ],
            #"(?i)(?:secret|passwd|password|passphrase|\bpwd|_pwd|"#
                + #"(?:auth|access|api|bearer|bot|refresh|secret|user|id)[_-]?token|"#
                + #"api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|stripe[_-]?key|aws[_-]?key|credentials?|"#
                + #"encryption[_-]?key|signing[_-]?key)[a-z0-9_-]{0,24}["'\\]{0,2}[ \t]{0,4}(?:=|:|=>|:=)[ \t]{0,4}["'\\]{0,2}"#
                + #"([^\s"',;&<>\\]{8,256})"#,
            before: 16, after: 96, extension: 512, isAssignment: true, filter: .password),
        LeakRule.expression(
            "environment-dump", .credential,
            near: ["\nPATH=", "\nHOME=", "\nSHELL=", "\nUSER=", "\nPWD=", "HOME=/", "PATH=/"],
            #"(?:^|[\s"'])(?:(?:export )?[A-Z_][A-Z0-9_]{1,60}=[^\n]{0,400}\r?\n){2,}(?:export )?[A-Z_][A-Z0-9_]{1,60}=\S"#,
            before: 400, after: 400),
        LeakRule.expression(
            "basic-authorization", .credential, near: ["Basic "],
            #"(?i)authorization["']?\s*[:=]\s*["']?basic [a-z0-9+/]{12,}={0,2}"#, before: 24, after: 200),
        LeakRule.expression(
            "azure-shared-access-signature", .credential, near: ["&sig=", "?sig="],
            #"[?&]sig=[A-Za-z0-9%+/]{40,}"#, before: 1, after: 128),
        LeakRule.expression(
            "social-security-number", .personal,
            near: ["ssn:", "ssn ", "ssn=", "ssn\"", "ssn'", "ssn-", "ssn_", "social security"],
            #"(?i)\b(?:ssn|social[ _-]security(?:[ _-]number)?)\b[^0-9\n]{0,20}\d{3}[- ]?\d{2}[- ]?\d{4}\b"#, after: 64),
    ].compactMap { $0 }
}
