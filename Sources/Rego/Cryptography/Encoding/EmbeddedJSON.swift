// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// JSON that a token or a key is written in.
enum EmbeddedJSON {
    /// A text that is not JSON.
    struct Malformed: Error {
        let message: String
    }

    private static let name = "io.jwt.json"

    /// The value of a text.
    static func read(
        _ text: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Result<Value, Malformed> {
        let reader: JSONReader
        if let known = context.caches[name] as? JSONReader {
            reader = known
            reader.limits = context.limits
        } else {
            reader = JSONReader(heap: context.heap, limits: context.limits)
            context.caches[name] = reader
        }
        do throws(JSONFailure) {
            return .success(try reader.read(text))
        } catch {
            switch error {
            case .malformed(_, let problem): return .failure(Malformed(message: problem.description))
            case .limit(let limit): throw .limit(limit)
            }
        }
    }

    /// The text of a value as a string in the heap.
    static func write(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        var options = JSONWriter.Options()
        options.escapesHTML = true
        options.byteLimit = context.limits.stringBytes
        var writer = JSONWriter(options)
        try writer.write(value)
        return context.heap.string(writer.bytes)
    }
}
