// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The memory of the composite values of one evaluation, one policy or one data version: allocation moves a pointer, and everything
/// is given back at once.
///
/// A single allocation always succeeds, so callers bound what they ask for first (`Limits`); going over `byteLimit`, or
/// building a value that would be larger if nothing in it were shared, sets `isExhausted`, on which the interpreter ends
/// the evaluation.
public final class Heap {
    /// Bytes that the values together may take.
    public let byteLimit: Int
    /// Whether the values took more than allowed.
    @usableFromInline private(set) var isExhausted = false
    /// The weight that a collection may have.
    var weightLimit: Int
    /// Called when more is used than allowed.
    var onExhaustion: (() -> Void)?
    /// Bytes handed out since the last reset.
    public private(set) var bytesInUse = 0
    /// What strings are hashed with; one per process, so that values of all heaps compare.
    @usableFromInline let seed: UInt64

    private var cursor: UInt
    private var end: UInt
    private let firstChunk: UnsafeMutableRawPointer
    private let firstChunkSize: Int
    private var moreChunks: [UnsafeMutableRawPointer] = []
    private var nextChunkSize: Int

    static let processSeed = UInt64.random(in: .min ... .max) | 1

    /// Makes an empty heap.
    ///
    /// - Parameters:
    ///   - firstChunk: bytes reserved from the start and kept over resets.
    ///   - byteLimit: bytes that the values together may take.
    public init(firstChunk: Int = 64 * 1024, byteLimit: Int = .max) {
        firstChunkSize = max(firstChunk, 4096)
        self.byteLimit = byteLimit
        weightLimit = byteLimit
        seed = Heap.processSeed
        self.firstChunk = .allocate(byteCount: firstChunkSize, alignment: 16)
        cursor = UInt(bitPattern: self.firstChunk)
        end = cursor &+ UInt(firstChunkSize)
        nextChunkSize = firstChunkSize
    }

    deinit {
        for chunk in moreChunks { chunk.deallocate() }
        firstChunk.deallocate()
    }

    /// Memory of the given size, aligned to 8 bytes.
    @inline(__always)
    func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let size = UInt((byteCount &+ 7) & ~7)
        if cursor &+ size <= end, let pointer = UnsafeMutableRawPointer(bitPattern: cursor) {
            cursor &+= size
            return pointer
        }
        return allocateChunk(Int(size))
    }

    @inline(never)
    private func allocateChunk(_ size: Int) -> UnsafeMutableRawPointer {
        nextChunkSize = min(nextChunkSize &* 2, 4 << 20)
        let chunkSize = max(nextChunkSize, size)
        let chunk = UnsafeMutableRawPointer.allocate(byteCount: chunkSize, alignment: 16)
        moreChunks.append(chunk)
        bytesInUse &+= chunkSize
        if bytesInUse > byteLimit { exhaust() }
        if chunkSize &- size >= Int(end &- cursor) {
            cursor = UInt(bitPattern: chunk) &+ UInt(size)
            end = UInt(bitPattern: chunk) &+ UInt(chunkSize)
        }
        return chunk
    }

    @inline(never)
    func exhaust() {
        isExhausted = true
        onExhaustion?()
    }

    /// Gives all values back. No value of this heap may be used afterwards.
    @inline(__always)
    public func reset() {
        if !moreChunks.isEmpty { releaseChunks() }
        isExhausted = false
        cursor = UInt(bitPattern: firstChunk)
        end = cursor &+ UInt(firstChunkSize)
    }

    @inline(never)
    private func releaseChunks() {
        for chunk in moreChunks { chunk.deallocate() }
        moreChunks.removeAll(keepingCapacity: true)
        nextChunkSize = firstChunkSize
        bytesInUse = 0
    }
}
