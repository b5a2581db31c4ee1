// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett join`: gets or renews the certificate of a workload on this machine from a gate on another one.
struct JoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Get this machine's certificate from a gate, or renew it.",
        discussion: """
            The private key is made here and stays here. The directory then holds svid.pem, svid.key and bundle.pem.
            With a join token the certificate is the first one; without, the present one is renewed: do that at half of
            its life, from a timer. A token is used up by the first try, whatever comes of it.
            """)

    @Argument(
        help: ArgumentHelp(
            "The gate's identity.endpoints.issuer, such as https://gate.example.org:8443.", valueName: "URL"))
    var gate: String

    @Option(help: ArgumentHelp("The directory of certificate, key and bundle.", valueName: "directory"))
    var directory: String

    @Option(help: ArgumentHelp("A file with the join token; - reads standard input.", valueName: "file"))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "The gate's trust bundle (on its machine: yett key bundle); bundle.pem of the directory when nothing is said.",
            valueName: "file"))
    var trust: String?

    func run() async throws {
        let files = JoinedFiles(directory)
        let trusted = try InputFile.read(trust ?? files.bundle, limit: 1 << 20)
        let client = JoinClient(gate: gate, trusted: trusted)
        let identity: JoinedIdentity
        if let tokenFile {
            let text = String(decoding: try InputFile.read(tokenFile, limit: 4096), as: UTF8.self)
            identity = try await client.join(token: text.filter { !$0.isWhitespace })
        } else {
            identity = try await client.renew(try files.read())
        }
        try files.write(identity)
        print("\(identity.id) holds until \(identity.end), in \(directory).")
    }
}
