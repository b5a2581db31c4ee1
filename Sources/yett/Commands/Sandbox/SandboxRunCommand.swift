// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import AuditTree
import Gateway
import Glibc
import NIOHTTP1
import Protocols

/// `yett sandbox run`: one run, as an agent and by its grants.
struct SandboxRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a program in a sandbox, as an agent that may.",
        usage:
            "yett sandbox run [--agent <name>] [--language <name>] [--limit <name=amount> ...] [--require <name=value> ...] <file> [<argument> ...]",
        discussion: """
            The gate decides by the agent's grants and the policy, runs the program and records what became of it. Its output
            is printed as it was written. The exit code is the program's own, 128 and the signal's number when a signal ended
            it, 124 when its time was over, 125 when nothing ran or it was ended for another reason. Names of limits: wall_ms,
            cpu_thousandths, memory_bytes, processes, scratch_bytes, output_bytes. Names of requirements: strength, accel,
            jailed, seccomp, cgroup, own_user.
            """)

    @Option(help: ArgumentHelp("As this agent; without it the only one that may.", valueName: "name"))
    var agent: String?

    @Option(
        help: ArgumentHelp("python, javascript, shell or module; without it the file's name tells.", valueName: "name"))
    var language: String?

    @Option(help: ArgumentHelp("A limit, such as wall_ms=1000.", valueName: "name=amount"))
    var limit: [String] = []

    @Option(
        help: ArgumentHelp("What the isolation must be, such as strength=vm or jailed=true.", valueName: "name=value"))
    var require: [String] = []

    @Option(help: ArgumentHelp("The file that the program reads from standard input.", valueName: "file"))
    var stdin: String?

    @Option(
        help: ArgumentHelp("A file that lies beside the program; NAME=FILE gives it another name.", valueName: "file"))
    var file: [String] = []

    @Option(help: ArgumentHelp("Within this task.", valueName: "id"))
    var task: String?

    @Option(help: ArgumentHelp("A person's consent to this very run, by its id.", valueName: "id"))
    var approval: String?

    @OptionGroup var client: ClientOptions

    @Argument(help: ArgumentHelp("The program; - for standard input.", valueName: "file"))
    var program: String

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("The program's arguments.", valueName: "argument"))
    var arguments: [String] = []

    func validate() throws {
        for entry in limit {
            guard let (_, amount) = Self.pair(entry), Int64(amount) != nil else {
                throw ValidationError("--limit wants a name and a whole number, such as wall_ms=1000.")
            }
        }
        for entry in require where Self.pair(entry) == nil {
            throw ValidationError("--require wants a name and a value, such as strength=vm.")
        }
    }

    func run() async throws {
        let body = try request().bytes
        let gate = AdminClient(socket: try SocketLocation.find(option: client.socket, configuration: client.config))
        let door = SandboxDoorRequest(agent: agent, task: task)
        let opened = try await gate.ask("sandboxes", method: .POST, body: door, for: LaunchReport.self)
        let answer: GateAnswer
        do {
            answer = try await GateAnswer.post(
                body, to: SandboxAddress.path, approval: approval, over: opened.socketPath)
        } catch {
            _ = try? await gate.ask("launches/\(opened.launchId)", method: .DELETE, seconds: 2)
            throw error
        }
        _ = try? await gate.ask("launches/\(opened.launchId)", method: .DELETE, seconds: 2)
        try report(answer)
    }

    // MARK: The request

    private func request() throws -> JSONValue {
        var object = JSONObject()
        let bytes = try InputFile.read(program, limit: SandboxAddress.programBytesLimit)
        let language = try language ?? Self.language(of: program)
        if language.utf8.elementsEqual("module".utf8) {
            object["module"] = .string(Base64.encode(bytes))
        } else {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CommandFailure("\(program) is no text in UTF-8", remedy: "--language module for a WASI module")
            }
            object["language"] = .string(language)
            object["source"] = .string(text)
        }
        if !arguments.isEmpty { object["args"] = .array(arguments.map { .string($0) }) }
        if let stdin { object["stdin_base64"] = .string(Base64.encode(try InputFile.read(stdin))) }
        if !file.isEmpty { object["files"] = .array(try file.map { try Self.file($0) }) }
        var limits = JSONObject()
        for entry in limit {
            guard let (name, amount) = Self.pair(entry), let number = Int64(amount) else { continue }
            limits[name] = .integer(number)
        }
        if !limits.isEmpty { object["limits"] = .object(limits) }
        var required = JSONObject()
        for (name, value) in require.compactMap(Self.pair) {
            required[name] = ["true", "false"].contains(value) ? .bool(value == "true") : .string(value)
        }
        if !required.isEmpty { object["require"] = .object(required) }
        return .object(object)
    }

    private static func pair(_ text: String) -> (String, String)? {
        guard let separator = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let (name, value) = (String(text[..<separator]), String(text[text.utf8.index(after: separator)...]))
        return name.isEmpty || value.isEmpty ? nil : (name, value)
    }

    private static func file(_ text: String) throws -> JSONValue {
        let last = text.utf8.split(separator: UInt8(ascii: "/")).last.map { String($0) ?? text } ?? text
        let (name, path) = pair(text) ?? (last, text)
        return ["path": .string(name), "content_base64": .string(Base64.encode(try InputFile.read(path)))]
    }

    private static func language(of path: String) throws -> String {
        let endings: KeyValuePairs = [
            ".py": "python", ".js": "javascript", ".mjs": "javascript", ".sh": "shell", ".wasm": "module",
        ]
        if let known = endings.first(where: { path.hasSuffix($0.key) }) { return known.value }
        throw CommandFailure(
            "\(path) does not tell its language by its name", remedy: "--language python", code: .usage)
    }

    // MARK: The answer

    private func report(_ answer: GateAnswer) throws {
        let value = try? JSONValue(parsing: answer.body, limits: SandboxAddress.limits)
        guard answer.status == 200, let value, let outcome = value["outcome"]?.string else {
            if client.json, value != nil { print(String(decoding: answer.body, as: UTF8.self)) }
            if answer.status == 202, let approval = value?["approval"]?.string {
                let id = Terminal.safe(approval)
                Terminal.complain(
                    """
                    yett: a person has to agree to this run; nothing ran
                          yett approvals approve \(id), and then the same command with --approval \(id)
                    """)
                throw ExitCode(125)
            }
            let detail = value?["detail"]?.string ?? value?["title"]?.string ?? "status \(answer.status)"
            let next = value?["next"]?.string
            Terminal.complain("yett: \(Terminal.safe(detail))\(next.map { "\n      \(Terminal.safe($0))" } ?? "")")
            throw ExitCode(125)
        }
        if client.json {
            print(String(decoding: answer.body, as: UTF8.self))
        } else {
            try Self.write(value, "stdout", to: STDOUT_FILENO)
            try Self.write(value, "stderr", to: STDERR_FILENO)
        }
        if let code = value["exit"]?.integer {
            guard code == 0 else { throw ExitCode(Int32(truncatingIfNeeded: code)) }
            return
        }
        if let signal = value["signal"]?.integer { throw ExitCode(128 &+ Int32(truncatingIfNeeded: signal)) }
        if !client.json { Terminal.complain("yett: the run ended: \(Terminal.safe(outcome))") }
        throw ExitCode(outcome.utf8.elementsEqual("timeout".utf8) ? 124 : 125)
    }

    /// Writes a stream's exact bytes.
    private static func write(_ value: JSONValue, _ name: String, to descriptor: Int32) throws {
        var bytes = Array((value[name]?.string ?? "").utf8)[...]
        if let encoded = value[name + "_base64"]?.string, let exact = Base64.decode(encoded.utf8) { bytes = exact[...] }
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw CommandFailure("the output cannot be written: \(String(cString: strerror(errno)))")
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
