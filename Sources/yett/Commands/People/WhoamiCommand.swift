// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import Telemetry

/// `yett whoami`: who is signed in at this command line, as the provider says now.
struct WhoamiCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Say who is signed in at this command line.")

    @Flag(help: "Print JSON for programs.")
    var json = false

    private struct Who: Decodable {
        var issuer: String
        var subject: String
        var groups: [String]
        var authTime: Int64?
        var sessionEnds: Int64
    }

    func run() async throws {
        let session = try SessionFile.read()
        try await PeopleClient.with(session.url, authorities: session.ca) { people in
            let answer = try await people.ask("/whoami", session: session.session)
            guard answer.status == 200 else {
                throw PeopleClient.failure(answer, remedy: answer.status == 401 ? "yett login" : nil)
            }
            if json { return print(String(buffer: answer.body)) }
            let who = try answer.read(Who.self)
            print("person    \(Terminal.safe(who.issuer))#\(Terminal.safe(who.subject))")
            print("groups    \(who.groups.isEmpty ? "none" : Terminal.safe(who.groups.joined(separator: ", ")))")
            print("signed in \(who.authTime.map { Timestamp.text(seconds: $0) } ?? "the provider does not say when")")
            print("ends      \(Timestamp.text(seconds: who.sessionEnds))")
        }
    }
}
