// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses

/// Reads the body of a ClientHello (RFC 8446 section 4.1.2). Every vector must end where its parent says.
enum ClientHelloBody {
    private struct Extensions {
        var serverName: HostName?
        var applicationProtocols: [String] = []
        var hasEncryptedHello = false
        var versions: [UInt16] = []
    }

    /// The hello, or nil when it is malformed.
    static func read(_ bytes: UnsafeRawBufferPointer) -> ClientHello? {
        var cursor = ByteCursor(bytes)
        guard let version = cursor.short(), version >> 8 == 3, cursor.take(32) != nil,
            let session = cursor.shortVector(), session.count <= 32,
            let suites = cursor.vector(), suites.count >= 2, suites.count % 2 == 0,
            let compressions = cursor.shortVector(), compressions.contains(0)
        else { return nil }
        var found = Extensions()
        if !cursor.isAtEnd {
            guard let list = cursor.vector(), cursor.isAtEnd, let read = extensions(list) else { return nil }
            found = read
        }
        return ClientHello(
            serverName: found.serverName, applicationProtocols: found.applicationProtocols,
            hasEncryptedHello: found.hasEncryptedHello, versions: found.versions.isEmpty ? [version] : found.versions)
    }

    private static func extensions(_ list: UnsafeRawBufferPointer) -> Extensions? {
        var found = Extensions()
        var cursor = ByteCursor(list)
        var lowTypes: UInt64 = 0
        var otherTypes: [UInt16] = []
        while !cursor.isAtEnd {
            guard let type = cursor.short(), let body = cursor.vector() else { return nil }
            if type < 64 {
                let bit: UInt64 = 1 &<< UInt64(type)
                guard lowTypes & bit == 0 else { return nil }
                lowTypes |= bit
            } else {
                guard otherTypes.count < 64, !otherTypes.contains(type) else { return nil }
                otherTypes.append(type)
            }
            switch type {
            case 0:
                guard let name = serverName(body) else { return nil }
                found.serverName = name
            case 16:
                guard let protocols = applicationProtocols(body) else { return nil }
                found.applicationProtocols = protocols
            case 41:
                // pre_shared_key is the last extension (RFC 8446 section 4.2.11).
                guard cursor.isAtEnd else { return nil }
            case 43:
                guard let versions = versions(body) else { return nil }
                found.versions = versions
            case 0xfe08...0xfe0d, 0xffce:
                found.hasEncryptedHello = true
            default: continue
            }
        }
        return found
    }

    /// Exactly one `host_name`, a proper DNS name without root dot (RFC 6066 section 3).
    private static func serverName(_ body: UnsafeRawBufferPointer) -> HostName? {
        var cursor = ByteCursor(body)
        guard let list = cursor.vector(), cursor.isAtEnd else { return nil }
        var entries = ByteCursor(list)
        guard entries.byte() == 0, let name = entries.vector(), entries.isAtEnd, let last = name.last, last != 0x2e
        else {
            return nil
        }
        return try? HostName(parsing: name)
    }

    private static func applicationProtocols(_ body: UnsafeRawBufferPointer) -> [String]? {
        var cursor = ByteCursor(body)
        guard let list = cursor.vector(), !list.isEmpty, cursor.isAtEnd else { return nil }
        var names: [String] = []
        var entries = ByteCursor(list)
        while !entries.isAtEnd {
            guard let name = entries.shortVector(), !name.isEmpty, names.count < 64 else { return nil }
            names.append(String(decoding: name, as: UTF8.self))
        }
        return names
    }

    private static func versions(_ body: UnsafeRawBufferPointer) -> [UInt16]? {
        var cursor = ByteCursor(body)
        guard let list = cursor.shortVector(), list.count >= 2, list.count % 2 == 0, cursor.isAtEnd else { return nil }
        var versions: [UInt16] = []
        var entries = ByteCursor(list)
        while let version = entries.short() { versions.append(version) }
        return versions
    }
}
