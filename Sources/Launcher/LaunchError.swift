// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a launch did not happen, or was ended by the launcher. Nothing of the program ran outside the walls.
public enum LaunchError: Error, Sendable, Equatable {
    /// A part of the system is missing; the text names the package or the setting that brings it.
    case missing(String)
    /// The plan asks for something that is not given; the text says what to change.
    case refused(String)
    /// The program was not found; exit code 127.
    case programNotFound(String)
    /// The program is not executable, or its format is unknown; exit code 126.
    case programNotExecutable(String)
    /// The sandbox could not be set up.
    case setUp(String)
    /// The self-test inside found a way out; the text names the layer and what succeeded.
    case leak(String)
    /// The relay between the sandbox and the gate ended, so the program was ended with it.
    case relayEnded(String)

    /// The exit code that a command should end with.
    public var exitCode: Int32 {
        switch self {
        case .programNotFound: 127
        case .programNotExecutable: 126
        case .missing, .refused, .setUp, .leak, .relayEnded: 125
        }
    }
}

extension LaunchError: CustomStringConvertible {
    /// One line that says what happened and what to do.
    public var description: String {
        switch self {
        case .missing(let text), .refused(let text), .programNotFound(let text), .programNotExecutable(let text):
            text
        case .setUp(let text): "the sandbox could not be set up: \(text)"
        case .leak(let text): "the sandbox leaks, nothing was started: \(text)"
        case .relayEnded(let text): "the connection to the gate ended: \(text)"
        }
    }
}
