// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import FoundationEssentials
import Glibc

/// `yett login`: signs the person in at this command line, through a browser that may be anywhere.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Sign in with a browser, here or elsewhere.",
        discussion: """
            Prints an address and a code. Open the address in any browser, sign in there and type the code. The session is
            kept in yett/session.json below $XDG_CONFIG_HOME or ~/.config, where nobody else can read it.
            """)

    @Option(help: ArgumentHelp("Where people sign in; asked of the gate on this machine otherwise.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("A PEM file with the authorities of its certificate.", valueName: "file"))
    var ca: String?

    @Option(
        help: ArgumentHelp("Take a sign-in only that is at most so old; 60 to 86400.", valueName: "seconds"))
    var maxAge: Int64?

    @OptionGroup var client: ClientOptions

    private struct Device: Decodable {
        var deviceCode: String
        var userCode: String
        var verificationUri: String
        var expiresIn: Int64
        var interval: Int64
    }

    private struct Token: Decodable {
        var accessToken: String
        var expiresIn: Int64
        var issuer: String
        var subject: String
    }

    private struct Who: Encodable {
        var issuer: String
        var subject: String
        var ends: Int64
    }

    func run() async throws {
        let url = try await address()
        let authorities = try ca.map { try AbsolutePath.of($0) }
        let session = try await PeopleClient.with(url, authorities: authorities) { people in
            var form = [(name: "client_id", value: "yett"), ("label", Self.label)]
            if let maxAge { form.append(("max_age", String(maxAge))) }
            let answer = try await people.ask("/device_authorization", form: form)
            guard answer.status == 200 else { throw PeopleClient.failure(answer) }
            let device = try answer.read(Device.self)
            Terminal.complain("Open \(Terminal.safe(device.verificationUri))")
            Terminal.complain("and type the code \(Terminal.safe(device.userCode))")
            let token = try await Self.token(for: device, people)
            return SessionFile(
                url: url, session: token.accessToken, issuer: token.issuer, subject: token.subject,
                ends: Int64(time(nil)) + min(max(token.expiresIn, 0), 1 << 32), ca: authorities)
        }
        try session.write()
        if client.json {
            let who = Who(issuer: session.issuer, subject: session.subject, ends: session.ends)
            return print(String(decoding: try AdminJSON.encoder.encode(who), as: UTF8.self))
        }
        print("You are \(Terminal.safe(session.subject)) of \(Terminal.safe(session.issuer)).")
    }

    private func address() async throws -> String {
        if let url { return url }
        if let value = getenv("YETT_URL"), value.pointee != 0 { return String(cString: value) }
        return try await client.withGate { try await $0.ask("people", for: PeopleReport.self).url }
    }

    /// Asks until the person has decided, as slowly as the gate wants it.
    private static func token(for device: Device, _ people: PeopleClient) async throws -> Token {
        var interval = min(max(device.interval, 1), 60)
        let end = Int64(time(nil)) + min(max(device.expiresIn, 1), 3600)
        while Int64(time(nil)) < end {
            try await Task.sleep(for: .seconds(interval))
            let answer = try await people.ask(
                "/token",
                form: [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", "yett"),
                    ("device_code", device.deviceCode),
                ])
            if answer.status == 200 { return try answer.read(Token.self) }
            switch try answer.read(PeopleClient.Refusal.self).error {
            case "authorization_pending": continue
            case "slow_down": interval = min(interval + 5, 60)
            case "access_denied": throw CommandFailure("you turned this command line away")
            case "expired_token": throw CommandFailure("the code is too old", remedy: "yett login")
            default: throw PeopleClient.failure(answer)
            }
        }
        throw CommandFailure("nobody typed the code in time", remedy: "yett login")
    }

    /// Who asks, as the person will see it: user and machine.
    private static var label: String {
        var name = [CChar](repeating: 0, count: 256)
        let isNamed = gethostname(&name, name.count - 1) == 0
        let host = isNamed ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "?"
        let user = getpwuid(geteuid()).flatMap { $0.pointee.pw_name }.map { String(cString: $0) } ?? "\(geteuid())"
        return String(
            "\(user)@\(host)".utf8.filter { $0 >= 0x20 && $0 < 0x7f }.prefix(128).map { Character(Unicode.Scalar($0)) })
    }
}
