// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads YAML as base documents and inputs may be written.
public enum YAMLText {
    /// The value of the first document of a text, made in a heap; as in OPA, what JSON cannot say is refused.
    public static func read(
        _ bytes: [UInt8], in heap: Heap, limits: Limits = Limits()
    ) throws(BuiltinFailure) -> Value {
        let context = BuiltinContext(heap: heap, limits: limits)
        var result: Result<Value, BuiltinFailure> = .success(.null)
        bytes.withUnsafeBufferPointer { buffer in
            do throws(BuiltinFailure) {
                result = .success(try YAMLReader.read(buffer, context))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }
}
