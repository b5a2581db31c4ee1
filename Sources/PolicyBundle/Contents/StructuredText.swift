// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// Texts whose value counts, not their bytes.
enum StructuredText {
    /// The value of a YAML text.
    static func yaml(
        _ bytes: [UInt8], into heap: Heap, failure: (String) -> BundleFailure
    ) throws(BundleFailure) -> Value {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw failure("it is not UTF-8") }
        guard let read = BuiltinTable.standard["yaml.unmarshal"] else { throw failure("YAML is not read here") }
        var limits = Limits()
        limits.instructions = 50_000_000
        do throws(BuiltinFailure) {
            return try read([heap.string(bytes)], BuiltinContext(heap: heap, limits: limits))
        } catch {
            switch error {
            case .type(let detail), .value(let detail), .halt(_, let detail): throw failure(detail)
            case .limit(let limit): throw failure("it reaches the limit '\(limit.rawValue)'")
            }
        }
    }
}
