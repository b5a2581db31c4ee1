// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport
import Glibc
import PolicyBundle

/// A real HTTP server for bundles: serves the files of a directory with tags, holds answers back when it is asked to, and
/// misbehaves as a file `mode.json` says.
final class BundleServer: Sendable {
    /// Where the files are, with what the server notes.
    let directory: String
    /// Where it listens.
    let port: Int
    private let scheme: String
    private let program: Program

    private static let script = """
        import hashlib, http.server, json, os, sys, threading, time
        root, lock = sys.argv[1], threading.Lock()
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *arguments): pass
            def do_GET(self):
                with lock, open(root + "/requests.jsonl", "a") as log:
                    log.write(json.dumps({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}}) + "\\n")
                try: mode = json.load(open(root + "/mode.json"))
                except OSError: mode = {}
                if "status" in mode:
                    self.send_response(mode["status"])
                    if "location" in mode: self.send_header("Location", mode["location"])
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
                known = self.headers.get("If-None-Match")
                wait = [p[5:] for p in self.headers.get("Prefer", "").split(";") if p.startswith("wait=")]
                end = time.monotonic() + (float(wait[0]) if wait and not mode.get("hasty") else 0)
                while True:
                    try: body = open(root + self.path, "rb").read()
                    except OSError:
                        self.send_response(404)
                        self.send_header("Content-Length", "0")
                        return self.end_headers()
                    tag = mode.get("tag", '"' + hashlib.sha256(body).hexdigest() + '"')
                    if tag != known or time.monotonic() >= end: break
                    time.sleep(0.01)
                self.send_response(304 if tag == known else 200)
                self.send_header("ETag", tag)
                self.send_header("Content-Type", "application/vnd.openpolicyagent.bundles")
                if tag == known: return self.end_headers()
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if not mode.get("drip"): return self.wfile.write(body)
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(0.05)
        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            def handle_error(self, *arguments): pass
        server = Server(("127.0.0.1", 0), Handler)
        if os.path.exists(root + "/server.pem"):
            import ssl
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(root + "/server.pem", root + "/server.key")
            context.load_verify_locations(root + "/clients.pem")
            context.verify_mode = ssl.CERT_REQUIRED
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        open(root + "/port.new", "w").write(str(server.server_address[1]))
        os.rename(root + "/port.new", root + "/port")
        server.serve_forever()
        """

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - identity: The server's certificate, for TLS.
    ///   - clientAuthority: Who issues the certificates that clients must have.
    init(identity: TestAuthority.Leaf? = nil, clientAuthority: String = "") throws {
        let directory = "/tmp/yett-bundles-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(directory, 0o700) == 0 else { throw POSIXError(.EIO) }
        self.directory = directory
        scheme = identity == nil ? "http" : "https"
        if let identity {
            for (name, text) in [
                ("server.pem", identity.certificate), ("server.key", identity.key), ("clients.pem", clientAuthority),
            ] { try text.write(toFile: directory + "/" + name, atomically: true, encoding: .utf8) }
        }
        program = try Program("python3", ["-c", Self.script, directory])
        guard comesTrue({ FileManager.default.fileExists(atPath: directory + "/port") }),
            let port = Int(try String(contentsOfFile: directory + "/port", encoding: .utf8))
        else { throw POSIXError(.ECHILD) }
        self.port = port
    }

    /// Ends the server.
    func stop() { program.stop() }

    /// Ends the server and removes what it has.
    func remove() {
        stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Where a file is found.
    func url(_ name: String = "main.tar.gz") -> String { "\(scheme)://127.0.0.1:\(port)/\(name)" }

    /// Writes a file that only its owner can read.
    func secret(_ text: String, as name: String) throws {
        try put(Array(text.utf8), as: name)
        guard chmod(directory + "/" + name, 0o600) == 0 else { throw POSIXError(.EIO) }
    }

    /// Replaces a file at once.
    func put(_ bytes: [UInt8], as name: String = "main.tar.gz") throws {
        try Data(bytes).write(to: URL(filePath: directory + "/" + name), options: .atomic)
    }

    /// Replaces a bundle at once.
    func put(_ files: [BundleFile], signer: BundleSigner? = nil, as name: String = "main.tar.gz") throws {
        try put(try BundleWriter.archive(files, signer: signer), as: name)
    }

    /// Misbehaves from now on.
    func mode(_ text: String) throws { try put(Array(text.utf8), as: "mode.json") }

    /// What was asked so far.
    var requests: [[String: String]] {
        let text = (try? String(contentsOfFile: directory + "/requests.jsonl", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap {
            try? JSONDecoder().decode([String: String].self, from: Data($0.utf8))
        }
    }
}

extension BundleFile {
    init(_ path: String, _ text: String) { self.init(path: path, bytes: Array(text.utf8)) }

    /// A bundle that refuses everything with one code, or allows what is granted.
    static func policy(_ revision: String, refusing code: String? = nil) -> [BundleFile] {
        let rule = code.map { "deny contains \"\($0)\" if input.destination.port > 0" } ?? ""
        return [
            BundleFile(".manifest", #"{"revision": "\#(revision)", "roots": ["yett/authz", "app"]}"#),
            BundleFile("authz.rego", "package yett.authz\n\(rule)\n"),
            BundleFile("app/data.json", #"{"version": "\#(revision)"}"#),
        ]
    }
}
