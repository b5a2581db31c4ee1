// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport

/// A real web server as the destination, plain and with TLS.
final class NginxServer: Sendable {
    /// The port of plain HTTP.
    let port: UInt16
    /// The port of HTTPS.
    let tlsPort: UInt16
    /// Where its files are.
    let root: String
    /// The certificate authority of its certificate, as a file.
    let authorityFile: String
    private let program: Program
    private let directory: String

    /// Starts the server for these names.
    init(names: [String]) async throws {
        directory = "/tmp/yett-nginx-" + String(UInt32.random(in: .min ... .max), radix: 36)
        root = directory + "/root"
        for name in ["", "/root", "/logs", "/tmp"] {
            try FileManager.default.createDirectory(atPath: directory + name, withIntermediateDirectories: true)
        }
        let authority = try TestAuthority("Destination CA")
        let leaf = try authority.issue(dnsNames: names)
        authorityFile = directory + "/ca.pem"
        try authority.pem.write(toFile: authorityFile, atomically: true, encoding: .utf8)
        try leaf.certificate.write(toFile: directory + "/leaf.pem", atomically: true, encoding: .utf8)
        try leaf.key.write(toFile: directory + "/leaf.key", atomically: true, encoding: .utf8)
        (port, tlsPort, program) = try await Self.start(in: directory)
    }

    /// nginx cannot choose its ports itself, and another program may take one before it does: then other ports are tried.
    private static func start(in directory: String) async throws -> (UInt16, UInt16, Program) {
        for _ in 0..<5 {
            let (port, tlsPort) = (FreePort.take(), FreePort.take())
            try configuration(directory, port, tlsPort).write(
                toFile: directory + "/nginx.conf", atomically: true, encoding: .utf8)
            try? FileManager.default.removeItem(atPath: directory + "/pid")
            let program = try Program(
                "nginx", ["-p", directory, "-c", directory + "/nginx.conf"], install: "apt-get install nginx-light")
            // It writes its process id once it listens on both.
            let hasStarted = await eventually {
                !program.isRunning || FileManager.default.fileExists(atPath: directory + "/pid")
            }
            if hasStarted, program.isRunning { return (port, tlsPort, program) }
        }
        throw HarnessError.setup("nginx did not start; see \(directory)/logs/error.log")
    }

    private static func configuration(_ directory: String, _ port: UInt16, _ tlsPort: UInt16) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(directory)/tmp/\($0);" }.joined(separator: " ")
        return """
            daemon off; master_process off; pid \(directory)/pid; error_log \(directory)/logs/error.log;
            events { worker_connections 512; }
            http {
                access_log off; \(temporary) gzip_types *; keepalive_requests 1000000; client_max_body_size 64m;
                server {
                    listen 127.0.0.1:\(port); listen 127.0.0.1:\(tlsPort) ssl;
                    ssl_certificate \(directory)/leaf.pem; ssl_certificate_key \(directory)/leaf.key;
                    root \(directory)/root;
                    location /text { return 200 "hello from nginx"; }
                    location /moved { return 302 http://10.0.0.5/secret; }
                    location /chunked { gzip on; gzip_min_length 1; alias \(directory)/root/; }
                    location /mirror { default_type text/plain; return 200 "$request|$http_host|$http_x_forwarded_for"; }
                }
                server {
                    listen 127.0.0.1:\(port); server_name places.test; default_type text/plain;
                    location / { return 200 "place=$uri"; }
                }
            }
            """
    }

    /// Writes a file that the server offers.
    func offer(_ bytes: [UInt8], as name: String) throws {
        try Data(bytes).write(to: URL(filePath: root + "/" + name))
    }

    /// Leads the dials of a gate here.
    func lead(_ options: inout GateOptions) {
        let (port, tlsPort) = (port, tlsPort)
        options.route = { $0.port == 443 ? tlsPort : $0.port == 80 ? port : nil }
    }

    deinit {
        program.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }
}
