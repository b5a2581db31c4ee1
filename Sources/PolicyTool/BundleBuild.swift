// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import PolicyBundle
internal import Rego

/// Makes bundles of files and directories.
public struct BundleBuild {
    /// What a bundle is made of.
    public struct Options: Sendable {
        /// Whether the paths are bundles themselves, whose manifests count.
        public var isBundle = false
        /// The revision; nil: that of the bundle.
        public var revision: String?
        /// Paths that must lead to a rule or a package, such as `app/allow`.
        public var entryPoints: [String] = []
        /// Patterns of files that are left out.
        public var ignored: [String] = []
        /// Who signs it.
        public var signer: BundleSigner?

        /// The defaults.
        public init() {}
    }

    /// The files of the bundle, without a signature.
    public let files: [BundleFile]
    /// The `.tar.gz`.
    public let archive: [UInt8]

    /// Makes a bundle; throws when its policies have mistakes.
    public init(_ paths: [String], options: Options = Options()) throws(PolicyProblem) {
        var modules: [BundleFile] = []
        var roots = [""]
        var revision = options.revision
        var metadata: [UInt8]?
        let loaded: LoadedFiles
        if options.isBundle {
            var files = LoadedFiles()
            for path in paths {
                let content = try files.add(bundle: path)
                modules += content.modules
                roots = paths.count == 1 ? content.manifest.roots.list : roots
                revision = revision ?? (content.manifest.revision.isEmpty ? nil : content.manifest.revision)
                metadata = content.manifest.metadata
            }
            loaded = files
        } else {
            var settings = LoadedFiles.Options()
            settings.ignored = options.ignored
            loaded = try LoadedFiles(paths, options: settings)
            modules = try loaded.modules.map { (module) throws(PolicyProblem) in
                BundleFile(path: try BundleBuild.path(of: module.name), bytes: module.bytes)
            }
        }
        var settings = ToolSettings()
        settings.allowedBuiltins = ToolSettings.outsideBuiltins
        let policy = try Policy(tool: loaded.modules, settings: settings.policySettings())
        for entryPoint in options.entryPoints {
            let path = try PathText.parts(of: entryPoint, option: "--entrypoint")
            guard policy.analyzed.tree.node(at: path.map { .string($0) }) != nil else {
                throw PolicyProblem(
                    asked: "--entrypoint “\(entryPoint)”: there is no rule or package data.\(PackageText.text(path))",
                    remedy: "see what there is: yett policy inspect \(paths.joined(separator: " "))")
            }
        }
        files =
            [
                BundleFile(path: ".manifest", bytes: BundleBuild.manifest(revision ?? "", roots, metadata)),
                BundleFile(path: "data.json", bytes: JSONWriter.bytes(loaded.root)),
            ] + modules
        do throws(BundleFailure) {
            archive = try BundleWriter.archive(files, signer: options.signer)
        } catch {
            throw PolicyProblem(loading: "\(error)")
        }
    }

    /// Writes the bundle into a file.
    public func write(to path: String) throws(PolicyProblem) {
        try FileTree.write(archive, to: path)
    }

    private static func manifest(_ revision: String, _ roots: [String], _ metadata: [UInt8]?) -> [UInt8] {
        let heap = Heap()
        let manifest = heap.object([
            (key: heap.string("revision"), value: heap.string(revision)),
            (key: heap.string("roots"), value: heap.array(roots.map { heap.string($0) })),
            (key: heap.string("rego_version"), value: .integer(1)),
        ])
        if let metadata, let value = try? JSONReader(heap: heap).read(metadata), value.count > 0 {
            heap.update(heap.string("metadata"), to: value, in: manifest)
        }
        return JSONWriter.bytes(manifest)
    }

    /// The path of a file in the bundle.
    private static func path(of name: String) throws(PolicyProblem) -> String {
        let parts = name.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        guard !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
            throw PolicyProblem(
                asked: "\(name): a bundle cannot hold paths with “..”",
                remedy: "change to the directory and name it as .")
        }
        return parts.map { String(decoding: Array($0), as: UTF8.self) }.joined(separator: "/")
    }
}

/// Keys for signing and verifying, as they are named on the command line.
public enum BundleKeys {
    /// A signer.
    ///
    /// - Parameter key: the path of a PEM file, or for `HS*` also the secret itself.
    public static func signer(
        key: String, algorithm: String, identifier: String, scope: String?
    ) throws(PolicyProblem) -> BundleSigner {
        do throws(BundleFailure) {
            var signer = try BundleSigner(
                key: try text(key, algorithm), algorithm: algorithm, keyIdentifier: identifier)
            signer.scope = scope
            signer.issuedAt = Clock.now() / 1_000_000_000
            return signer
        } catch {
            throw PolicyProblem(asked: "--signing-key: \(error)", remedy: "openssl genrsa -out key.pem 2048")
        }
    }

    /// What verifies the bundles that a key has signed.
    public static func verification(
        key: String, algorithm: String, identifier: String, scope: String?
    ) throws(PolicyProblem) -> BundleVerification {
        do throws(BundleFailure) {
            let key = try BundleVerification.Key(try text(key, algorithm), algorithm: algorithm, scope: scope)
            return BundleVerification(keys: [identifier: key], keyIdentifier: nil, scope: scope)
        } catch {
            throw PolicyProblem(
                asked: "--verification-key: \(error)", remedy: "openssl rsa -in key.pem -pubout -out public.pem")
        }
    }

    private static func text(_ key: String, _ algorithm: String) throws(BundleFailure) -> [UInt8] {
        do throws(PolicyProblem) {
            return try FileTree.read(key)
        } catch {
            if algorithm.utf8.starts(with: "HS".utf8) { return Array(key.utf8) }
            throw .signature(error.entries.first?.message ?? key)
        }
    }
}
