// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Protocols

/// What sandboxes show as their system, and what a virtual machine boots: a directory whose manifest names everything in
/// it by digest, and which nobody but root, or who runs the gate, can have changed.
public struct SandboxImage: Sendable {
    /// The name, which its directory has as well.
    public let name: String
    /// The directory, without symbolic links.
    public let directory: String
    /// `sha256:…` of the manifest, which names everything else.
    public let digest: String
    /// The interpreters in it, by language.
    public let interpreters: [SandboxLanguage: String]
    /// `sha256:…` of the unpacked system; see ``ImageTree``.
    public let rootDigest: String
    /// The files beside it and their digests.
    let files: [String: (bytes: Int64, digest: String)]

    /// Where images lie unless the configuration says otherwise.
    public static let standardDirectory = "/var/lib/yett/images"

    /// The unpacked system.
    public var root: String { directory + "/root" }

    /// Whether a virtual machine can boot it.
    public var boots: Bool { Self.bootFiles.allSatisfy { files[$0] != nil } }

    static let manifest = "manifest.json"
    static let bootFiles = ["vmlinux", "initrd.cpio", "root.erofs"]
    private static let manifestBytes = 256 << 10
    private static let mostImages = 32
    private static let mostFiles = 16

    /// Reads an image's manifest. What it names is checked where it is used, or by ``verify()``.
    ///
    /// - Throws: `unavailable`, with what is wrong and what to do.
    public init(directory: String) throws(SandboxError) {
        let file = try TrustedFile(directory + "/" + Self.manifest, onlyRoot: false)
        guard let bytes = file.bytes(limit: Self.manifestBytes), let json = try? JSONValue(parsing: bytes),
            json["version"]?.integer == 1, let name = json["name"]?.string, Self.isFileName(name),
            let root = json["root"]?["digest"]?.string, let languages = json["languages"]?.object,
            let listed = json["files"]?.object, listed.count <= Self.mostFiles
        else {
            throw .refused(
                .unavailable, "\(file.path) is not the manifest of an image; build it again: \(Self.remedy)")
        }
        var files: [String: (bytes: Int64, digest: String)] = [:]
        for member in listed.members {
            guard Self.isFileName(member.name), let size = member.value["bytes"]?.integer,
                let digest = member.value["digest"]?.string
            else { throw .refused(.unavailable, "\(file.path) names a file without its size and digest") }
            files[member.name] = (size, digest)
        }
        var interpreters: [SandboxLanguage: String] = [:]
        for member in languages.members {
            guard let language = SandboxLanguage(rawValue: member.name), let path = member.value.string else {
                continue
            }
            interpreters[language] = path
        }
        guard let architecture = json["architecture"]?.string, architecture.utf8.elementsEqual(Self.machine.utf8) else {
            throw .refused(.unavailable, "\(file.path) is of an image for another architecture than \(Self.machine)")
        }
        self.name = name
        self.directory = String(Substring(file.path.utf8.dropLast(Self.manifest.utf8.count &+ 1)))
        self.digest = SandboxDigest(bytes).text
        self.interpreters = interpreters
        rootDigest = root
        self.files = files
    }

    /// A file of the image, open, after its size and digest were checked.
    func file(_ name: String) throws(SandboxError) -> TrustedFile {
        guard let expected = files[name] else {
            throw .refused(.unavailable, "the image \(self.name) has no \(name): \(Self.remedy)")
        }
        let file = try TrustedFile(directory + "/" + name, onlyRoot: false)
        let digest = file.size == expected.bytes ? try file.digest() : "another size"
        guard digest.utf8.elementsEqual(expected.digest.utf8) else {
            throw .refused(
                .unavailable,
                "\(file.path) has \(digest), its manifest says \(expected.digest); build it again: \(Self.remedy)")
        }
        return file
    }

    /// Checks everything in the image.
    ///
    /// - Throws: `unavailable`, with the first thing that is not as the manifest says.
    public func verify() throws(SandboxError) {
        for name in files.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { _ = try file(name) }
        try verifyRoot()
    }

    /// Checks the unpacked system.
    ///
    /// - Throws: `unavailable` when it is not as the manifest says.
    func verifyRoot() throws(SandboxError) {
        let tree = try ImageTree(root)
        guard tree.digest.utf8.elementsEqual(rootDigest.utf8) else {
            throw .refused(
                .unavailable,
                "\(root) has the digest \(tree.digest), its manifest says \(rootDigest); build it again: \(Self.remedy)"
            )
        }
    }

    /// The images below a directory by name, and what is wrong with those that cannot be used.
    public static func all(below directory: String) -> (images: [SandboxImage], faults: [String]) {
        var images: [SandboxImage] = []
        var faults: [String] = []
        let found = HostPaths.directories(
            below: directory, holding: manifest, limit: mostImages, where: isFileName)
        for path in found {
            do throws(SandboxError) {
                images.append(try SandboxImage(directory: path))
            } catch {
                faults.append(error.description)
            }
        }
        return (images, faults)
    }

    static let remedy = "yett sandbox image build python"

    /// The architecture that this program was made for, as manifests name it.
    static var machine: String {
        #if arch(x86_64)
        "x86_64"
        #else
        "aarch64"
        #endif
    }

    static func isFileName(_ name: String) -> Bool {
        SandboxFile(path: name, bytes: []) != nil && !name.utf8.contains(UInt8(ascii: "/"))
    }
}
