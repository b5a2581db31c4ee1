// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett logout`: ends the session of this command line.
struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "End the session of this command line.",
        discussion: "Tasks that were started go on until they end or are stopped: yett task stop ID.")

    func run() async throws {
        let session = try SessionFile.read()
        // Whatever the gate says, nothing stays here.
        try SessionFile.remove()
        try await PeopleClient.with(session.url, authorities: session.ca) { people in
            let answer = try await people.ask("/logout", form: [], session: session.session)
            guard answer.status == 204 || answer.status == 401 else { throw PeopleClient.failure(answer) }
        }
        print("Signed out.")
    }
}
