// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Protocols

/// A language for the engine: native code that was translated ahead of time, named with its digest by a manifest that
/// only root can have written. Nothing else is ever loaded as native code.
struct WasmImage {
    /// How the module is given the text that it interprets.
    enum Source: String, CaseIterable {
        /// As one argument, after those of the manifest.
        case argument
        /// On standard input.
        case input
        /// As a file, whose path is one argument after those of the manifest.
        case file
    }

    let name: String
    let language: SandboxLanguage
    /// `sha256:…` of the native code.
    let digest: String
    let source: Source
    let arguments: [String]
    /// The native code, open; whatever happens to its name.
    let file: SandboxDescriptor

    private static let manifestBytes = 64 << 10
    private static let mostImages = 32

    /// Reads the image in a directory and checks its digest, which takes time in proportion to its size.
    ///
    /// - Throws: `unavailable`, with what is wrong.
    init(directory: String) throws(SandboxError) {
        let manifest = try TrustedFile(directory + "/manifest.json", onlyRoot: true)
        guard let bytes = manifest.bytes(limit: Self.manifestBytes), let json = try? JSONValue(parsing: bytes),
            case .object(let object) = json, Self.integer(object["version"]) == 1,
            let name = Self.string(object["name"]), let file = Self.string(object["module"]), Self.isFileName(file),
            let expected = Self.string(object["digest"]), Self.string(object["engine"]).map(Self.isOurEngine) == true,
            let language = Self.string(object["language"]).flatMap(SandboxLanguage.init(rawValue:)),
            let source = Self.string(object["source"]).flatMap(Source.init(rawValue:)),
            let arguments = Self.strings(object["arguments"])
        else {
            throw .refused(
                .unavailable,
                "\(directory)/manifest.json is not the manifest of an image for wasmtime 50; add the image again")
        }
        let module = try TrustedFile(directory + "/" + file, onlyRoot: true)
        digest = try module.digest()
        guard digest.utf8.elementsEqual(expected.utf8) else {
            throw .refused(
                .unavailable, "\(module.path) has the digest \(digest), its manifest says \(expected); add it again")
        }
        self.name = name
        self.language = language
        self.source = source
        self.arguments = arguments
        self.file = module.descriptor
    }

    /// The images below a directory, and what is wrong with those that cannot be used.
    static func all(below directory: String) -> (images: [WasmImage], faults: [String]) {
        var images: [WasmImage] = []
        var faults: [String] = []
        let found = HostPaths.directories(
            below: directory, holding: "manifest.json", limit: mostImages, where: isFileName)
        for path in found {
            do throws(SandboxError) {
                images.append(try WasmImage(directory: path))
            } catch {
                faults.append(error.description)
            }
        }
        return (images, faults)
    }

    /// What the module is started with for a text and further arguments.
    func job(_ text: [UInt8], _ request: SandboxRequest) throws(SandboxError) -> WasmJob {
        var job = WasmJob(module: nil, input: request.input, files: request.files, limits: request.limits)
        job.arguments = arguments.map { Array($0.utf8) }
        switch source {
        case .argument:
            guard !text.contains(0), String(validating: text, as: UTF8.self) != nil else {
                throw .refused(.malformed, "a program in \(language.rawValue) is UTF-8 without zero bytes here")
            }
            job.arguments.append(text)
        case .input:
            guard request.input.isEmpty else {
                throw .refused(
                    .malformed, "the image \(name) reads its program from standard input and can have no other")
            }
            job.input = text
        case .file:
            let path = language == .python ? "main.py" : "main.js"
            guard !request.files.contains(where: { $0.path.utf8.elementsEqual(path.utf8) }),
                let file = SandboxFile(path: path, bytes: text)
            else { throw .refused(.malformed, "a file named \(path) stands for the program itself here") }
            job.files.append(file)
            job.arguments.append(Array("/\(path)".utf8))
        }
        job.arguments += request.arguments.map { Array($0.utf8) }
        return job
    }

    private static func isOurEngine(_ engine: String) -> Bool { engine.utf8.elementsEqual("wasmtime 50".utf8) }

    private static func isFileName(_ name: String) -> Bool {
        SandboxFile(path: name, bytes: []) != nil && !name.utf8.contains(UInt8(ascii: "/"))
    }

    private static func string(_ value: JSONValue?) -> String? {
        guard case .string(let text) = value else { return nil }
        return text
    }

    private static func strings(_ value: JSONValue?) -> [String]? {
        guard case .array(let values) = value else { return nil }
        let texts = values.compactMap { string($0) }.filter { !$0.utf8.contains(0) }
        return texts.count == values.count ? texts : nil
    }

    private static func integer(_ value: JSONValue?) -> Int? {
        guard case .number(let number) = value else { return nil }
        return Int(number.text)
    }
}
