// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSpawn
internal import Glibc

/// Makes the image `python` with the scripts that come with the program, proves that it boots, and puts it in its place.
public struct ImageBuilder: Sendable {
    /// Where the scripts lie; otherwise they are looked for beside the program and in its `share`.
    public var recipe: String?
    /// Where images lie.
    public var directory = SandboxImage.standardDirectory
    /// A kernel that was made before; `nil` makes one, which takes some minutes.
    public var kernel: String?
    /// Whether the image has a kernel at all: one without is good for every driver but virtual machines.
    public var hasKernel = true
    /// How the self-test starts machines.
    public var jail = NamespaceDriver.Settings()

    /// A builder with the usual places.
    public init() {}

    /// Builds the image.
    ///
    /// - Parameter tell: Hears one line about each step.
    /// - Throws: What went wrong; nothing that was in place has changed then.
    public func build(_ name: String, tell: @Sendable (String) -> Void) async throws(SandboxError) -> SandboxImage {
        guard name.utf8.elementsEqual("python".utf8) else {
            throw .refused(.malformed, "there is no recipe for an image \(name); there is one for python")
        }
        guard geteuid() == 0 else {
            throw .refused(.unavailable, "an image's files belong to root: sudo \(SandboxImage.remedy)")
        }
        let recipe = try place()
        try Self.makeDirectories(directory)
        let staging = "\(directory)/.\(name)-\(getpid())"
        try Self.remove(staging)
        guard mkdir(staging, 0o755) == 0 else { throw .unavailable(staging, errno) }
        do throws(SandboxError) {
            tell("the system, from Debian packages")
            try HostProgram.run(["/bin/sh", recipe + "/build-root", staging])
            if let kernel {
                try HostProgram.run(["/bin/cp", "--", kernel, staging + "/vmlinux"])
            } else if hasKernel {
                tell("the kernel, which takes some minutes")
                try HostProgram.run(["/bin/sh", recipe + "/build-kernel", staging + "/vmlinux"])
            }
            try ImageManifest.write(in: staging, name: name)
            let image = try SandboxImage(directory: staging)
            if image.boots {
                tell("the self-test")
                try await test(image)
            }
            try put(staging, inPlaceOf: "\(directory)/\(name)")
        } catch {
            try? Self.remove(staging)
            throw error
        }
        return try SandboxImage(directory: "\(directory)/\(name)")
    }

    private func test(_ image: SandboxImage) async throws(SandboxError) {
        var settings = MicroVMDriver.Settings()
        settings.image = image.directory
        settings.warm = 0
        let driver = MicroVMDriver(settings, jail: jail)
        defer { driver.stop() }
        if case .unusable(let reason, let remedy) = await driver.probe() {
            throw .refused(
                .unavailable, "the image does not run here: \(reason)\(remedy.isEmpty ? "" : " (\(remedy))")")
        }
    }

    private func put(_ staging: String, inPlaceOf target: String) throws(SandboxError) {
        let old = staging + ".old"
        try Self.remove(old)
        if access(target, F_OK) == 0, rename(target, old) != 0 { throw .unavailable(target, errno) }
        guard rename(staging, target) == 0 else {
            let error = errno
            rename(old, target)
            throw .unavailable(target, error)
        }
        try Self.remove(old)
    }

    private func place() throws(SandboxError) -> String {
        var candidates: [String] = []
        if let recipe {
            candidates = [recipe]
        } else if let executable = realpath("/proc/self/exe", nil) {
            defer { free(executable) }
            let path = String(cString: executable)
            let own = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
            candidates = [own + "/../share/yett/sandbox", own + "/share/sandbox"]
        }
        // A script that others can change would run as root.
        for path in candidates where access(path + "/build-root", R_OK) == 0 {
            return String(
                Substring(
                    try TrustedFile(path + "/build-root", onlyRoot: false).path.utf8.dropLast("/build-root".utf8.count))
            )
        }
        throw .refused(
            .unavailable,
            "the recipe is missing, it belongs at \(candidates.joined(separator: " or ")): name it with --recipe")
    }

    private static func makeDirectories(_ path: String) throws(SandboxError) {
        guard path.utf8.first == UInt8(ascii: "/") else {
            throw .refused(.malformed, "\(path) is not an absolute path")
        }
        var built = ""
        for component in path.utf8.split(separator: UInt8(ascii: "/")) {
            built += "/" + String(Substring(component))
            if mkdir(built, 0o755) != 0, errno != EEXIST { throw .unavailable(built, errno) }
        }
    }

    private static func remove(_ path: String) throws(SandboxError) {
        try HostProgram.run(["/bin/rm", "-rf", "--one-file-system", "--", path])
    }
}
