// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

/// `yett exec` from the command to the record.
@Suite(.serialized) struct ExecTests {
    @Test("starts a program that reaches what it was granted, and nothing else")
    func reaches() async throws {
        try await onOwnThread {
            let gate = try RunningProgram(
                grants: "[{name: web, hosts: [web.test], ports: any, methods: [GET], require: {strength: launched}}]")
            defer { gate.stop() }
            let work = try Self.workingDirectory()
            defer { try? FileManager.default.removeItem(atPath: work) }
            let target = "web.test:\(gate.upstream.port)"
            let script = """
                curl -sS -m 60 http://\(target)/hello; echo " [granted $?]"
                curl -sS -m 60 -o /dev/null -w '%{http_code}' http://prod-db-01:5432/; echo " [denied $?]"
                curl -sS -m 60 --noproxy '*' http://127.0.0.1:\(gate.upstream.port)/; echo "[direct $?]"
                exit 7
                """
            let outcome = try CommandLineProgram.run(
                ["exec", "--agent", "bot", "--socket", gate.socket, "--", "sh", "-c", script], directory: work)
            #expect(outcome.output.contains("hello [granted 0]"), "\(outcome.errors)")
            #expect(outcome.output.contains("403 [denied 0]"))
            #expect(outcome.output.contains("[direct 7]"))
            #expect(outcome.status == 7)

            let records = try gate.yett("audit", "query", "--agent", "bot", "--json").output
            #expect(records.contains(#""proof":"launched""#))
            #expect(records.contains(#""kind":"launch""#))
            #expect(comesTrue { (try? gate.yett("audit", "query", "--kind", "launch_end").output.isEmpty) == false })
            #expect(try gate.yett("status", "--json").output.contains(#""launches":0"#))
        }
    }

    @Test("says that an agent may not be launched")
    func unknownAgent() async throws {
        try await onOwnThread {
            let gate = try RunningProgram()
            defer { gate.stop() }
            let outcome = try gate.yett("exec", "--agent", "nobody", "--", "true")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("no agent named “nobody” may be launched"))
            #expect(outcome.errors.contains("yett reload"))
        }
    }

    @Test("ends with 127 for a program that is not there, and ends the launch")
    func missingProgram() async throws {
        try await onOwnThread {
            let gate = try RunningProgram()
            defer { gate.stop() }
            let work = try Self.workingDirectory()
            defer { try? FileManager.default.removeItem(atPath: work) }
            let outcome = try CommandLineProgram.run(
                ["exec", "--agent", "bot", "--socket", gate.socket, "--", "no-such-program"], directory: work)
            #expect(outcome.status == 127)
            #expect(comesTrue { (try? gate.yett("status", "--json").output.contains(#""launches":0"#)) == true })
        }
    }

    private static func workingDirectory() throws -> String {
        let path = "/tmp/yett-work-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(path, 0o755) == 0 else { throw POSIXError(.EIO) }
        return path
    }
}
