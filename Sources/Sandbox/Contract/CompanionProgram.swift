// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// A program that is installed together with this one, and found by where this one lies.
struct CompanionProgram {
    /// The program's name.
    let name: String
    /// Where it may lie, the likeliest place first.
    let candidates: [String]

    /// - Parameter given: The one place where it is, when somebody said it.
    init(_ name: String, given: String?) {
        self.name = name
        if let given {
            candidates = [given]
        } else if let executable = realpath("/proc/self/exe", nil) {
            defer { free(executable) }
            let path = String(cString: executable)
            let directory = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
            candidates = [directory + "/" + name, directory + "/../libexec/yett/" + name]
        } else {
            candidates = []
        }
    }

    /// What to say when it lies nowhere.
    var missing: SandboxError {
        .refused(
            .unavailable,
            "the program \(name) is missing, it belongs at \(candidates.joined(separator: " or ")): install it again")
    }
}
