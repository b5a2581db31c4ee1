// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import PolicyBundle
import Testing

@Suite("Attacks with policy bundles") struct BundleAttackTests {
    private static let secret = "of-32-bytes-or-more-for-the-tests"

    private static func signer(
        _ key: String = secret, name: String = "release", scope: String? = nil, at time: Int64? = nil
    ) throws -> BundleSigner {
        var signer = try BundleSigner(key: Array(key.utf8), algorithm: "HS256", keyIdentifier: name)
        signer.scope = scope
        signer.issuedAt = time
        return signer
    }

    /// Runs a gate that demands signatures, with a good bundle `r1` in force.
    private static func withKeys(
        scope: String = "", signing: String = "", at time: Int64? = nil,
        _ body: @escaping @Sendable (RunningGate, BundleServer, UInt16) throws -> Void
    ) async throws {
        let (server, upstream) = (try BundleServer(), UpstreamServer.echo())
        defer {
            server.remove()
            upstream.stop()
        }
        let port = upstream.port
        let key = server.directory + "/key"
        #expect(
            FileManager.default.createFile(
                atPath: key, contents: Data(secret.utf8), attributes: [.posixPermissions: 0o600]))
        let scoped = scope.isEmpty ? "" : ", scope: \(scope)"
        let text = BundleTests.configuration(
            server, port: port, bundle: signing.isEmpty ? "" : ", signing: {\(signing)}",
            policy: "  keys: {release: {key: \"file:\(key)\", algorithm: HS256\(scoped)}}\n")
        try server.put(
            BundleFile.policy("r1"), signer: signer(scope: scope.isEmpty ? nil : scope, at: time))
        try await RunningGate.run(text) { gate throws in
            #expect(try BundleTests.serves("r1", gate))
            try body(gate, server, port)
            #expect(try BundleTests.serves("r1", gate))
            #expect(try BundleTests.outcome(gate, port) == "granted")
        }
    }

    @Test("once there is a key, what is not signed as a whole, with the key and for the scope, changes nothing")
    func signatures() async throws {
        try await Self.withKeys(scope: "write") { gate, server, _ in
            let evil = BundleFile.policy("evil", refusing: "evil")
            try server.put(evil)
            #expect(try BundleTests.fails("the bundle is not signed", gate))
            try server.put(evil, signer: Self.signer("another secret of thirty-two bytes", scope: "write"))
            #expect(try BundleTests.fails("it is not made with the key", gate))
            try server.put(evil, signer: Self.signer(name: "other", scope: "write"))
            #expect(try BundleTests.fails("there is no key 'other'", gate))
            try server.put(evil, signer: Self.signer(scope: "read"))
            #expect(try BundleTests.fails("it is for the scope 'read'", gate))
            try server.put(evil, signer: Self.signer())
            #expect(try BundleTests.fails("it is for the scope ''", gate))
            // A file more than was signed, one less, and another one.
            let good = BundleFile.policy("r2")
            let signature = try Self.signer(scope: "write").signature(over: good)
            try server.put(good + [signature, BundleFile("more.rego", "package app.more\n")])
            #expect(try BundleTests.fails("the file 'more.rego' is not signed", gate))
            try server.put(Array(good.dropLast()) + [signature])
            #expect(try BundleTests.fails("the signed file 'app/data.json' is missing", gate))
            try server.put(good.dropLast() + [BundleFile("app/data.json", #"{"version": "evil"}"#), signature])
            #expect(try BundleTests.fails("is not the one that was signed", gate))
            try server.put([BundleFile(".signatures.json", #"{"signatures": ["a.b.c"]}"#)])
            #expect(try BundleTests.fails("no JSON web token", gate))
            try server.put(good + [BundleFile(".signatures.json", #"{"signatures": []}"#)])
            #expect(try BundleTests.fails("there must be one signature", gate))
            #expect(try gate.status().bundles.first?.activeRevision == "r1")
        }
    }

    @Test("an older bundle that somebody sends again changes nothing")
    func replay() async throws {
        try await Self.withKeys(at: 1000) { gate, server, port in
            try server.put(BundleFile.policy("r0"), signer: Self.signer(at: 999))
            #expect(try BundleTests.fails("was made before", gate))
            try server.put(BundleFile.policy("r0"), signer: Self.signer())
            #expect(try BundleTests.fails("was made before", gate))
            #expect(try gate.status().bundles.first?.activeRevision == "r1")
            // The same policy signed anew is what goes back.
            try server.put(BundleFile.policy("r2", refusing: "x"), signer: Self.signer(at: 1001))
            #expect(try BundleTests.serves("r2", gate))
            try server.put(BundleFile.policy("r1"), signer: Self.signer(at: 1002))
        }
    }

    @Test("a kept version is verified again, and no older one follows it")
    func kept() async throws {
        let server = try BundleServer()
        defer { server.remove() }
        try server.secret(Self.secret, as: "key")
        let keys = "  keys: {release: {key: \"file:\(server.directory)/key\", algorithm: HS256}}\n"
        let text = BundleTests.configuration(server, port: 443, policy: keys)
        let store = BundleStore(directory: server.directory + "/kept")
        try server.put(BundleFile.policy("r1"), signer: Self.signer(at: 1000))
        try await RunningGate.run(text) { gate throws in
            #expect(try BundleTests.serves("r1", gate))
            #expect(comesTrue { (try? store.kept("main")) != nil })
        }
        try server.put(BundleFile.policy("r0"), signer: Self.signer(at: 999))
        try await RunningGate.run(text) { gate throws in
            #expect(try BundleTests.serves("r1", gate))
            #expect(try BundleTests.fails("was made before", gate))
            #expect(try BundleTests.serves("r1", gate))
        }
        let forged = try BundleWriter.archive(BundleFile.policy("forged"))
        try store.keep(BundleStore.Entry(archive: forged, entityTag: "\"x\""), as: "main")
        try server.mode(#"{"status": 503}"#)
        try await RunningGate.run(text) { gate throws in
            #expect(try BundleTests.outcome(gate, 443) == "policy_not_ready")
            #expect(try BundleTests.fails("status 503", gate))
            #expect(server.requests.last?["if-none-match"] == nil)
        }
    }

    @Test("archives that lead elsewhere, grow without measure or hold links change nothing")
    func archives() async throws {
        try await Self.unsigned(limits: "{bundle: 8MiB, bundle_unpacked: 2MiB, bundle_files: 50}") { gate, server in
            for (script, words) in [
                ("add('../../etc/x.rego', b'package x')", "leads elsewhere"),
                ("add('a/../../x.rego', b'package x')", "leads elsewhere"),
                ("add('a\\\\b.rego', b'package x')", "a backslash"),
                ("add('a.rego', b'', tarfile.SYMTYPE, '/etc/passwd')", "is a link"),
                ("add('a.rego', b'', tarfile.LNKTYPE, '/etc/passwd')", "is a link"),
                ("add('a.rego', b'', tarfile.CHRTYPE)", "is a device"),
                ("add('a.rego', b'', tarfile.FIFOTYPE)", "is a device"),
                ("add('a.rego', b'package app.a'); add('/a.rego', b'package app.b')", "stands twice"),
                ("import os; add('data.json', os.urandom(3 << 20))", "bytes unpacked"),
                ("[add(f'{n}.txt', b'') for n in range(60)]", "more than 50 files"),
                ("add('x' * 2000 + '.rego', b'package x')", "the name is too long"),
                ("add('yett/data.json', b'{\"grants\": {\"bot\": []}}')", "no bundle may add to it"),
                (
                    "add('.manifest', b'{\"roots\": [\"app\"]}'); add('x.rego', b'package system.log')",
                    "do not permit package"
                ),
                ("add('.manifest', b'{\"rego_version\": 0}')", "rego_version 0"),
                (
                    "add('.manifest', b'{\"revision\": \"' + b'x' * 300 + b'\"}')",
                    "'revision' has control characters or more"
                ),
                ("add('.manifest', b'{\"revision\": \"a\\\\u001b[2J\"}')", "'revision' has control characters or more"),
                (
                    "import json; add('.manifest', json.dumps({'roots': [str(n) for n in range(5000)]}).encode())",
                    "1000 roots"
                ),
                (
                    "import os; add('x.rego', b'package app #' + os.urandom(600000).hex().encode())",
                    "has more than 1048576 bytes"
                ),
                ("add('x.rego', b'package app\\nx := http.send({})')", "http.send"),
            ] {
                try server.tar(script)
                #expect(try BundleTests.fails(words, gate), "\(script)")
            }
        }
    }

    @Test("a stream that inflates a thousand times is refused by its ratio, a long one by its length")
    func bombs() async throws {
        try await Self.unsigned(limits: "{bundle: 1MiB, bundle_unpacked: 1GiB}") { gate, server in
            try server.python("import gzip; out = gzip.compress(b'\\0' * (200 << 20))")
            #expect(try BundleTests.fails("it unpacks to more than 250 times its size", gate))
            try server.put([UInt8](repeating: 7, count: 2 << 20))
            #expect(try BundleTests.fails("policy.limits.bundle", gate))
            try server.put(Array("<html>log in</html>".utf8))
            #expect(try BundleTests.fails("not a bundle", gate))
        }
    }

    @Test("servers that send elsewhere, that never end, or that tell tales change nothing")
    func servers() async throws {
        try await Self.unsigned(polling: "timeout: 1s") { gate, server in
            let other = try BundleServer()
            defer { other.remove() }
            try other.put(BundleFile.policy("evil", refusing: "evil"))
            try server.mode(#"{"status": 307, "location": "\#(other.url())"}"#)
            #expect(try BundleTests.fails("the server sends elsewhere to \(other.url())", gate))
            #expect(other.requests.isEmpty)
            try server.mode(#"{"drip": true}"#)
            try server.put(BundleFile.policy("slow", refusing: "slow"))
            #expect(try BundleTests.fails("took longer than 1 s", gate))
            for status in [204, 401, 500, 999] {
                try server.mode(#"{"status": \#(status)}"#)
                #expect(try BundleTests.fails("status \(status)", gate))
            }
            // A tag without end is not sent back; a head without end is no answer.
            try server.mode(#"{"tag": "\#(String(repeating: "x", count: 5000))"}"#)
            try server.put(BundleFile.policy("r2"))
            #expect(try BundleTests.serves("r2", gate))
            let count = server.requests.count
            #expect(comesTrue { server.requests.count > count })
            #expect(server.requests.last?["if-none-match"] == nil)
            try server.mode(#"{"tag": "\#(String(repeating: "x", count: 900_000))"}"#)
            #expect(try BundleTests.fails("there is no answer", gate))
            try server.mode("{}")
            try server.put(BundleFile.policy("r1"))
        }
    }

    /// Runs a gate without keys, with a good bundle `r1` in force that stays so.
    private static func unsigned(
        limits: String = "{}", polling: String = "timeout: 10s",
        _ body: @escaping @Sendable (RunningGate, BundleServer) throws -> Void
    ) async throws {
        let (server, upstream) = (try BundleServer(), UpstreamServer.echo())
        defer {
            server.remove()
            upstream.stop()
        }
        let port = upstream.port
        try server.put(BundleFile.policy("r1"))
        let text = BundleTests.configuration(
            server, port: port, polling: "min_delay: 100ms, max_delay: 200ms, \(polling)",
            policy: "  limits: \(limits)\n")
        try await RunningGate.run(text) { gate throws in
            #expect(try BundleTests.serves("r1", gate))
            try body(gate, server)
            #expect(try BundleTests.serves("r1", gate))
            #expect(try BundleTests.outcome(gate, port) == "granted")
        }
    }
}

extension BundleServer {
    /// Serves an archive that Python writes, which knows no rules for names and kinds.
    func tar(_ script: String) throws {
        try python(
            """
            import io, tarfile, gzip
            raw = io.BytesIO()
            archive = tarfile.open(fileobj=raw, mode="w")
            def add(name, content, kind=tarfile.REGTYPE, target=""):
                entry = tarfile.TarInfo(name)
                entry.type, entry.linkname, entry.size = kind, target, len(content)
                archive.addfile(entry, io.BytesIO(content))
            \(script)
            archive.close()
            out = gzip.compress(raw.getvalue())
            """)
    }

    /// Serves what a script leaves in `out`.
    func python(_ script: String) throws {
        let path = directory + "/made"
        let whole = script + "\nopen('\(path)', 'wb').write(out)\n"
        let outcome = try Program("python3", ["-c", whole], keepsErrors: true).outcome()
        guard outcome.status == 0 else { throw ScriptFailure(text: outcome.text) }
        try put(Array(try Data(contentsOf: URL(filePath: path))))
    }

    private struct ScriptFailure: Error { let text: String }
}
