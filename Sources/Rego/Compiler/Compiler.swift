// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Turns parsed modules and queries into what can be executed.
public struct Compiler: Sendable {
    /// How it compiles.
    public var options: CompilerOptions

    /// Makes a compiler.
    public init(options: CompilerOptions) {
        self.options = options
    }
}
