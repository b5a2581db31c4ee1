// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds secrets in one stream and puts as many `*` in their places, so that the length of the stream stays the same.
///
/// It holds back what may still become a secret: never more than one byte less than the longest spelling has, and
/// nothing where no spelling has begun, so that a stream flows on as it comes.
public struct SecretScanner: Sendable {
    /// How far a stream was read.
    struct Progress: Sendable {
        /// The automaton's state.
        var state: Int32 = 0
        /// Bytes since the last secret ended.
        var sinceHit = Int.max
        /// Secrets so far.
        var hits = 0
    }

    private let patterns: SecretPatterns
    private var held: [UInt8] = []
    private var progress = Progress()
    /// Scanners for the patterns that were added, which look at what this one passes on.
    private var further: [SecretScanner]

    /// A scanner at the start of a stream.
    public init(_ patterns: SecretPatterns) {
        self.patterns = patterns
        further = patterns.others.map { SecretScanner($0) }
    }

    /// Secrets that were found; two that overlap count once.
    public var hits: Int { further.reduce(progress.hits) { $0 &+ $1.hits } }

    /// Bytes that are held back.
    public var heldBytes: Int { further.reduce(held.count) { $0 &+ $1.heldBytes } }

    /// Takes the next bytes and gives those that can be passed on.
    public mutating func feed(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        bytes.withUnsafeBytes { feed($0, into: &output) }
        return output
    }

    /// Takes the next bytes and appends those that can be passed on.
    public mutating func feed(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        guard !further.isEmpty else { return feedOwn(bytes, into: &output) }
        var passed: [UInt8] = []
        feedOwn(bytes, into: &passed)
        output.append(contentsOf: feedFurther(passed))
    }

    private mutating func feedFurther(_ bytes: [UInt8]) -> [UInt8] {
        var passed = bytes
        for index in further.indices { passed = further[index].feed(passed) }
        return passed
    }

    private mutating func feedOwn(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let start = output.count
        output.append(contentsOf: held)
        output.append(contentsOf: bytes)
        let fresh = start &+ held.count
        if patterns.secretCount > 0 { patterns.scan(&output, from: fresh, &progress) }
        let depth = Int(patterns.automaton.states[Int(progress.state)].depth)
        held.removeAll(keepingCapacity: true)
        if depth > 0 {
            held.append(contentsOf: output.suffix(depth))
            output.removeLast(depth)
        }
    }

    /// Ends the stream and gives what was held back. The scanner is as new afterwards, but for its count.
    public mutating func end() -> [UInt8] {
        defer {
            held = []
            progress = Progress(hits: progress.hits)
        }
        var rest = held
        for index in further.indices { rest = further[index].feed(rest) + further[index].end() }
        return rest
    }
}
