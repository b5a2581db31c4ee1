// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Foundation
import GateSupport
import ServicePlane
import Testing

@Suite("Spellings of a path that is not granted") struct PathTests {
    /// What a server might take for a slash.
    private static let slashes = [
        "/", "//", "%2f", "%2F", "%252f", "\\", "%5c", "/./", ";/", ";a=b/", "/%2e/", "%c0%af",
    ]
    /// What a server might take for a step upwards.
    private static let steps = [
        "..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "..;", "..;a=b", "..%00", "..%20", "...", "%u002e%u002e", "..%5c",
        "..#",
        "..?", "%c0%ae%c0%ae",
    ]
    /// What needs no step.
    private static let direct = [
        "/admin", "//admin", "/%61dmin", "/a%64min/", "/ADMIN", "/admin/", "/admin;x", "/admin%2f", "/admin%00",
        "/admin?",
        "/./admin", "/x/../admin", "/*/../admin", "/open/../../admin", "/open#/../admin", "\\admin", "/open\\..\\admin",
        "/open/..", "/open/../", "/open/%2e%2e", "/%2e%2e/admin", "/open%3f/../admin", "/open%23/../admin",
        "/openx/../admin", "/open;/../admin", "/open..//admin", "/open//../admin", "/open/a/../../admin",
        "/%6f%70en/../admin",
    ]

    private static var spellings: [String] {
        direct
            + steps.flatMap { step in slashes.flatMap { ["/open\($0)\(step)\($0)admin", "/open/\(step)\($0)admin"] } }
    }

    @Test("reach no other place of a real server than the one that was judged")
    func differential() async throws {
        let server = try await NginxServer(names: ["places.test"])
        var grant = try Grant.test("places.test")
        grant.paths = [try PathPrefix(parsing: "/open")]
        var options = GateOptions(grants: [grant])
        server.lead(&options)
        options.services = [ServiceDescription(name: "pages", host: try Host(parsing: "places.test"), port: 80)]
        try await withGate(options) { gate in
            var passed = 0
            for spelling in Self.spellings {
                let answer = try Self.get("/s/pages\(spelling)", try gate.connectToServices())
                guard answer.status == 200 else {
                    #expect((400..<500).contains(answer.status), "\(spelling)")
                    continue
                }
                passed += 1
                // nginx says which place it took the path for; the grant is for that place and no other.
                #expect(answer.text == "place=/open" || answer.text.hasPrefix("place=/open/"), "\(spelling)")
                let directly = try Self.get(spelling, try RawSocket.connect(port: server.port))
                #expect(directly.text == answer.text, "\(spelling)")
            }
            print("paths: \(Self.spellings.count) spellings, \(passed) passed to a place below the grant")
            let plain = try Self.get("/s/pages/open/a", try gate.connectToServices())
            #expect(plain.text == "place=/open/a")
            let other = try Self.get("/admin", try RawSocket.connect(port: server.port))
            #expect(other.text == "place=/admin")
        }
    }

    private static func get(_ target: String, _ socket: RawSocket) throws -> HTTPText {
        defer { socket.close() }
        try socket.write("GET \(target) HTTP/1.1\r\nHost: places.test\r\nConnection: close\r\n\r\n")
        return try HTTPText.readResponse(from: socket)
    }
}
