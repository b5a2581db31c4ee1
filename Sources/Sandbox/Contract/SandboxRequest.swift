// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One piece of generated code to run, and on what terms.
public struct SandboxRequest: Sendable {
    /// What runs.
    public var program: SandboxProgram
    /// Further arguments of the program.
    public var arguments: [String] = []
    /// What the program reads from standard input.
    public var input: [UInt8] = []
    /// Files that lie beside the program when it starts.
    public var files: [SandboxFile] = []
    /// What the run may use up.
    public var limits: SandboxLimits = .standard
    /// The least that a driver must offer.
    public var requirement: SandboxRequirement = SandboxRequirement()

    /// A request with the standard limits and no demands.
    public init(_ program: SandboxProgram) {
        self.program = program
    }
}

/// What runs in a sandbox.
public enum SandboxProgram: Sendable {
    /// A text in a language that the driver interprets.
    case source(SandboxLanguage, [UInt8])
    /// A WebAssembly module with the WASI interface.
    case module([UInt8])

    /// The text's or the module's bytes.
    public var bytes: [UInt8] {
        switch self {
        case .source(_, let bytes), .module(let bytes): bytes
        }
    }

    /// The kind that a driver must know.
    public var kind: SandboxProgramKind {
        switch self {
        case .source(let language, _): SandboxProgramKind(language)
        case .module: .module
        }
    }
}

/// A language that a request can be written in.
public enum SandboxLanguage: String, Sendable, CaseIterable {
    /// Python 3.
    case python
    /// ECMAScript.
    case javascript
    /// A POSIX shell.
    case shell
}

/// What a driver can run: a language, or modules.
public enum SandboxProgramKind: String, Sendable, CaseIterable {
    /// Python 3.
    case python
    /// ECMAScript.
    case javascript
    /// A POSIX shell.
    case shell
    /// A WASI module.
    case module

    /// The kind of texts in a language.
    public init(_ language: SandboxLanguage) {
        switch language {
        case .python: self = .python
        case .javascript: self = .javascript
        case .shell: self = .shell
        }
    }
}

/// A file that is given to a run.
public struct SandboxFile: Sendable, Hashable {
    /// The path below the working directory: 1 to 8 components of letters, digits, `.`, `_` and `-`, none beginning
    /// with a dot or a dash.
    public let path: String
    /// The content.
    public let bytes: [UInt8]

    /// A file; `nil` when the path is not one that a run may be given.
    public init?(path: String, bytes: [UInt8]) {
        guard Self.isAcceptable(path) else { return nil }
        self.path = path
        self.bytes = bytes
    }

    private static func isAcceptable(_ path: String) -> Bool {
        let components = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard path.utf8.count <= 255, (1...8).contains(components.count) else { return false }
        return components.allSatisfy { component in
            guard let first = component.first, (1...64).contains(component.count) else { return false }
            return first != UInt8(ascii: ".") && first != UInt8(ascii: "-") && component.allSatisfy(isNameByte)
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

extension SandboxRequest {
    /// The largest text or module.
    public static let programBytesLimit = 16 << 20
    /// The most that a run reads from standard input.
    public static let inputBytesLimit = 16 << 20
    /// How many files a run may be given.
    public static let filesLimit = 64
    /// The size of all files together.
    public static let fileBytesLimit = 32 << 20
    /// The size of all arguments together.
    public static let argumentBytesLimit = 64 << 10

    /// Throws when the request is malformed or larger than any driver takes; every driver begins with it.
    public func judge() throws(SandboxError) {
        guard program.bytes.count <= Self.programBytesLimit else {
            throw .refused(
                .tooLarge, "the program has \(program.bytes.count) bytes, the limit is \(Self.programBytesLimit)")
        }
        guard input.count <= Self.inputBytesLimit else {
            throw .refused(.tooLarge, "the input has \(input.count) bytes, the limit is \(Self.inputBytesLimit)")
        }
        guard files.count <= Self.filesLimit else {
            throw .refused(.tooLarge, "\(files.count) files were given, the limit is \(Self.filesLimit)")
        }
        var total = 0
        for file in files {
            total &+= file.bytes.count
            guard total <= Self.fileBytesLimit else {
                throw .refused(.tooLarge, "the files are larger than \(Self.fileBytesLimit) bytes together")
            }
        }
        try judgePaths()
        try judgeArguments()
        try limits.judge()
    }

    private func judgePaths() throws(SandboxError) {
        var paths: Set<[UInt8]> = []
        for file in files where !paths.insert(Array(file.path.utf8)).inserted {
            throw .refused(.malformed, "the file \(file.path) was given twice")
        }
        for file in files {
            var path = file.path.utf8[...]
            while let slash = path.lastIndex(of: UInt8(ascii: "/")) {
                path = path[..<slash]
                guard !paths.contains(Array(path)) else {
                    throw .refused(.malformed, "the file \(file.path) lies below another file")
                }
            }
        }
    }

    private func judgeArguments() throws(SandboxError) {
        var total = 0
        for argument in arguments {
            total &+= argument.utf8.count &+ 1
            guard total <= Self.argumentBytesLimit else {
                throw .refused(.tooLarge, "the arguments are longer than \(Self.argumentBytesLimit) bytes together")
            }
            guard !argument.utf8.contains(0) else { throw .refused(.malformed, "an argument contains a zero byte") }
        }
    }
}
