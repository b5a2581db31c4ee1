// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

/// The forms in which documents are written.
public enum DocumentForm: Sendable {
    case json
    case yaml

    /// The form that the end of a path says, if it says one.
    public init?(path: String) {
        let bytes = Array(path.utf8)
        func ends(_ suffix: String) -> Bool { bytes.reversed().starts(with: suffix.utf8.reversed()) }
        if ends(".json") {
            self = .json
        } else if ends(".yaml") || ends(".yml") {
            self = .yaml
        } else {
            return nil
        }
    }

    /// The document of a file.
    public func read(_ bytes: [UInt8], name: String, in heap: Heap) throws(PolicyProblem) -> Value {
        switch self {
        case .json: return try JSONDocument.read(bytes, name: name, in: heap)
        case .yaml:
            do throws(BuiltinFailure) {
                return try YAMLText.read(bytes, in: heap, limits: .tool)
            } catch {
                switch error {
                case .type(let message), .value(let message), .halt(_, let message):
                    throw PolicyProblem(loading: "\(name): \(message)")
                case .limit(let limit):
                    throw PolicyProblem(loading: "\(name): too large (\(limit.rawValue))")
                }
            }
        }
    }
}

/// JSON texts of files.
enum JSONDocument {
    static func read(_ bytes: [UInt8], name: String, in heap: Heap) throws(PolicyProblem) -> Value {
        let reader = JSONReader(heap: heap, limits: .tool)
        do throws(JSONFailure) {
            return try reader.read(bytes)
        } catch {
            switch error {
            case .malformed(let position, let problem):
                let before = bytes.prefix(position)
                let row = before.count { $0 == UInt8(ascii: "\n") } + 1
                let column = before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count + 1
                throw PolicyProblem(loading: "\(name):\(row):\(column): \(problem.description)")
            case .limit(let limit):
                throw PolicyProblem(loading: "\(name): too large (\(limit.rawValue))")
            }
        }
    }
}

extension Limits {
    /// What commands that a person runs may use: as much as the machine has, for an hour.
    public static let tool: Limits = {
        var limits = Limits()
        limits.instructions = 1 << 50
        limits.nanoseconds = 3_600_000_000_000
        limits.heapBytes = 8 << 30
        limits.resultBytes = 1 << 30
        limits.callDepth = 1000
        limits.collectionElements = 1 << 28
        limits.stringBytes = 1 << 28
        limits.inputBytes = 1 << 30
        limits.inputDepth = 512
        limits.inputNodes = 1 << 28
        return limits
    }()
}
