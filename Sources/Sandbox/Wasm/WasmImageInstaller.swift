// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Protocols

/// Adds a language for the Wasm driver: translates a module of a known digest ahead of time, and puts it where the driver
/// looks.
public struct WasmImageInstaller: Sendable {
    /// Where images of the driver lie.
    public var directory = "/var/lib/yett/wasm"
    /// Where the engine and its program are.
    public var settings = WasmDriver.Settings()

    /// An installer with the usual places.
    public init() {}

    /// Adds the image in a directory whose `manifest.json` describes it; of the manifest of an installed image it lacks the
    /// engine and the digest of the translation.
    ///
    /// - Parameter digest: `sha256:…` of the module, which the operator got from elsewhere than the module.
    /// - Returns: The image's name.
    public func add(_ source: String, digest: String) throws(SandboxError) -> String {
        guard geteuid() == 0 else {
            throw .refused(.unavailable, "native code is believed only of root: run this as root")
        }
        guard let bytes = try TrustedFile(source + "/manifest.json", onlyRoot: false).bytes(limit: 64 << 10),
            let json = try? JSONValue(parsing: bytes), case .object(var manifest) = json,
            let name = manifest["name"]?.string, SandboxImage.isFileName(name),
            let module = manifest["module"]?.string, SandboxImage.isFileName(module)
        else {
            throw .refused(
                .malformed, "\(source)/manifest.json does not name an image and its module; see docs/sandbox.md")
        }
        let engine = try WasmEngine(settings)
        guard engine.acceleration == .jit else {
            throw .refused(.unavailable, "only libwasmtime translates ahead of time: \(WasmEngine.remedy)")
        }
        let (staging, target) = ("\(directory)/.\(name)-\(getpid())", "\(directory)/\(name)")
        try HostProgram.run(["/bin/mkdir", "-p", "-m", "755", "--", directory])
        try HostProgram.run(["/bin/rm", "-rf", "--", staging])
        guard mkdir(staging, 0o755) == 0 else { throw .unavailable(staging, errno) }
        do throws(SandboxError) {
            // What is checked is the copy, which nobody else can change.
            try HostProgram.run(["/bin/cp", "--", "\(source)/\(module)", "\(staging)/module.wasm"])
            let copy = try TrustedFile(staging + "/module.wasm", onlyRoot: true).digest()
            guard copy.utf8.elementsEqual(digest.utf8) else {
                throw .refused(.malformed, "\(source)/\(module) has the digest \(copy), not \(digest)")
            }
            try HostProgram.run([
                engine.worker, "compile", engine.path, staging + "/module.wasm", "\(staging)/\(name).cwasm",
            ])
            try HostProgram.run(["/bin/chmod", "644", "--", "\(staging)/\(name).cwasm"])
            manifest["engine"] = "wasmtime 50"
            manifest["module"] = .string(name + ".cwasm")
            manifest["digest"] = .string(try TrustedFile("\(staging)/\(name).cwasm", onlyRoot: true).digest())
            try ImageManifest.write(JSONValue.object(manifest).canonicalBytes, to: staging + "/manifest.json")
            unlink(staging + "/module.wasm")
            _ = try WasmImage(directory: staging)
            try HostProgram.run(["/bin/rm", "-rf", "--", target])
            guard rename(staging, target) == 0 else { throw .unavailable(target, errno) }
        } catch {
            try? HostProgram.run(["/bin/rm", "-rf", "--", staging])
            throw error
        }
        return name
    }
}
