// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Names of environment variables that the configuration may give to launched agents.
enum VariableName {
    /// Whether every shell and program takes the name (POSIX.1-2024, XBD 8.1, in either case).
    static func isValid(_ name: String) -> Bool {
        guard (1...128).contains(name.utf8.count), let first = name.utf8.first else { return false }
        return !isDigit(first) && name.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
    }

    /// Whether the name is one that the sandbox depends on: whoever sets it leads the agent past the gate, or into other
    /// code.
    static func isReserved(_ name: String) -> Bool {
        let upper = name.uppercased()
        return names.contains(upper) || upper.hasPrefix("LD_") || upper.hasPrefix("YETT_") || upper.hasSuffix("_PROXY")
    }

    private static let names: Set<String> = [
        "AWS_CA_BUNDLE", "BASH_ENV", "CURL_CA_BUNDLE", "ENV", "GIT_SSL_CAINFO", "HOME", "IFS", "LOGNAME",
        "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "NODE_USE_ENV_PROXY", "PATH", "PERL5OPT", "PIP_CERT", "PWD",
        "PYTHONSTARTUP", "REQUESTS_CA_BUNDLE", "RUBYOPT", "SHELL", "SPIFFE_ENDPOINT_SOCKET", "SSL_CERT_DIR",
        "SSL_CERT_FILE", "TMPDIR", "USER",
    ]

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
