// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import FoundationEssentials
import Glibc

/// The session of the person at this command line, in a file that nobody else can read.
struct SessionFile: Codable {
    /// Where the session is good.
    var url: String
    /// The session. A secret.
    var session: String
    /// Who signed in.
    var issuer: String
    /// The issuer's name for the person.
    var subject: String
    /// When the session ends at the latest, in Unix seconds.
    var ends: Int64
    /// The authorities that the server's certificate must come from; absent for the system's.
    var ca: String?

    private static let remedy = "yett login"
    private static let largest = 16 * 1024

    /// `yett/session.json` below `$XDG_CONFIG_HOME`, or below `.config` in the home directory.
    static func path() throws -> String {
        if let value = getenv("XDG_CONFIG_HOME"), value.pointee == CChar(UInt8(ascii: "/")) {
            return String(cString: value) + "/yett/session.json"
        }
        guard let home = getenv("HOME"), home.pointee == CChar(UInt8(ascii: "/")) else {
            throw CommandFailure(
                "there is no place for a session: neither XDG_CONFIG_HOME nor HOME is set", code: .usage)
        }
        return String(cString: home) + "/.config/yett/session.json"
    }

    /// Reads the session.
    ///
    /// - Throws: ``CommandFailure`` when there is none, or when somebody else could have read or written it.
    static func read() throws -> SessionFile {
        let path = try path()
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw CommandFailure("nobody is signed in here", remedy: remedy) }
            throw CommandFailure("\(path): \(String(cString: strerror(errno)))", remedy: remedy)
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_uid == geteuid(),
            facts.st_mode & 0o077 == 0
        else {
            throw CommandFailure(
                "\(path) is not a file that you alone can read; what stands in it is not used", remedy: "rm \(path)")
        }
        let bytes = try InputFile.read(descriptor, path, limit: largest)
        guard let session = try? AdminJSON.decoder.decode(SessionFile.self, from: Data(bytes)) else {
            throw CommandFailure("\(path) holds no session", remedy: remedy)
        }
        return session
    }

    /// Keeps the session in the place of the one before.
    func write() throws {
        let path = try Self.path()
        let directory = String(path.dropLast("/session.json".count))
        try Self.makeDirectory(directory)
        try OutputFile.replace(path, with: AdminJSON.encoder.encode(self), mode: 0o600)
    }

    /// Forgets the session.
    static func remove() throws {
        let path = try path()
        guard unlink(path) == 0 || errno == ENOENT else { throw failure(path) }
    }

    private static func makeDirectory(_ path: String) throws {
        let parent = path.split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 }
        if access(parent, F_OK) != 0 { _ = mkdir(parent, 0o700) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path) }
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path): \(String(cString: strerror(errno)))", remedy: "see who owns the directory")
    }
}
