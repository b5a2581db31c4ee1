// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// What runs modules here: the compiling engine's library, or the interpreter of the Swift toolchain.
struct WasmEngine {
    /// `worker` or `interpreter`: what the worker program is told.
    let role: String
    let path: String
    /// `sha256:…` of the file.
    let digest: String
    let acceleration: SandboxAcceleration
    /// What a jail must show of the host for it, at the same paths.
    let readable: [String]
    /// The worker program.
    let worker: String

    static let remedy =
        "pip download --no-deps wasmtime==50.0.1, and put its _libwasmtime.so at /usr/lib/yett/libwasmtime.so"

    private static let libraries = ["/usr/lib/yett/libwasmtime.so", "/usr/local/lib/yett/libwasmtime.so"]
    private static let interpreters = ["/usr/bin/wasmkit", "/usr/local/bin/wasmkit", "/opt/swift/usr/bin/wasmkit"]

    /// Finds the engine.
    ///
    /// - Throws: `unavailable`, when there is neither, or one that was named cannot be trusted.
    init(_ settings: WasmDriver.Settings) throws(SandboxError) {
        worker = try Self.worker(settings.worker)
        let usual = settings.interpreter == nil ? Self.libraries : []
        if let library = settings.library ?? usual.first(where: { access($0, F_OK) == 0 }) {
            let file = try TrustedFile(library, onlyRoot: false)
            role = "worker"
            path = file.path
            digest = try file.digest()
            acceleration = .jit
            readable = [worker, file.path]
        } else if let program = settings.interpreter ?? Self.interpreters.first(where: { access($0, X_OK) == 0 }) {
            let file = try TrustedFile(program, onlyRoot: false)
            role = "interpreter"
            path = file.path
            digest = try file.digest()
            acceleration = .interpreter
            // Its libraries lie beside it.
            readable = [worker, file.path] + Self.neighbours(file.path)
        } else {
            throw .refused(
                .unavailable, "there is neither libwasmtime nor the Swift toolchain's wasmkit; \(Self.remedy)")
        }
    }

    private static func worker(_ given: String?) throws(SandboxError) -> String {
        let program = CompanionProgram("yett-wasm", given: given)
        for path in program.candidates {
            guard access(path, X_OK) == 0, let real = realpath(path, nil) else { continue }
            defer { free(real) }
            return String(cString: real)
        }
        throw program.missing
    }

    private static func neighbours(_ program: String) -> [String] {
        let components = program.utf8.split(separator: UInt8(ascii: "/")).dropLast(2)
        let root = components.map { "/" + String(Substring($0)) }.joined()
        return ["/lib/swift/linux"].map { root + $0 }.filter { access($0, F_OK) == 0 }
    }
}
