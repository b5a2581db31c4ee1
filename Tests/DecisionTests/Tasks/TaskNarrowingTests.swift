// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols
import Testing

/// A task can only be narrower than its agent's grants and than the task above it.
@Suite struct TaskNarrowingTests {
    static let hosts = [
        "a.example.org", "b.a.example.org", "example.org", "tickets.test", "api.openai.com", "10.1.2.3",
    ]
    static let patterns = [
        "*", "*.example.org", "a.example.org", "*.a.example.org", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3",
    ]
    static let prefixes = ["/", "/*", "/v1", "/v1/*", "/v1/a", "/v2"]

    @Test func `Whatever a random task covers, its grant and the task above it cover, too`() throws {
        var generator = Generator(state: 7)
        var covered = 0
        for _ in 0..<400 {
            let grant = try Self.randomGrant(using: &generator)
            let fixture = try TaskFixture(bot: [grant])
            // Parts are taken as they are stored, without the checks of an order, so that the decision alone is tested.
            let outer = try Self.stored(Self.randomPart(using: &generator), 1, nil, try fixture.agent("bot"))
            let inner = try Self.stored(Self.randomPart(using: &generator), 2, outer.id, try fixture.agent("bot"))
            fixture.authorizer.changeTasks { _, book in
                book.insert(outer)
                book.insert(inner)
            }
            for _ in 0..<40 {
                let facts = try Self.randomFacts(using: &generator)
                let isInner = fixture.decide(facts, in: inner).effect == .allow
                let isOuter = fixture.decide(facts, in: outer).effect == .allow
                let isWhole = fixture.decide(facts, in: nil).effect == .allow
                #expect(!isInner || isOuter, "\(inner) \(facts)")
                #expect(!isOuter || isWhole, "\(outer) \(facts)")
                if isInner { covered += 1 }
            }
        }
        #expect(covered > 20, "the cases are not empty")
    }

    @Test func `A part that an order accepts covers no host, port, method, path or tool that the grant does not name`()
        throws
    {
        var generator = Generator(state: 11)
        var accepted = 0
        for _ in 0..<2000 {
            let grant = try Self.randomGrant(using: &generator)
            var part = try Self.randomPart(using: &generator)
            part.name = grant.name
            var fixture = try TaskFixture(bot: [grant])
            guard (try? fixture.start(try fixture.order([part]))) != nil else { continue }
            accepted += 1
            // What the part says by itself, as a grant of its own.
            var alone = grant
            if let hosts = part.hosts { alone.hosts = hosts }
            if let ports = part.ports { alone.ports = ports }
            if let methods = part.methods { alone.methods = .only(methods) }
            if let paths = part.paths { alone.paths = paths }
            for _ in 0..<10 {
                let facts = try Self.randomFacts(using: &generator)
                guard GrantFixture.judge([alone], facts).effect == .allow else { continue }
                #expect(GrantFixture.judge([grant], facts).effect == .allow, "\(part) of \(grant)")
            }
        }
        #expect(accepted > 50, "the cases are not empty")
    }

    @Test(arguments: [
        "hosts", "ports", "methods", "paths", "tools", "expires", "unknown", "twice", "empty", "calls", "life",
        "purpose",
        "agent",
    ])
    func `An order that goes beyond the grants is refused`(what: String) throws {
        let grants = [
            try GrantFixture.grant("web", ["*.example.org"]) { grant in
                grant.methods = .only(["GET"])
                grant.paths = [try PathPrefix(parsing: "/v1")]
                grant.tools = [ToolGrant(name: "search")]
                grant.expires = TaskFixture.start + 100
            }
        ]
        var fixture = try TaskFixture(bot: grants)
        try fixture.start(try fixture.order([TaskGrant("web")]))
        var part = TaskGrant("web")
        switch what {
        case "hosts": part.hosts = [try HostPattern(parsing: "example.org")]
        case "ports": part.ports = PortSet([443...444])
        case "methods": part.methods = ["GET", "get"]
        case "paths": part.paths = [try PathPrefix(parsing: "/")]
        case "tools": part.tools = ["search", "delete"]
        case "expires": part.expires = TaskFixture.start + 101
        case "unknown": part.name = "Web"
        case "calls": part.calls = 0
        default: break
        }
        var order = try fixture.order(what == "empty" ? [] : what == "twice" ? [part, part] : [part])
        if what == "life" { order.seconds = AgentTask.longestLife + 1 }
        if what == "purpose" { order.purpose = "a\nb" }
        if what == "agent" { order.agent = try fixture.agent("nobody") }
        #expect(throws: TaskError.self) { try fixture.start(order) }
    }

    @Test(arguments: [
        "hosts", "ports", "methods", "paths", "tools", "expires", "calls", "bytes", "grant", "budget", "person",
    ])
    func `A sub-task that goes beyond its parent is refused`(what: String) throws {
        let grants = [try GrantFixture.grant("web", ["*"]) { $0.ports = .all }, try GrantFixture.grant("other", ["*"])]
        var fixture = try TaskFixture(bot: grants)
        var whole = TaskGrant("web")
        whole.hosts = [try HostPattern(parsing: "*.example.org")]
        whole.ports = .https
        whole.methods = ["GET"]
        whole.paths = [try PathPrefix(parsing: "/v1")]
        whole.tools = ["search"]
        whole.expires = TaskFixture.start + 50
        whole.calls = 5
        whole.bytes = 5
        var order = try fixture.order([whole])
        order.budget = GrantBudget(calls: 5)
        order.person = Person(issuer: "https://idp.test", subject: "1", authenticationTime: 0)
        let parent = try fixture.start(order)
        let same = try fixture.start(try fixture.order([whole], under: parent))
        #expect(same.person == order.person)
        var part = TaskGrant("web")
        switch what {
        case "hosts": part.hosts = [try HostPattern(parsing: "a.test")]
        case "ports": part.ports = .all
        case "methods": part.methods = ["POST"]
        case "paths": part.paths = [try PathPrefix(parsing: "/v2")]
        case "tools": part.tools = ["create"]
        case "expires": part.expires = TaskFixture.start + 51
        case "calls": part.calls = 6
        case "bytes": part.bytes = 6
        case "grant": part.name = "other"
        default: break
        }
        var inner = try fixture.order([part], under: parent)
        if what == "budget" { inner.budget = GrantBudget(calls: 6) }
        if what == "person" { inner.person = Person(issuer: "https://idp.test", subject: "2", authenticationTime: 0) }
        #expect(throws: TaskError.self) { try fixture.start(inner) }
    }

    @Test func `Sub-tasks end with their parents, are four deep at the most and never come back to an agent`() throws {
        var fixture = try TaskFixture()
        var order = try fixture.order([TaskGrant("models")])
        order.seconds = 100
        var task = try fixture.start(order)
        order.seconds = nil
        for _ in 2...4 {
            order.parent = task.id
            task = try fixture.start(order)
            #expect(task.expires == TaskFixture.start + 100)
        }
        order.parent = task.id
        #expect(throws: TaskError.depth) { try fixture.start(order) }
        let outer = try fixture.start(try fixture.order([TaskGrant("models")]))
        let middle = try fixture.start(try fixture.order([TaskGrant("models")], agent: "planner", under: outer))
        #expect(throws: TaskError.cycle) { try fixture.start(try fixture.order([TaskGrant("models")], under: middle)) }
        fixture.authorizer.changeTasks { _, book in _ = book.stop(outer.id, AgentTask.Stop(time: 0)) }
        #expect(throws: TaskError.parentEnded) {
            try fixture.start(try fixture.order([TaskGrant("models")], agent: "planner", under: middle))
        }
    }

    @Test func `Tasks are read as they were written, and not at all when something is amiss`() throws {
        var generator = Generator(state: 3)
        for number in 0..<200 {
            var task = try Self.stored(
                Self.randomPart(using: &generator), 1, TaskID(rawValue: 5), try TaskFixture().agent("bot"))
            if number.isMultiple(of: 2) {
                var book = TaskBook([task])
                book.stop(task.id, AgentTask.Stop(time: 4, why: "done"))
                task = try #require(book[task.id])
            }
            #expect(AgentTask(try JSONValue(parsing: task.json.bytes)) == task)
        }
        let task = try Self.stored(Self.randomPart(using: &generator), 1, nil, try TaskFixture().agent("bot"))
        for name in task.json.object?.names ?? [] {
            var object = try #require(task.json.object)
            object[name] = .bool(true)
            #expect(AgentTask(.object(object)) == nil, "\(name)")
        }
        var object = try #require(task.json.object)
        object["more"] = .bool(true)
        #expect(AgentTask(.object(object)) == nil)
    }

    @Test func `Task ids have one spelling`() {
        let id = TaskID(rawValue: 0xabc)
        #expect(id.description == "t-00000000000000000000000000000abc")
        #expect(TaskID(id.description) == id)
        for text in ["", "t-abc", "t-00000000000000000000000000000ABC", "x-00000000000000000000000000000abc"] {
            #expect(TaskID(text) == nil)
        }
    }

    // MARK: Random cases

    private static func stored(_ part: TaskGrant, _ number: UInt128, _ parent: TaskID?, _ agent: SPIFFEID) throws
        -> AgentTask
    {
        var order = TaskOrder(origin: "uid:0", agent: agent, purpose: "x", grants: [part])
        order.parent = parent
        var json = JSONObject()
        json["id"] = .string(TaskID(rawValue: number).description)
        json["handle"] = .array(Array(repeating: .integer(Int(number)), count: 32))
        json["origin"] = .string(order.origin)
        json["agent"] = .string(agent.description)
        json["purpose"] = .string(order.purpose)
        json["grants"] = .array([part.json])
        json["started"] = .integer(TaskFixture.start)
        json["expires"] = .integer(TaskFixture.start + 1000)
        json["parent"] = parent.map { .string($0.description) }
        return try #require(AgentTask(.object(json)))
    }

    private static func randomGrant(using generator: inout Generator) throws -> Grant {
        try GrantFixture.grant("web", [patterns.randomElement(using: &generator) ?? "*"]) { grant in
            grant.ports = [.https, .all, PortSet([80...443])].randomElement(using: &generator) ?? .https
            if Bool.random(using: &generator) { grant.methods = .only(["GET", "CONNECT"]) }
            if Bool.random(using: &generator) { grant.paths = [try randomPath(using: &generator)] }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                grant.tools = [ToolGrant(name: "search"), ToolGrant(name: "create")]
            }
        }
    }

    private static func randomPart(using generator: inout Generator) throws -> TaskGrant {
        try .part("web") { part in
            if Int.random(in: 0..<3, using: &generator) == 0 {
                part.hosts = [
                    try HostPattern(parsing: patterns.randomElement(using: &generator) ?? "*", permitsAny: true)
                ]
            }
            if Int.random(in: 0..<3, using: &generator) == 0 {
                part.ports = [.https, PortSet([80...80, 443...443])].randomElement(using: &generator)
            }
            if Int.random(in: 0..<3, using: &generator) == 0 { part.methods = ["GET"] }
            if Int.random(in: 0..<3, using: &generator) == 0 { part.paths = [try randomPath(using: &generator)] }
            if Int.random(in: 0..<6, using: &generator) == 0 { part.tools = ["search"] }
            if Int.random(in: 0..<6, using: &generator) == 0 { part.expires = TaskFixture.start + 500 }
        }
    }

    private static func randomPath(using generator: inout Generator) throws -> PathPrefix {
        try PathPrefix(parsing: prefixes.randomElement(using: &generator) ?? "/")
    }

    private static func randomFacts(using generator: inout Generator) throws -> Facts {
        let host = hosts.randomElement(using: &generator) ?? "example.org"
        let port: UInt16 = [80, 443, 8443].randomElement(using: &generator) ?? 443
        let path = ["/", "/v1", "/v1/a", "/v1/a/b", "/v2", "/v10"].randomElement(using: &generator) ?? "/"
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: return try GrantFixture.tunnel(host, port)
        case 1:
            let method = ["GET", "POST"].randomElement(using: &generator) ?? "GET"
            return try GrantFixture.request(method, host, port, path)
        default:
            var facts = try GrantFixture.toolCall(
                ["search", "create"].randomElement(using: &generator) ?? "search", nil)
            facts.destination.host = try Host(parsing: host)
            facts.destination.port = port
            facts.http = HTTPFacts(method: "GET", path: path)
            return facts
        }
    }
}

/// The same numbers in each run (SplitMix64).
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
