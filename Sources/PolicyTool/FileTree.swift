// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Files and directories that a person names.
public enum FileTree {
    /// What stands at a path.
    enum Kind {
        case file
        case directory
    }

    /// The most bytes of a file that are read.
    static let byteLimit = 1 << 30
    /// How deep directories may stand in each other.
    static let depthLimit = 64

    /// What stands at a path.
    static func kind(of path: String) throws(PolicyProblem) -> Kind {
        if let directory = opendir(path) {
            closedir(directory)
            return .directory
        }
        guard errno == ENOTDIR, access(path, F_OK) == 0 else { throw problem(path) }
        return .file
    }

    /// The bytes of a file; `-` is standard input.
    public static func read(_ path: String) throws(PolicyProblem) -> [UInt8] {
        let isStandardInput = path.utf8.elementsEqual("-".utf8)
        let descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw problem(path) }
        defer { if !isStandardInput { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw problem(path)
            }
            guard bytes.count + count <= byteLimit else {
                throw PolicyProblem(loading: "\(path): more than \(byteLimit) bytes")
            }
            bytes += chunk[..<count]
        }
    }

    /// Writes a file, in place of one that may be there.
    static func write(_ bytes: [UInt8], to path: String) throws(PolicyProblem) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw PolicyProblem(
                asked: "\(path) cannot be written: \(String(cString: strerror(errno)))",
                remedy: "name a file in a directory that is there")
        }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw PolicyProblem(asked: "\(path) cannot be written: \(String(cString: strerror(errno)))")
            }
        }
    }

    /// The files below a path, or the file at it, in the order of their names.
    ///
    /// - Parameter ignored: patterns of the shell; what they match by name or by path is left out.
    static func files(below path: String, ignoring ignored: [String]) throws(PolicyProblem) -> [String] {
        guard try kind(of: path) == .directory else { return [path] }
        var result: [String] = []
        try collect(path, ignored, depth: 0, into: &result)
        return result
    }

    private static func collect(
        _ directory: String, _ ignored: [String], depth: Int, into result: inout [String]
    ) throws(PolicyProblem) {
        guard depth < depthLimit else {
            throw PolicyProblem(loading: "\(directory): more than \(depthLimit) directories in each other")
        }
        guard let stream = opendir(directory) else { throw problem(directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let path = directory.utf8.last == UInt8(ascii: "/") ? directory + name : "\(directory)/\(name)"
            if ignored.contains(where: { fnmatch($0, name, 0) == 0 || fnmatch($0, path, 0) == 0 }) { continue }
            if try kind(of: path) == .directory {
                try collect(path, ignored, depth: depth + 1, into: &result)
            } else {
                result.append(path)
            }
        }
    }

    private static func problem(_ path: String) -> PolicyProblem {
        PolicyProblem(
            loading: "\(path): \(String(cString: strerror(errno)))",
            remedy: errno == ENOENT ? "name a .rego, .json or .yaml file, or a directory that holds them" : nil)
    }
}
