// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a `yett-wasm` worker is given to do: one frame, in the form that the worker's `frames.h` describes. Pure.
struct WasmJob {
    /// The module's bytes; `nil` for the one that the worker was started with.
    var module: [UInt8]?
    /// The program's name and arguments.
    var arguments: [[UInt8]] = []
    /// What it reads from standard input.
    var input: [UInt8] = []
    /// Files for the scratch directory.
    var files: [SandboxFile] = []
    /// The limits; of them the worker holds the time, the memory and the output.
    var limits: SandboxLimits = .standard
    /// The most instructions, for workers that count them; 0 for no limit.
    var fuel: UInt64 = 0

    /// How many elements a table may have.
    static let tableElements: UInt32 = 1 << 20
    private static let preloaded: UInt32 = 1

    /// The frame.
    var bytes: [UInt8] {
        var words: [UInt8] = []
        for argument in arguments { words += argument + [0] }
        var content: [UInt8] = []
        for file in files {
            Self.append(UInt16(clamping: file.path.utf8.count), to: &content)
            Self.append(UInt32(clamping: file.bytes.count), to: &content)
            content += Array(file.path.utf8) + file.bytes
        }
        var bytes = Array("YWJ1".utf8)
        Self.append(module == nil ? Self.preloaded : 0, to: &bytes)
        Self.append(UInt32(clamping: limits.wallMilliseconds), to: &bytes)
        Self.append(UInt32(clamping: limits.outputBytes), to: &bytes)
        Self.append(UInt64(clamping: limits.memoryBytes), to: &bytes)
        Self.append(fuel, to: &bytes)
        for count in [
            Self.tableElements, UInt32(clamping: arguments.count), UInt32(clamping: words.count),
            UInt32(clamping: input.count), UInt32(clamping: module?.count ?? 0), UInt32(clamping: files.count),
            UInt32(clamping: content.count), 0,
        ] { Self.append(count, to: &bytes) }
        return bytes + words + input + (module ?? []) + content
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
