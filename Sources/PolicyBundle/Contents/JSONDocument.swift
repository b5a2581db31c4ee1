// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// A JSON text of a bundle, read into a heap of its own, with which its values go: hold the document as long as they
/// are used.
struct JSONDocument {
    let heap: Heap
    let root: Value

    /// Reads a text.
    ///
    /// - Parameter failure: what to throw, from what is wrong.
    init(
        _ bytes: [UInt8], limits: BundleLimits = BundleLimits(), failure: (String) -> BundleFailure
    ) throws(BundleFailure) {
        heap = Heap()
        root = try JSONDocument.read(bytes, into: heap, limits: limits, failure: failure)
    }

    /// Reads a text into a heap that others share.
    static func read(
        _ bytes: [UInt8], into heap: Heap, limits: BundleLimits, failure: (String) -> BundleFailure
    ) throws(BundleFailure) -> Value {
        var allowed = Limits()
        allowed.inputBytes = limits.unpackedBytes
        allowed.inputDepth = limits.dataDepth
        allowed.inputNodes = limits.dataValues
        do throws(JSONFailure) {
            return try JSONReader(heap: heap, limits: allowed).read(bytes)
        } catch {
            switch error {
            case .malformed(let position, let problem): throw failure("byte \(position): \(problem.description)")
            case .limit(let limit): throw failure("it reaches the limit '\(limit.rawValue)'")
            }
        }
    }

    /// Keeps the values until here.
    func hold() {
        withExtendedLifetime(heap) {}
    }

    /// The members of the top object, by name.
    var members: [(name: String, value: Value)] {
        root.members.map { ($0.key.string, $0.value) }
    }

    /// The member of an object; undefined if there is none.
    func member(_ name: String, of object: Value) -> Value {
        object.isObject ? object.member(heap.string(name)) : .undefined
    }
}

extension Value {
    /// Whether it is an object.
    var isObject: Bool { tag == .object }
}
