// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import Storage
import Testing

@Suite struct SecurityTests {
    static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require((attributes[.posixPermissions] as? NSNumber)?.intValue)
    }

    @Test func `directories are 0700 and files 0600`() throws {
        let victim = try Victim()
        #expect(try Self.mode(victim.directory) == 0o700)
        let names = try #require(FileManager.default.enumerator(atPath: victim.directory)).allObjects
        for case let name as String in names {
            let path = victim.directory + "/" + name
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            #expect(try Self.mode(path) == (isDirectory.boolValue ? 0o700 : 0o600), "\(name)")
        }
    }

    @Test func `a second process is refused while the log is open, and not afterwards`() throws {
        let workspace = try Workspace()
        let log = try AuditLog.open(try workspace.configuration())
        #expect(throws: AuditLogError.locked(path: workspace.directory)) {
            try AuditLog.open(workspace.configuration())
        }
        log.close()
        log.close()
        try AuditLog.open(try workspace.configuration()).close()
    }

    @Test(arguments: ["key", ""])
    func `a key or directory that others may read is refused`(name: String) throws {
        let victim = try Victim()
        let path = victim.directory + (name.isEmpty ? "" : "/" + name)
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: path)
        let error = #expect(throws: AuditLogError.self) { try AuditLog.open(victim.workspace.configuration()) }
        #expect(error?.description.contains("mode 750") == true)
    }

    @Test func `a key of another name, a damaged one and a missing one are refused`() throws {
        let victim = try Victim()
        var configuration = try victim.workspace.configuration()
        configuration.origin = try #require(NoteName("other.example/audit"))
        #expect(throws: AuditLogError.self) { try AuditLog.open(configuration) }
        configuration = try victim.workspace.configuration()
        let key = try victim.bytes("key")
        try victim.write(Array(key.dropLast(3)), "key")
        #expect(throws: AuditLogError.self) { try AuditLog.open(configuration) }
        try victim.remove("key")
        #expect(throws: AuditLogError.self) { try AuditLog.open(configuration) }
        #expect(!FileManager.default.fileExists(atPath: victim.directory + "/key"))
    }

    @Test func `a symbolic link in place of the key or the journal is refused`() throws {
        for name in ["key", "journal/00000000000000000000.log"] {
            let victim = try Victim()
            let path = victim.directory + "/" + name
            try FileManager.default.moveItem(atPath: path, toPath: victim.workspace.path + "/elsewhere")
            try FileManager.default.createSymbolicLink(
                atPath: path, withDestinationPath: victim.workspace.path + "/elsewhere")
            #expect(throws: AuditLogError.self) { try AuditLog.open(victim.workspace.configuration()) }
        }
    }

    @Test func `the key may be kept outside the directory of the log`() throws {
        let workspace = try Workspace()
        var configuration = try workspace.configuration()
        configuration.keyPath = workspace.path + "/key"
        let log = try AuditLog.open(configuration)
        try log.fill(0..<3)
        log.close()
        #expect(!FileManager.default.fileExists(atPath: workspace.directory + "/key"))
        #expect(try AuditVerifier.verify(directory: workspace.directory, key: log.verifierKey).isIntact)
    }

    @Test func `exports carry the record and escape what it holds`() throws {
        var hostile = event(1)
        hostile.host = "a\"},\n{\"b"
        hostile.port = 443
        hostile.source = "10.0.4.7"
        hostile.bytesUp = 5
        var bytes: [UInt8] = []
        hostile.encode(into: &bytes)
        let record = IndexedRecord(index: 7, bytes: bytes)
        let line = try #require(
            try JSONSerialization.jsonObject(with: Data(JSONLinesExport.line(record))) as? [String: Any])
        #expect((line["record"] as? [String: Any])?["host"] as? String == hostile.host)
        let exported = try #require(OCSFExport.line(record, version: "1"))
        #expect(exported.filter { $0 == 0x0a }.count == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(exported)) as? [String: Any])
        #expect(object["class_uid"] as? Int == 4001)
        #expect(object["type_uid"] as? Int == 400_105)
        #expect((object["dst_endpoint"] as? [String: Any])?["hostname"] as? String == hostile.host)
        #expect((object["metadata"] as? [String: Any])?["sequence"] as? Int == 7)
        #expect((object["raw_data"] as? String)?.utf8.elementsEqual(bytes) == true)
        #expect(OCSFExport.line(IndexedRecord(index: 0, bytes: [1]), version: "1") == nil)
    }

    @Test func `queries find by each member and quote what is asked`() throws {
        let workspace = try Workspace()
        let log = try AuditLog.open(try workspace.configuration())
        defer { log.close() }
        try log.fill(0..<100)
        func count(_ change: (inout AuditQuery) -> Void) throws -> Int {
            var query = AuditQuery()
            change(&query)
            return try log.query(query).count
        }
        #expect(try count { $0.agent = "spiffe://techresolve.local/agent/a0" } == 34)
        #expect(try count { $0.verdict = .deny } == 50)
        #expect(try count { $0.reason = "no_grant" } == 50)
        #expect(try count { $0.reason = "no_" } == 0)
        #expect(try count { $0.host = "host1.example" } == 20)
        #expect(try count { $0.host = "' OR 1=1 --" } == 0)
        #expect(try count { $0.kind = .checkpointInterval } == 1)
        #expect(try count { $0.limit = 7 } == 7)
        #expect(try count { $0.limit = -1 } == 0)
        #expect(try count { $0.before = 11 } == 11)
        #expect(try count { $0.since = 1_790_000_000_000_090 } == 10)
        #expect(try count { $0.until = 1_790_000_000_000_010 } == 11)
    }
}
