// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// What generated code is given and what it says, looked through.
@Suite("Leaks through sandboxes") struct SandboxLeakTests {
    // The other agent's token stands in a file that the configuration names as a secret.
    private static let secret = SandboxGate.otherToken
    private static let sections =
        #"leaks: {secrets: [{name: other-token, value: "file:$DIRECTORY/other"}], patterns: false}"#
    private static let halves = (secret.prefix(11), secret.dropFirst(11))

    @Test("code, its input and its files do not carry a secret in")
    func input() async throws {
        try await SandboxGate.run(sections: Self.sections) { gate throws in
            let encoded = Data(Self.secret.utf8).base64EncodedString()
            let arguments: [JSONValue] = [
                ["language": "shell", "source": .string("echo \(Self.secret)")],
                ["language": "shell", "source": "cat", "stdin": .string(encoded)],
                ["language": "shell", "source": "cat a", "files": [["path": "a", "content": .string(Self.secret)]]],
            ]
            for arguments in arguments {
                let answer = try gate.post(arguments)
                #expect(answer.status == 403 && answer["yett-reason"] == "leak_found", "\(answer.text)")
            }
            #expect(try gate.runs().isEmpty)
        }
    }

    @Test("what the code says and writes comes back without it")
    func output() async throws {
        try await SandboxGate.run(sections: Self.sections) { gate throws in
            let source =
                "import base64\ns = '\(Self.halves.0)' + '\(Self.halves.1)'\nprint('it is ' + s + '.')\n"
                + "print(base64.b64encode(s.encode()).decode())\n"
            let answer = try gate.post(["language": "python", "source": .string(source)])
            #expect(answer.status == 200, "\(answer.text)")
            let content = try JSONValue(parsing: answer.body)
            #expect(content["stdout"]?.string?.hasPrefix("it is [redacted: other-token].\n[redacted") == true)
            #expect(!answer.text.contains(Self.secret))
        }
    }

    @Test("output that comes while the code runs is held until its line is complete")
    func events() async throws {
        try await SandboxGate.run(sections: Self.sections) { gate throws in
            let source = "echo before; printf '%s' '\(Self.halves.0)'; sleep 0.3; echo '\(Self.halves.1)'"
            let answer = try gate.post(
                ["language": "shell", "source": .string(source)], fields: "Accept: text/event-stream\r\n")
            #expect(answer.status == 200)
            #expect(answer.text.contains("event: stdout\ndata: {\"text\":\"before\\n\"}\n\n"), "\(answer.text)")
            #expect(answer.text.contains(String(repeating: "*", count: Self.secret.utf8.count)), "\(answer.text)")
            #expect(!answer.text.contains(Self.secret) && !answer.text.contains(Self.halves.0))
            #expect(answer.text.contains("event: result"))
        }
    }
}
