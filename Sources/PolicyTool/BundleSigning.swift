// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import PolicyBundle

/// Signs the files of directories in place.
public enum BundleSigning {
    /// Writes `.signatures.json` for the files below a directory.
    ///
    /// - Parameters:
    ///   - directory: the root of the bundle.
    ///   - output: the directory that gets the file.
    public static func sign(
        directory: String, to output: String, signer: BundleSigner, ignoring ignored: [String] = []
    ) throws(PolicyProblem) {
        guard try FileTree.kind(of: directory) == .directory else {
            throw PolicyProblem(
                loading: "\(directory) is no directory", remedy: "name the root directory of the bundle")
        }
        var files: [BundleFile] = []
        let rootLength = directory.utf8.count
        for path in try FileTree.files(below: directory, ignoring: ignored) {
            let name = path.utf8.dropFirst(rootLength).drop { $0 == UInt8(ascii: "/") }
            files.append(BundleFile(path: String(decoding: Array(name), as: UTF8.self), bytes: try FileTree.read(path)))
        }
        let signature: BundleFile
        do throws(BundleFailure) {
            signature = try signer.signature(over: files)
        } catch {
            throw PolicyProblem(asked: "\(error)")
        }
        try FileTree.write(signature.bytes, to: "\(output)/\(signature.path)")
    }
}
