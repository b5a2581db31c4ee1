// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The base documents of one version, immutable and shared by all evaluators.
public final class DataDocument: @unchecked Sendable {
    /// The object below `data`.
    public let root: Value
    private let heap: Heap

    /// Takes an object and the heap it lives in; nobody may change it any more.
    public init(root: Value, in heap: Heap) {
        root.freeze(in: heap)
        self.root = root
        self.heap = heap
    }

    /// No base documents.
    public static let empty: DataDocument = {
        let heap = Heap(firstChunk: 4096)
        return DataDocument(root: heap.emptyObject(), in: heap)
    }()
}

/// A program together with base documents, and what follows from both: values of paths, and documents that depend on nothing else.
public final class PolicyVersion: @unchecked Sendable {
    let program: Program
    let data: DataDocument
    /// The base document at each path of the program.
    let baseValues: UnsafeMutableBufferPointer<Value>
    /// The documents known from the start, unknown for most groups.
    let initialSlots: UnsafeMutableBufferPointer<Value>
    private let heap: Heap

    /// The weight of the largest document that is kept.
    private static let weightLimit = 1 << 22

    /// Binds a program to base documents.
    ///
    /// - Parameters:
    ///   - limits: what computing the documents that depend on data only may use, each; one that takes more is left to requests.
    ///   - computesDocuments: whether documents that depend on data only are computed now, not with each evaluation.
    public init(program: Program, data: DataDocument, limits: Limits = Limits(), computesDocuments: Bool = true) {
        self.program = program
        self.data = data
        heap = Heap()
        baseValues = .allocate(capacity: program.paths.count)
        for (position, path) in program.paths.enumerated() {
            baseValues.initializeElement(
                at: position, to: program.pathKeys[Int(path.start)..<Int(path.end)].reduce(data.root) { $0.member($1) })
        }
        initialSlots = .allocate(capacity: program.groupCount)
        initialSlots.initialize(repeating: .unknown)
        guard computesDocuments, !program.notesPlaces else { return }
        let evaluator = Evaluator(version: self, limits: limits)
        for group in program.inputFreeGroups {
            guard let value = try? evaluator.document(ofGroup: Int(group)), evaluator.firstBuiltinError == nil else {
                continue
            }
            // What is held several times would be copied each time.
            guard value.weight <= PolicyVersion.weightLimit else { continue }
            let copy = value.copy(to: heap)
            copy.freeze(in: heap)
            initialSlots[Int(group)] = copy
        }
    }

    deinit {
        baseValues.deallocate()
        initialSlots.deallocate()
    }
}

extension Value {
    /// What stands for a document that was not evaluated yet.
    static let unknown = Value(word: 0, payload: 1)

    @inline(__always) var isUnknown: Bool { word == 0 && payload == 1 }
}
