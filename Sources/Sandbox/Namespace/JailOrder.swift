// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the launcher is to start for one run, and how the run knows that the code in it starts.
struct JailOrder: Sendable {
    /// The options for bubblewrap.
    var words: [String]
    /// The data that they name, in the order of its descriptors, the first of which is `yett_job_data_target`.
    var data: [[UInt8]]
    /// The program in the jail and its arguments.
    var arguments: [String]
    /// What a file may grow to.
    var fileBytes: Int
    /// What the jail may use up: the code, and what runs it.
    var limits: SandboxLimits
    /// How the start of the code is known where it is later than the jail's.
    var announcement: JailAnnouncement?

    /// The words as bubblewrap reads them from a descriptor.
    var bytes: [UInt8] { words.flatMap { Array($0.utf8) + [0] } }
}

/// A kernel of its own runs in the jail, and says when it starts the code: with the first byte of standard output, which
/// the code cannot write before.
struct JailAnnouncement: Sendable {
    /// The byte; it is no part of the output.
    var byte: UInt8
    /// How long it may take to come.
    var milliseconds: Int
    /// What runs the code, for messages.
    var name: String
    /// The exit code with which that breaks down.
    var failure: Int
}
