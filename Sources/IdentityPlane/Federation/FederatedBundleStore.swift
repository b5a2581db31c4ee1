// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Identity
internal import Protocols

/// Keeps the latest bundle of each trust domain in a directory, so that a restart neither forgets one nor goes back to an
/// older one. To go back on purpose, stop the gate and remove the file.
struct FederatedBundleStore: Sendable {
    private let directory: String
    private static let largest = 1 << 20

    /// A directory that only this user may write to; it is made when it is missing.
    init(directory: String) { self.directory = directory }

    private func path(_ trustDomain: TrustDomain) -> String? {
        let name = "bundle-\(trustDomain.name).json"
        // The longest name of a file, with room for the suffix of the one that is being written.
        return name.utf8.count <= 250 ? "\(directory)/\(name)" : nil
    }

    /// The bundle of a trust domain; nil when none was kept.
    ///
    /// - Throws: ``StoreFailure`` when there is a file that cannot be used.
    func read(_ trustDomain: TrustDomain) throws(StoreFailure) -> TrustBundle? {
        guard let path = path(trustDomain) else { return nil }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw StoreFailure(path, "open", errno)
        }
        defer { close(descriptor) }
        guard let bytes = Self.contents(of: descriptor),
            let bundle = try? TrustBundle(parsing: bytes, trustDomain: trustDomain)
        else { throw StoreFailure(description: "\(path) is no bundle document; remove it") }
        return bundle
    }

    /// Keeps a bundle: the file is replaced at once, or not at all.
    func write(_ bundle: TrustBundle) throws(StoreFailure) {
        guard let path = path(bundle.trustDomain) else {
            throw StoreFailure(description: "the name of the trust domain is too long for a file")
        }
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else { throw StoreFailure(directory, "mkdir", errno) }
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreFailure(draft, "open", errno) }
        let isWritten = Self.write(bundle.document.bytes, to: descriptor) && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isWritten, rename(draft, path) == 0 else { throw StoreFailure(draft, "write", isWritten ? errno : code) }
        try settle()
    }

    /// Lets the directory outlive a power failure, with the file's new name.
    private func settle() throws(StoreFailure) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreFailure(directory, "open", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreFailure(directory, "fsync", errno) }
    }

    private static func contents(of descriptor: CInt) -> [UInt8]? {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0, bytes.count &+ count <= largest else { return nil }
            if count == 0 { return bytes }
            bytes += part.prefix(count)
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Why a bundle cannot be read or kept.
    struct StoreFailure: Error, CustomStringConvertible {
        let description: String

        init(description: String) { self.description = description }

        init(_ path: String, _ call: String, _ code: CInt) {
            description = "\(path): \(call): \(String(cString: strerror(code)))"
        }
    }
}
