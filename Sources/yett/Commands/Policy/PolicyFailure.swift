// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyTool

/// Ends commands with what is wrong with policies.
enum PolicyFailure {
    /// Runs a body and tells a problem: to people on standard error, to programs as JSON on standard output.
    static func reporting<Result>(
        json: Bool = false, code: Int32 = 1, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let problem as PolicyProblem {
            if json {
                Terminal.write(problem.json.jsonText() + "\n")
            } else {
                Terminal.complain(problem.text)
                if let remedy = problem.remedy { Terminal.complain("      \(remedy)") }
            }
            throw ExitCode(code)
        }
    }
}
