// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a policy or a grant demands of runs of generated code. Terms only narrow: whoever runs the code meets all of them
/// at once, or refuses.
public struct SandboxTerms: Sendable, Hashable {
    /// The weakest wall that will do.
    public var strength: String?
    /// The acceleration that it must have.
    public var acceleration: String?
    /// Which further walls must be there, of ``walls``.
    public var needs: Set<String> = []
    /// The most that a run may have of what ``limitNames`` names.
    public var limits: [String: Int64] = [:]

    /// Demands nothing.
    public init() {}

    /// Whether nothing is demanded.
    public var isEmpty: Bool { self == SandboxTerms() }

    /// The words for ``strength``, the weakest first.
    public static let strengths = ["namespace", "wasm", "user-kernel", "vm"]
    /// The words for ``acceleration``.
    public static let accelerations = [
        "hardware", "ring3", "emulated", "systrap", "ptrace", "jit", "interpreter",
    ]
    /// The words for ``needs``.
    public static let walls = ["jailed", "seccomp", "cgroup", "own_user"]
    /// The names in ``limits``.
    public static let limitNames = [
        "wall_ms", "cpu_thousandths", "memory_bytes", "processes", "scratch_bytes", "output_bytes",
    ]

    /// The word of a list with these very bytes.
    public static func word(_ text: String, among words: [String]) -> String? {
        words.first { $0.utf8.elementsEqual(text.utf8) }
    }
}
