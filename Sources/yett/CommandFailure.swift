// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// Why a command did not do what was asked, and the exit code that says so.
struct CommandFailure: Error {
    /// The exit codes, as documented in `yett --help`.
    enum Code: Int32 {
        /// Refused, not found, or failed.
        case failed = 1
        /// Wrong usage or wrong configuration.
        case usage = 2
    }

    let code: Code
    /// What happened, and whose fault it is.
    let what: String
    /// What to type next.
    let remedy: String?

    init(_ what: String, remedy: String? = nil, code: Code = .failed) {
        self.what = what
        self.remedy = remedy
        self.code = code
    }

    /// Tells the person and ends the program.
    func report() -> Never {
        Terminal.complain("yett: \(what)")
        if let remedy { Terminal.complain("      \(remedy)") }
        exit(code.rawValue)
    }
}
