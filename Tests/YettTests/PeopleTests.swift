// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

/// People with a real provider, a browser and the program.
@Suite struct PeopleTests {
    private struct Place {
        let provider: RealProvider
        let gate: RunningProgram
        let url: String
        let address: String
        var home: String { gate.directory + "/home" }
        var file: String { home + "/yett/session.json" }

        init(_ further: String = "") throws {
            provider = try RealProvider()
            let text = further.replacing("$IDP", with: provider.directory)
            gate = try RunningProgram(further: provider.section + text)
            let answer = try Program(
                "curl", ["-s", "--unix-socket", gate.socket, "http://localhost/v1/people"]
            ).outcome(within: 20).text
            let words = answer.split(separator: "\"").map(String.init)
            url = try #require(words.first { $0.hasPrefix("http") }, "\(answer)")
            address = try #require(words.first { $0.hasPrefix("127.0.0.1:") }, "\(answer)")
        }

        func stop() {
            gate.stop()
            provider.stop()
        }

        func yett(_ arguments: String...) throws -> CommandLineProgram.Outcome {
            try CommandLineProgram.run(
                arguments, environment: ["YETT_SOCKET": gate.socket, "XDG_CONFIG_HOME": home])
        }

        func browse(_ steps: String...) throws -> String {
            let outcome = try provider.browse(url, steps, home: home)
            #expect(outcome.status == 0, "\(outcome.text)\n\(gate.log)")
            return outcome.text
        }
    }

    @Test("a person signs in, lets a command line in and starts a task, which follows what the provider says")
    func tour() async throws {
        try await onOwnThread {
            let place = try Place()
            defer { place.stop() }
            #expect(try place.yett("whoami").errors.contains("yett login"))
            let page = try place.browse("sign-in", "login", CommandLineProgram.path, "approve", "wait")
            #expect(page.contains("login 0"))
            var facts = stat()
            #expect(stat(place.file, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.home + "/yett") == ["session.json"])

            let who = try place.yett("whoami").output
            #expect(who.contains("\(place.provider.issuer)#alice\ngroups    staff, on-call\n"))
            let session = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: place.file))) as? [String: Any])
            let secret = try #require(session["session"] as? String)

            // The flag names nobody: the person is the session's.
            let both = try place.yett(
                "task", "start", "--agent", "bot", "--purpose", "p", "--grant", "web", "--as-me", "--person", "a#b")
            #expect(both.status == 2)
            let task = try place.yett("task", "start", "--agent", "bot", "--purpose", "p", "--grant", "web", "--as-me")
            #expect(task.status == 0, "\(task.errors)")
            let id = try #require(task.output.split(separator: " ").dropFirst().first.map(String.init))
            #expect(try place.yett("task", "show", id).output.contains("\(place.provider.issuer)#alice"))
            let records = try place.yett("audit", "query", "--json").output
            #expect(records.contains("\(place.provider.issuer)#alice"))

            _ = try place.browse("groups", "visitors")
            #expect(comesTrue(within: 40) { (try? place.yett("whoami").output.contains("visitors")) ?? false })
            #expect(try place.yett("task", "list").output.contains("open"))
            _ = try place.browse("revoke")
            #expect(comesTrue(within: 40) { (try? place.yett("task", "list").output.contains("stopped")) ?? false })
            let ended = try place.yett("whoami")
            #expect(ended.status == 1 && ended.errors.contains("yett login"))

            for text in [place.gate.log, try place.yett("audit", "query", "--json").output] {
                for part in [secret, "ys_", "yb_", "yd_", "yl_", "eyJ", "code="] { #expect(!text.contains(part)) }
            }
        }
    }

    @Test("a command line that was turned away has no session, and one that signed out has none left")
    func ends() async throws {
        try await onOwnThread {
            let place = try Place()
            defer { place.stop() }
            let denied = try place.browse("sign-in", "login", CommandLineProgram.path, "deny", "wait")
            #expect(denied.contains("login 1") && denied.contains("turned this command line away"))
            _ = try place.browse("sign-in", "login", CommandLineProgram.path, "approve", "wait")
            let copy = try Data(contentsOf: URL(filePath: place.file))
            #expect(try place.yett("logout").status == 0)
            #expect(!FileManager.default.fileExists(atPath: place.file))
            try copy.write(to: URL(filePath: place.file))
            chmod(place.file, 0o644)
            #expect(try place.yett("whoami").errors.contains("you alone can read"))
            chmod(place.file, 0o600)
            #expect(try place.yett("whoami").errors.contains("invalid_token"))
            unlink(place.file)
            #expect(mkfifo(place.file, 0o600) == 0)
            #expect(try place.yett("whoami").errors.contains("you alone can read"))
            unlink(place.file)
            let elsewhere = place.home + "/elsewhere.json"
            try copy.write(to: URL(filePath: elsewhere))
            chmod(elsewhere, 0o600)
            #expect(symlink(elsewhere, place.file) == 0)
            #expect(try place.yett("whoami").status == 1)
            unlink(place.file)
            try copy.write(to: URL(filePath: place.file))
            chmod(place.file, 0o600)
            let start = try place.yett("task", "start", "--agent", "bot", "--purpose", "p", "--grant", "web", "--as-me")
            #expect(start.status == 1 && start.errors.contains("yett login"))
            let page = try place.browse("sign-in", "sign-out", "home")
            #expect(page.contains("You are not signed in"))
        }
    }

    @Test("a task that takes a recent sign-in is refused with what to type, and begins after one")
    func stepUp() async throws {
        try await onOwnThread {
            let place = try Place("  task_max_age: 1m\n")
            defer { place.stop() }
            // The provider says that the person signed in a while ago.
            _ = try place.browse("claims", #"{"auth_time": \#(Int(time(nil)) - 600)}"#)
            _ = try place.browse("sign-in", "login", CommandLineProgram.path, "approve", "wait")
            let old = try place.yett("task", "start", "--agent", "bot", "--purpose", "p", "--grant", "web", "--as-me")
            #expect(old.status == 1 && old.errors.contains("step_up_required"))
            #expect(old.errors.contains("yett login --max-age 60"))
            _ = try place.browse("claims", "{}")
            _ = try place.browse("sign-in", "login", CommandLineProgram.path, "approve", "wait")
            let new = try place.yett("task", "start", "--agent", "bot", "--purpose", "p", "--grant", "web", "--as-me")
            #expect(new.status == 0, "\(new.errors)")
        }
    }

    @Test("over TLS the cookies are bound to the host, and nothing answers in the clear")
    func secure() async throws {
        try await onOwnThread {
            let tls = """
                  url: https://idp.test
                  tls: {certificate: "file:$IDP/idp.pem", key: "file:$IDP/idp.key"}

                """
            let place = try Place(tls)
            defer { place.stop() }
            func ask(_ arguments: String...) throws -> String {
                let common = ["-s", "-i", "--cacert", place.provider.directory + "/ca.pem"]
                let forwarding = ["--connect-to", "idp.test:443:\(place.address)"]
                return try Program("curl", common + forwarding + arguments).outcome(within: 20).text.lowercased()
            }
            let login = try ask("https://idp.test/login")
            #expect(login.contains("http/1.1 303") && login.contains("set-cookie: __host-yett-login=yl_"))
            #expect(login.contains("; path=/; httponly; samesite=lax; secure; max-age=600"))
            #expect(login.contains("code_challenge_method=s256"))
            let home = try ask("https://idp.test/")
            for field in [
                "strict-transport-security: max-age=31536000", "content-security-policy: default-src 'none'",
                "x-frame-options: deny", "cache-control: no-store", "referrer-policy: same-origin",
            ] { #expect(home.contains(field)) }
            #expect(try ask("-H", "Host: evil.example", "https://idp.test/").contains("http/1.1 421"))
            #expect(try ask("--tls-max", "1.1", "https://idp.test/").isEmpty)
            let plain = try ask("http://\(place.address)/")
            #expect(!plain.contains("http/1.1 2"))
        }
    }

    @Test(
        "a session goes to https or to this machine, and to no host that only begins like it",
        arguments: [
            "http://127.0.0.1:80@evil.example", "http://127.0.0.1:80@evil.example/", "http://[::1]:80@evil.example",
            "http://127.0.0.1.evil.example:80", "http://gate.example.org", "http://localhost:8444",
            "https://127.0.0.1:80@evil.example", "https://gate.example.org/?x", "https://gate.example.org/path",
            "https://gate.example.org#x", "https://", "HTTP://127.0.0.1:80@evil.example", "", "127.0.0.1:80",
        ])
    func urls(url: String) throws {
        let outcome = try CommandLineProgram.run(["login", "--url", url], environment: ["XDG_CONFIG_HOME": "/nowhere"])
        #expect(outcome.status == 2 && outcome.errors.contains("does not travel in the clear"))
    }

    @Test("a provider at an address that nobody allowed is not asked")
    func guarded() async throws {
        try await onOwnThread {
            let provider = try RealProvider()
            defer { provider.stop() }
            let section = provider.section.replacing("allow_private: true", with: "allow_private: false")
            let gate = try RunningProgram(further: section)
            defer { gate.stop() }
            let answer = try Program(
                "curl", ["-s", "--unix-socket", gate.socket, "http://localhost/v1/people"]
            ).outcome(within: 20).text
            let url = try #require(answer.split(separator: "\"").first { $0.hasPrefix("http://127.0.0.1:") })
            let page = try Program("curl", ["-s", "\(url)/login"]).outcome(within: 20).text
            #expect(page.contains("the address is refused"))
        }
    }
}
