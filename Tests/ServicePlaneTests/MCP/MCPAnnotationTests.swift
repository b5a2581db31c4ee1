// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Testing

@testable import ServicePlane

/// What is said of tools by servers, and what is guessed.
@Suite struct MCPAnnotationTests {
    private static func tool(
        _ name: String, _ properties: JSONValue, hints: JSONValue? = nil, schema: [String: JSONValue] = [:]
    ) -> [UInt8] {
        var input = JSONObject()
        input["type"] = "object"
        input["properties"] = properties
        for (name, value) in schema { input[name] = value }
        var tool = JSONObject()
        tool["name"] = .string(name)
        tool["inputSchema"] = .object(input)
        tool["annotations"] = hints
        return JSONValue.object(tool).bytes
    }

    // MARK: Guesses

    @Test(
        "The name says what a tool does, and what is unclear is taken for the worst",
        arguments: [
            ("get_unread_emails", "read"), ("searchEmails", "read"), ("send_email", "external"),
            ("delete_file", "destructive"), ("cancel-calendar-event", "destructive"), ("update_note", "write"),
            ("create_file", "write"), ("post_webpage", "external"), ("frobnicate", "external"), ("list_orders", "read"),
            ("get_and_delete_mail", "destructive"), ("fetch_page", "egress-read"), ("reserve_hotel", "external"),
        ])
    func effects(name: String, effect: String) {
        let guess = MCPAnnotationProposal(Self.tool(name, [:]))
        #expect(guess?.annotations.effect.rawValue == effect)
    }

    @Test func `A reader of addresses reads what the caller chooses, and a writer with recipients sends`() {
        let url: JSONValue = ["url": ["type": "string"]]
        #expect(MCPAnnotationProposal(Self.tool("get_webpage", url))?.annotations.effect == .egressRead)
        #expect(MCPAnnotationProposal(Self.tool("get_webpage", url))?.annotations.readsUntrustedContent == true)
        let participants: JSONValue = ["participants": ["type": "array", "items": ["type": "string"]]]
        #expect(MCPAnnotationProposal(Self.tool("create_event", participants))?.annotations.effect == .external)
    }

    @Test func `A server's hint makes nothing less careful`() {
        let harmless: JSONValue = ["readOnlyHint": true, "destructiveHint": false]
        #expect(
            MCPAnnotationProposal(Self.tool("delete_file", [:], hints: harmless))?.annotations.effect == .destructive)
        let harmful: JSONValue = ["destructiveHint": true]
        #expect(
            MCPAnnotationProposal(Self.tool("update_file", [:], hints: harmful))?.annotations.effect == .destructive)
    }

    @Test(
        "The name of an argument says what it is for",
        arguments: [
            ("to", "destination"), ("recipientEmail", "destination"), ("webhook_url", "destination"),
            ("iban", "destination"),
            ("password", "secret"), ("api_key", "secret"), ("session_id", "handle"), ("file_path", "object"),
            ("event_id", "object"), ("body", "content"), ("subject", "content"), ("start_date", "value"),
            ("xyzzy", nil),
        ] as [(String, String?)])
    func roles(name: String, role: String?) {
        let guess = MCPAnnotationProposal(
            Self.tool("send", .object(JSONObject([(name, ["type": "string"])]) ?? JSONObject())))
        #expect(guess?.annotations.roles[name]?.rawValue == role)
        #expect(guess?.doubts.contains { $0.contains("xyzzy") } == (role == nil))
    }

    @Test func `Nested arguments have their path, and formats count`() {
        let tool = Self.tool(
            "send",
            [
                "mail": ["type": "object", "properties": ["to": ["type": "string"], "n": ["type": "integer"]]],
                "items": ["type": "array", "items": ["properties": ["x": ["type": "string", "format": "uri"]]]],
            ])
        let roles = MCPAnnotationProposal(tool)?.annotations.roles
        #expect(roles == ["mail.to": .destination, "mail.n": .value, "items.x": .destination])
    }

    // MARK: What servers say

    private static let open = ToolAnnotations(
        effect: .read, roles: ["to": .value, "id": .object], structuredFields: ["a"])

    @Test func `What a server says makes rules stricter and never looser`() {
        let own = ToolAnnotations(
            effect: .external, roles: ["to": .destination, "id": .destination, "x": .content], freeTextFields: ["a"],
            structuredFields: ["b"], readsPrivateData: true)
        let result = ToolAnnotations.stricter(Self.open, own)
        #expect(result.effect == .external)
        #expect(result.roles == ["to": .destination, "id": .object])
        #expect(result.freeTextFields == ["a"] && result.structuredFields.isEmpty && result.readsPrivateData)
        let loose = ToolAnnotations(effect: .read, roles: ["to": .value, "id": .content], structuredFields: ["text"])
        let strict = ToolAnnotations(
            effect: .destructive, roles: ["to": .destination], freeTextFields: ["text"], readsPrivateData: true,
            readsUntrustedContent: true)
        #expect(ToolAnnotations.stricter(strict, loose) == strict)
        let unknown = ToolAnnotations.stricter(nil, loose)
        #expect(unknown.readsUntrustedContent && unknown.roles.isEmpty && unknown.structuredFields.isEmpty)
    }

    @Test func `What a server says counts where the configuration lets it`() throws {
        let text =
            #"{"name":"post","inputSchema":{"type":"object","x-yett-effect":"external","#
            + #""properties":{"to":{"type":"string","x-yett-role":"destination"}}}}"#
        let definition = try JSONValue(parsing: text)
        let deaf = try MCPFixture()
        try deaf.list([definition])
        #expect(!deaf.service.isAnnotated)
        var settings = MCPServiceSettings()
        settings.heedsAnnotations = true
        let fixture = try MCPFixture(settings)
        try fixture.list([definition])
        #expect(fixture.service.isAnnotated)
        #expect(try fixture.call("post", ["to": "evil@evil.test"]).reason == .provenanceRefused)
        settings.heedsAnnotations = false
        fixture.service.replace(settings)
        #expect(!fixture.service.isAnnotated)
    }

    @Test func `Tools that the configuration does not name may have what is taken for known`() throws {
        var settings = MCPServiceSettings()
        settings.unannotated = ToolAnnotations(effect: .external, roles: ["to": .destination])
        let fixture = try MCPFixture(settings)
        try fixture.list([MCPFixture.tool("post", properties: ["to": ["type": "string"]])])
        #expect(try fixture.call("post", ["to": "evil@evil.test"]).reason == .provenanceRefused)
    }
}
