// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Testing

/// A real web server with TLS, asked in the version of HTTP that the configuration says.
@Suite struct ServiceHTTP2Tests {
    /// nginx with a certificate for `tickets.test`.
    private final class Nginx: Sendable {
        let port: UInt16
        let authority: String
        private let program: Program
        private let directory: String

        /// - Parameter speaksHTTP2: Whether it offers HTTP/2 in TLS.
        init(speaksHTTP2: Bool) async throws {
            let directory = "/tmp/yett-nginx-" + String(UInt32.random(in: .min ... .max), radix: 36)
            self.directory = directory
            for name in ["", "/tickets", "/logs", "/tmp"] {
                try FileManager.default.createDirectory(atPath: directory + name, withIntermediateDirectories: true)
            }
            let authority = try TestAuthority("Service CA")
            let leaf = try authority.issue(dnsNames: ["tickets.test"])
            self.authority = try authority.pem
            try leaf.certificate.write(toFile: directory + "/leaf.pem", atomically: true, encoding: .utf8)
            try leaf.key.write(toFile: directory + "/leaf.key", atomically: true, encoding: .utf8)
            try Data(repeating: 0x61, count: 3 << 20).write(to: URL(filePath: directory + "/tickets/large"))
            let port = FreePort.take()
            self.port = port
            let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .map { "\($0)_temp_path \(directory)/tmp/\($0);" }.joined(separator: " ")
            let configuration = """
                daemon off; master_process off; pid \(directory)/pid; error_log \(directory)/logs/error.log;
                events { worker_connections 512; }
                http {
                    access_log off; \(temporary) keepalive_requests 20;
                    server {
                        listen 127.0.0.1:\(port) ssl\(speaksHTTP2 ? " http2" : "");
                        ssl_certificate \(directory)/leaf.pem; ssl_certificate_key \(directory)/leaf.key;
                        root \(directory);
                        location = /tickets { return 200 "$server_protocol|$http_host|$connection_requests"; }
                        location /tickets/ { }
                    }
                }
                """
            try configuration.write(toFile: directory + "/nginx.conf", atomically: true, encoding: .utf8)
            let program = try Program(
                "nginx", ["-p", directory, "-c", directory + "/nginx.conf"], install: "apt-get install nginx-light")
            self.program = program
            let pid = directory + "/pid"
            guard await eventually({ !program.isRunning || FileManager.default.fileExists(atPath: pid) }),
                program.isRunning
            else { throw CocoaError(.executableLoad) }
        }

        deinit {
            program.stop()
            try? FileManager.default.removeItem(atPath: directory)
        }
    }

    private static func text(_ nginx: Nginx, _ keys: String) -> String {
        ServiceGate.text(
            to: nginx.port,
            grants: "[{name: tickets, service: tickets, methods: [GET], paths: [/tickets], schemes: [https]}]",
            service: ", tls: web, ca: $DIRECTORY/ca.pem\(keys)\(ServiceGate.credential)")
    }

    private static func run(
        _ nginx: Nginx, _ keys: String = "", _ body: @escaping @Sendable (RunningGate) throws -> Void
    ) async throws {
        try await RunningGate.run(
            text(nginx, keys),
            prepare: {
                try ServiceGate.prepare($0)
                try ServiceGate.write(nginx.authority, as: "ca.pem", in: $0)
            }, body)
    }

    @Test(arguments: [
        ("", "HTTP/2.0"), (", http: 1.1", "HTTP/1.1"), (", http: 2", "HTTP/2.0"), (", http: auto", "HTTP/2.0"),
    ])
    func `The version is what the service chooses, or what is asked for`(keys: String, version: String) async throws {
        let nginx = try await Nginx(speaksHTTP2: true)
        try await Self.run(nginx, keys) { gate throws in
            let socket = try RawSocket.connect(port: gate.port)
            // More than the server takes on one connection: it says goodbye, and nothing is lost.
            for _ in 0..<50 {
                let answer = try gate.ask("GET", service: "/s/tickets/tickets", on: socket)
                #expect(answer.text.hasPrefix("\(version)|tickets.test:\(nginx.port)|"), "\(answer.text)")
            }
            let large = try gate.ask("GET", service: "/s/tickets/tickets/large", on: socket)
            #expect(large.body.count == 3 << 20)
        }
    }

    @Test func `A service without HTTP/2 is asked by HTTP/1.1, unless that is ruled out`() async throws {
        let nginx = try await Nginx(speaksHTTP2: false)
        try await Self.run(nginx) { gate throws in
            for _ in 0..<3 {
                let answer = try gate.ask("GET", service: "/s/tickets/tickets")
                #expect(answer.text.hasPrefix("HTTP/1.1|"), "\(answer.text)")
            }
            try gate.rewrite(Self.text(nginx, ", http: 2"))
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(report.isAccepted, "\(report.diagnostics)")
            let answer = try gate.ask("GET", service: "/s/tickets/tickets")
            #expect(answer.status == 502)
            #expect(answer.text.contains("HTTP/2") || answer.text.contains("TLS"), "\(answer.text)")
        }
    }
}
