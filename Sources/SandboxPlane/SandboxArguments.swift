// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Decision
public import Protocols
public import Sandbox

/// A request for a run as it was read: what is to run, and what grants and policies see of it.
public struct SandboxOrder: Sendable {
    /// The request; its limits and its requirement are those before grants and policies narrow them.
    public var request: SandboxRequest
    /// The arguments as grants and policies see them: digests in the place of content.
    public var facts: JSONValue
}

/// Reads the arguments of the tool `execute`, which are the body of `POST /v1/sandbox/runs` as well.
struct SandboxArguments {
    let settings: SandboxPlaneSettings

    /// Reads arguments. Whatever is not understood is refused: a wish that nobody heeds would look like one that is.
    func read(_ arguments: JSONObject) throws(SandboxError) -> SandboxOrder {
        for name in arguments.names where !Self.members.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
            throw Self.malformed("there is no argument of the name \(Self.shown(name))")
        }
        var request = SandboxRequest(try program(arguments))
        request.arguments = try texts(arguments["args"])
        request.input = try content(arguments, "stdin", "stdin_base64", of: "the arguments") ?? []
        request.files = try files(arguments["files"])
        request.limits = try limits(arguments["limits"])
        let wanted = try requirement(arguments["require"])
        guard let both = settings.requirement.and(wanted) else {
            throw .refused(
                .unsatisfied,
                "the operator demands the acceleration \(settings.requirement.acceleration?.rawValue ?? ""), the request \(wanted.acceleration?.rawValue ?? "")"
            )
        }
        request.requirement = both
        try request.judge()
        return SandboxOrder(request: request, facts: facts(of: request))
    }

    private static let members = [
        "args", "files", "language", "limits", "module", "require", "source", "stdin", "stdin_base64",
    ]

    // MARK: Parts

    private func program(_ arguments: JSONObject) throws(SandboxError) -> SandboxProgram {
        if let module = arguments["module"] {
            guard arguments["language"] == nil, arguments["source"] == nil else {
                throw Self.malformed("a module has neither language nor source")
            }
            guard let text = module.string, let bytes = Base64.decode(text.utf8), !bytes.isEmpty else {
                throw Self.malformed("module is a WASI module in Base64")
            }
            return .module(bytes)
        }
        guard let name = arguments["language"]?.string else {
            throw Self.malformed("language is python, javascript or shell; or give a module")
        }
        guard let language = SandboxLanguage.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) })
        else { throw Self.malformed("language is python, javascript or shell, not \(Self.shown(name))") }
        guard let source = arguments["source"]?.string else { throw Self.malformed("source is the program's text") }
        return .source(language, Array(source.utf8))
    }

    private func texts(_ value: JSONValue?) throws(SandboxError) -> [String] {
        guard let value else { return [] }
        guard let elements = value.array, elements.count <= 1024 else {
            throw Self.malformed("args is a list of at most 1024 texts")
        }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string else { throw Self.malformed("args is a list of texts") }
            texts.append(text)
        }
        return texts
    }

    /// Content that comes as a text, or in Base64 where it is none.
    private func content(
        _ object: JSONObject, _ plain: String, _ encoded: String, of what: String
    ) throws(SandboxError) -> [UInt8]? {
        guard object[plain] == nil || object[encoded] == nil else {
            throw Self.malformed("\(what) have \(plain) and \(encoded); one of them is enough")
        }
        if let value = object[plain] {
            guard let text = value.string else { throw Self.malformed("\(plain) is a text") }
            return Array(text.utf8)
        }
        guard let value = object[encoded] else { return nil }
        guard let text = value.string, let bytes = Base64.decode(text.utf8) else {
            throw Self.malformed("\(encoded) is Base64 with its padding")
        }
        return bytes
    }

    private func files(_ value: JSONValue?) throws(SandboxError) -> [SandboxFile] {
        guard let value else { return [] }
        guard let elements = value.array, elements.count <= SandboxRequest.filesLimit else {
            throw Self.malformed("files is a list of at most \(SandboxRequest.filesLimit) files")
        }
        var files: [SandboxFile] = []
        for element in elements {
            guard let object = element.object,
                object.names.allSatisfy({ name in
                    ["content", "content_base64", "path"].contains { $0.utf8.elementsEqual(name.utf8) }
                }), let path = object["path"]?.string
            else { throw Self.malformed("each of files has a path, and content or content_base64") }
            guard let bytes = try content(object, "content", "content_base64", of: "files") else {
                throw Self.malformed("each of files has content or content_base64")
            }
            guard let file = SandboxFile(path: path, bytes: bytes) else {
                throw Self.malformed(
                    "the path of a file is relative, of letters, digits, '.', '_' and '-', and no part of it begins with '.' or '-'"
                )
            }
            files.append(file)
        }
        return files
    }

    /// The limits before grants and policies: the caller's wishes up to the ceilings, else what the operator gives.
    private func limits(_ value: JSONValue?) throws(SandboxError) -> SandboxLimits {
        var base = settings.limits
        for (_, limit) in SandboxLimits.names {
            base[keyPath: limit] = min(base[keyPath: limit], settings.ceilings[keyPath: limit])
        }
        guard let value else { return base }
        guard let object = value.object else { throw Self.malformed("limits is an object") }
        var wishes = SandboxLimitWishes()
        for member in object.members {
            guard let (_, limit) = SandboxLimits.names.first(where: { $0.name.utf8.elementsEqual(member.name.utf8) })
            else { throw Self.malformed("there is no limit of the name \(Self.shown(member.name))") }
            guard let wish = member.value.integer else {
                throw Self.malformed("the limit \(member.name) is a whole number")
            }
            wishes[member.name] = wish
            base[keyPath: limit] = settings.ceilings[keyPath: limit]
        }
        return try base.narrowed(to: wishes)
    }

    private func requirement(_ value: JSONValue?) throws(SandboxError) -> SandboxRequirement {
        guard let value else { return SandboxRequirement() }
        guard let object = value.object else { throw Self.malformed("require is an object") }
        var terms = SandboxTerms()
        for member in object.members {
            switch SandboxTerms.word(member.name, among: SandboxTerms.walls + ["accel", "strength"]) {
            case "strength": terms.strength = member.value.string
            case "accel": terms.acceleration = member.value.string
            case let wall?:
                guard let isNeeded = member.value.bool else { throw Self.malformed("\(wall) is true or false") }
                if isNeeded { terms.needs.insert(wall) }
                continue
            case nil: throw Self.malformed("there is no requirement of the name \(Self.shown(member.name))")
            }
            guard member.value.string != nil else { throw Self.malformed("\(member.name) is a word") }
        }
        guard let requirement = SandboxRequirement(terms) else {
            throw Self.malformed(
                "strength is one of \(SandboxTerms.strengths.joined(separator: ", ")), accel one of \(SandboxTerms.accelerations.joined(separator: ", "))"
            )
        }
        return requirement
    }

    // MARK: Facts

    private func facts(of request: SandboxRequest) -> JSONValue {
        var source = JSONObject()
        let digest = SandboxDigest(request.program.bytes)
        source["bytes"] = .integer(digest.count)
        source["digest"] = .string(digest.text)
        if settings.showsSource, case .source(_, let bytes) = request.program {
            source["text"] = .string(String(decoding: bytes, as: UTF8.self))
        }
        let input = SandboxDigest(request.input)
        var facts = JSONObject()
        facts["language"] = .string(request.program.kind.rawValue)
        facts["source"] = .object(source)
        facts["args"] = .integer(request.arguments.count)
        facts["stdin"] = ["bytes": .integer(input.count), "digest": .string(input.text)]
        facts["files"] = .array(
            request.files.map { file in
                let digest = SandboxDigest(file.bytes)
                return [
                    "bytes": .integer(digest.count), "digest": .string(digest.text), "path": .string(file.path),
                ]
            })
        facts["limits"] = request.limits.json
        facts["require"] = request.requirement.json
        return .object(facts)
    }

    // MARK: Refusals

    private static func malformed(_ what: String) -> SandboxError { .refused(.malformed, what) }

    /// A name of the caller's, bounded and without what cannot be seen.
    private static func shown(_ name: String) -> String {
        let bytes = name.utf8.prefix(40).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return "'\(String(decoding: bytes, as: UTF8.self))'"
    }
}
