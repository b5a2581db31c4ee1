// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Protocols

/// Writes the manifest of an image whose files lie there.
enum ImageManifest {
    /// Names everything that is in the directory.
    ///
    /// - Returns: The digest of the manifest.
    @discardableResult
    static func write(in directory: String, name: String) throws(SandboxError) -> String {
        let tree = try ImageTree(directory + "/root")
        var files = JSONObject()
        for name in SandboxImage.bootFiles + ["packages.txt"] where access(directory + "/" + name, F_OK) == 0 {
            let file = try TrustedFile(directory + "/" + name, onlyRoot: false)
            files[name] = ["bytes": .integer(file.size), "digest": .string(try file.digest())]
        }
        var languages = JSONObject()
        for (language, path) in [(SandboxLanguage.python, "/usr/bin/python3"), (.shell, "/usr/bin/sh")]
        where access(directory + "/root" + path, X_OK) == 0 {
            languages[language.rawValue] = .string(path)
        }
        let manifest: JSONValue = [
            "architecture": .string(SandboxImage.machine), "files": .object(files), "languages": .object(languages),
            "name": .string(name), "root": ["digest": .string(tree.digest), "entries": .integer(tree.entries)],
            "version": 1,
        ]
        let bytes = manifest.canonicalBytes
        try write(bytes, to: directory + "/" + SandboxImage.manifest)
        return SandboxDigest(bytes).text
    }

    static func write(_ bytes: [UInt8], to path: String) throws(SandboxError) {
        unlink(path)
        let file = SandboxDescriptor(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644))
        guard file.number >= 0, fchmod(file.number, 0o644) == 0 else { throw .unavailable(path, errno) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file.number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unavailable(path, errno) }
            written &+= count
        }
    }
}
