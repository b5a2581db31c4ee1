// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import ProcessSupport

/// Certificates of an authority of its own for etcd and its clients, in files.
final class EtcdCertificates: Sendable {
    let directory: String

    /// Issues them.
    init() throws {
        directory = "/tmp/yett-etcd-tls-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let authority = try TestAuthority()
        try write("ca.pem", authority.pem)
        for name in ["server", "client"] {
            let leaf = try authority.issue(addresses: [[127, 0, 0, 1]])
            try write("\(name).pem", leaf.certificate)
            try write("\(name)-key.pem", leaf.key)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(directory)/\(name)")
    }

    /// What the members show, and whom they let in.
    var ofServers: EtcdServers.Certificates {
        EtcdServers.Certificates(
            authority: "\(directory)/ca.pem", certificate: "\(directory)/server.pem",
            key: "\(directory)/server-key.pem")
    }

    /// The section `tls` of a gate.
    var text: String {
        #"{ca: "file:\#(directory)/ca.pem", certificate: "file:\#(directory)/client.pem", "#
            + #"key: "file:\#(directory)/client-key.pem"}"#
    }
}
