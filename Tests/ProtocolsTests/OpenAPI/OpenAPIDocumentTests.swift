// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

@Suite("OpenAPI documents") struct OpenAPIDocumentTests {
    static func document(_ paths: String, rest: String = "", version: String = "3.1.0") -> String {
        #"{"openapi":"\#(version)","info":{"title":"t","version":"1"},"paths":{\#(paths)}\#(rest)}"#
    }

    static func read(_ text: String, base: String = "") throws -> (document: OpenAPIDocument?, mistakes: [OpenAPIError])
    {
        OpenAPIDocument.read(try JSONValue(parsing: text), base: base)
    }

    static let ok = #"{"operationId":"a"}"#
    static let id = #"{"name":"id","in":"path","required":true,"schema":{"type":"integer"}}"#

    @Test func `Operations have their name, parameters and body`() throws {
        let text = Self.document(
            #"""
            "/pets":{"parameters":[{"$ref":"#/components/parameters/Trace"}],
              "get":{"operationId":"listPets","parameters":[{"name":"limit","in":"query","schema":{"type":"integer"}},
                {"name":"tag","in":"query","schema":{"type":"array","items":{"type":"string"}}},
                {"name":"Accept","in":"header","schema":{"type":"string"}},{"name":"s","in":"cookie","schema":{}}]},
              "post":{"operationId":"createPet","requestBody":{"required":true,"content":{"application/json; charset=utf-8":
                {"schema":{"$ref":"#/components/schemas/Pet"}},"text/csv":{}}}}},
            "/pets/{id}":{"parameters":[\#(Self.id)],"get":{}},"x-note":1
            """#,
            rest:
                #","components":{"parameters":{"Trace":{"name":"X-Trace","in":"header","schema":{"type":"string"}}},"schemas":{"Pet":{"type":"object"}}}"#
        )
        let document = try #require(try Self.read(text).document)
        #expect(document.operations.map(\.name) == ["listPets", "createPet", "get /pets/{id}"])
        #expect(document.operations[0].parameters.map(\.name) == ["x-trace", "limit", "tag"])
        #expect(document.operations[0].parameters[2].form.list == .repeated)
        #expect(document.operations[1].body?.types == ["application/json", "text/csv"])
        #expect(document.operations[1].body?.readTypes == ["application/json"])
        #expect(document.operations[2].method == "GET")
    }

    @Test(
        "Mistakes are told with their place",
        arguments: [
            ("[]", [""]), (#"{"openapi":"2.0","paths":{}}"#, ["openapi"]),
            (#"{"openapi":"3.2.0","paths":{}}"#, ["openapi"]),
            (#"{"openapi":"3.1.0"}"#, ["paths"]), (document(""), ["paths"]),
            (document(#""pets":{"get":{}}"#), ["paths pets"]), (document(#""/a/../b":{"get":{}}"#), ["paths /a/../b"]),
            (document(#""/a//b":{"get":{}}"#), ["paths /a//b"]), (document(#""/a/":{"get":{}}"#), ["paths /a/"]),
            (document(#""/a%2fb":{"get":{}}"#), ["paths /a%2fb"]), (document(#""/a;b":{"get":{}}"#), ["paths /a;b"]),
            (document(#""/{a}{b}":{"get":{}}"#), ["paths /{a}{b}"]),
            (document(#""/{a}/{a}":{"get":{}}"#), ["paths /{a}/{a}"]),
            (document(#""/{id}":{"get":{}}"#), ["paths /{id} get"]),
            (document(#""/a":{"get":\#(ok),"put":\#(ok)}"#), ["paths /a put operationId"]),
            (document(#""/a":{"get":{"operationId":"a b"}}"#), ["paths /a get operationId"]),
            (document(#""/a":{"get":{"operationId":7}}"#), ["paths /a get operationId"]),
            (document(#""/a":{"get":{"parameters":[{"name":"q","in":"body"}]}}"#), ["paths /a get parameters 0 in"]),
            (
                document(#""/a":{"get":{"parameters":[{"name":"q","in":"query","schema":{"type":"object"}}]}}"#),
                ["paths /a get parameters 0"]
            ),
            (
                document(#""/a":{"get":{"parameters":[{"name":"q","in":"query","style":"deepObject"}]}}"#),
                ["paths /a get parameters 0 style"]
            ),
            (
                document(#""/a":{"get":{"parameters":[{"name":"q","in":"query"},{"name":"q","in":"query"}]}}"#),
                ["paths /a get parameters 1"]
            ),
            (
                document(#""/a":{"get":{"parameters":[{"name":"q","in":"query","content":{}}]}}"#),
                ["paths /a get parameters 0 content"]
            ),
            (
                document(#""/a":{"get":{"parameters":[{"$ref":"other.yaml#/x"}]}}"#),
                ["paths /a get parameters 0 $ref", "paths /a get parameters 0"]
            ),
            (
                document(##""/a":{"get":{"parameters":[{"$ref":"#/components/x"}]}}"##),
                ["paths /a get parameters 0 $ref", "paths /a get parameters 0"]
            ),
            (document(##""/a":{"$ref":"#/paths/~1a"}"##), ["paths /a", "paths /a"]),
            (document(#""/a":{"post":{"requestBody":{"content":{}}}}"#), ["paths /a post requestBody"]),
            (
                document(
                    #""/a/{x}":{"parameters":[{"name":"x","in":"path"}],"get":{}},"/a/{y}":{"parameters":[{"name":"y","in":"path"}],"put":{}}"#
                ), ["paths /a/{y}"]
            ),
            (
                document(
                    #""/a/{x}":{"parameters":[{"name":"x","in":"path"}],"get":{}},"/{y}/b":{"parameters":[{"name":"y","in":"path"}],"get":{}}"#
                ), ["paths /{y}/b"]
            ),
            (document(#""/a":{"get":{},"servers":[]}"#), ["paths /a servers"]),
            (document(#""/a":{"get":{}}"#, rest: #","servers":[{"url":"ftp://x/"}]"#), ["servers 0 url"]),
        ])
    func mistakes(_ text: String, _ places: [String]) throws {
        let (document, mistakes) = try Self.read(text)
        #expect(document == nil)
        #expect(mistakes.map { $0.path.joined(separator: " ") } == places)
    }

    @Test(
        "Paths begin where the first server does, below the service's own path",
        arguments: [
            ("https://api.test/v1", "", "/v1/a"), ("https://api.test/v1/", "/v1", "/a"), ("/v1", "/v1", "/a"),
            ("https://api.test/v1/x", "/v1", "/x/a"), ("https://api.test", "/v1", "/a"), ("/", "", "/a"),
            ("https://{host}/{v}", "", "/v2/a"), ("https://api.test/v1", "/v2", nil),
        ] as [(String, String, String?)])
    func servers(_ url: String, _ base: String, _ expected: String?) throws {
        let rest =
            #","servers":[{"url":"\#(url)","variables":{"host":{"default":"api.test"},"v":{"default":"v2"}}}]"#
        let document = try Self.read(Self.document(#""/a":{"get":{}}"#, rest: rest), base: base).document
        #expect(document?.operations.first?.template.description == expected)
    }

    // MARK: Requests

    static let router: OpenAPIRouter? = {
        let text = document(
            #"""
            "/pets":{"get":{"operationId":"list","parameters":[{"name":"limit","in":"query","schema":{"type":"integer"}},
              {"name":"tag","in":"query","schema":{"type":"array","items":{"type":"string"}}},
              {"name":"ids","in":"query","explode":false,"schema":{"type":"array","items":{"type":"integer"}}},
              {"name":"X-Trace","in":"header","schema":{"type":"integer"}},
              {"name":"all","in":"query","schema":{"type":"boolean"}}]},
              "post":{"operationId":"create","requestBody":{"required":true,"content":{"application/json":{},"text/*":{}}}}},
            "/pets/{id}":{"parameters":[\#(id)],"get":{"operationId":"get"},"delete":{"operationId":"delete"}},
            "/pets/mine":{"get":{"operationId":"mine"}},
            "/pets/{id}.json":{"parameters":[\#(id)],"get":{"operationId":"getJSON"}},
            "/files/{name}":{"parameters":[{"name":"name","in":"path","schema":{"type":"string"}}],"get":{"operationId":"file"}},
            "/":{"get":{"operationId":"root"}}
            """#)
        return (try? read(text).document).map { OpenAPIRouter($0.operations) } ?? nil
    }()

    static func ask(
        _ method: String, _ path: String, query: String? = nil, fields: [(String, String)] = [], body: String = ""
    ) throws -> String {
        let router = try #require(Self.router)
        switch router.match(method: method, path: path) {
        case .nothing: return "nothing"
        case .otherMethods(let methods): return methods.joined(separator: ",")
        case .operation(let number):
            do throws(OpenAPIRefusal) {
                let read = try router.read(
                    number, path: path, query: query, fields: fields.map { MCPField($0.0, $0.1) },
                    body: Array(body.utf8), limits: .standard)
                let sent = read.query + (read.body.isEmpty ? "" : " " + String(decoding: read.body, as: UTF8.self))
                return JSONValue.object(read.arguments).text + sent
            } catch { return error.reason.rawValue }
        }
    }

    @Test(
        "A request is read as the most specific operation",
        arguments: [
            ("GET", "/", nil, "{}"), ("GET", "/pets/7", nil, #"{"path":{"id":7}}"#), ("GET", "/pets/mine", nil, "{}"),
            ("DELETE", "/pets/mine", nil, "GET"), ("GET", "/pets/7.json", nil, #"{"path":{"id":7}}"#),
            ("GET", "/pets/x", nil, #"{"path":{"id":"x"}}"#), ("GET", "/pets/007", nil, #"{"path":{"id":"007"}}"#),
            ("PUT", "/pets", nil, "GET,POST"), ("get", "/pets", nil, "GET,POST"), ("GET", "/Pets", nil, "nothing"),
            ("GET", "/pets/", nil, "nothing"), ("GET", "/pets/1/2", nil, "nothing"),
            ("GET", "/files/a%2Fb", nil, "openapi_path"), ("GET", "/files/a%5Cb", nil, "openapi_path"),
            ("GET", "/files/a%3Bb", nil, "openapi_path"), ("GET", "/files/a%252Fb", nil, "openapi_path"),
            ("GET", "/files/a%20b", nil, #"{"path":{"name":"a b"}}"#),
            ("GET", "/files/%C3%A4", nil, #"{"path":{"name":"ä"}}"#),
            ("GET", "/pets", "limit=5", #"{"query":{"limit":5}}?limit=5"#),
            ("GET", "/pets", "tag=a&tag=b+c", #"{"query":{"tag":["a","b c"]}}?tag=a&tag=b%20c"#),
            ("GET", "/pets", "ids=1,2", #"{"query":{"ids":[1,2]}}?ids=1,2"#),
            ("GET", "/pets", "%6cimit=5", #"{"query":{"limit":5}}?limit=5"#),
            ("GET", "/pets", "all=true&limit=1", #"{"query":{"all":true,"limit":1}}?limit=1&all=true"#),
            ("GET", "/pets", "limit=1;x=2", #"{"query":{"limit":"1;x=2"}}?limit=1%3Bx%3D2"#),
            ("GET", "/pets", "limit=5&limit=6", "openapi_repeated_parameter"),
            ("GET", "/pets", "limit=5&Limit=6", "openapi_unknown_parameter"),
            ("GET", "/pets", "odd=1", "openapi_unknown_parameter"), ("GET", "/pets", "limit=%0a", "openapi_query"),
            ("GET", "/pets", "limit=%ff", "openapi_query"), ("GET", "/pets", "limit=%4", "openapi_query"),
        ] as [(String, String, String?, String)])
    func requests(_ method: String, _ path: String, _ query: String?, _ expected: String) throws {
        #expect(try Self.ask(method, path, query: query) == expected)
    }

    @Test(
        "A body is of a type that is taken, and JSON is canonical",
        arguments: [
            ("application/json", #"{ "b":1, "a":[2] }"#, #"{"body":{"a":[2],"b":1}} {"a":[2],"b":1}"#),
            ("Application/JSON; charset=UTF-8", "[]", #"{"body":[]} []"#),
            ("application/json; charset=utf-16", "[]", "openapi_content_type"), ("text/csv", "a,b", "{} a,b"),
            ("application/x-www-form-urlencoded", "a=b", "openapi_content_type"), ("", "[]", "openapi_content_type"),
            ("application/json", #"{"a":1,"a":2}"#, "openapi_json"), ("application/json", "[] []", "openapi_json"),
            ("application/json", "", "openapi_body_missing"),
        ])
    func bodies(_ type: String, _ body: String, _ expected: String) throws {
        let fields = type.isEmpty ? [] : [("content-type", type)]
        #expect(try Self.ask("POST", "/pets", fields: fields, body: body) == expected)
    }

    @Test func `What the operation does not have is refused`() throws {
        #expect(
            try Self.ask("GET", "/pets", fields: [("content-type", "text/plain")], body: "x")
                == "openapi_body_not_allowed")
        let twice = [("x-trace", "1"), ("x-trace", "2")]
        #expect(try Self.ask("GET", "/pets", fields: twice) == "openapi_header")
        #expect(try Self.ask("GET", "/pets", fields: [("x_trace", "1")]) == "openapi_header")
        #expect(try Self.ask("GET", "/pets", fields: [("x-trace", "1")]) == #"{"header":{"x-trace":1}}"#)
        let packed = [("content-type", "application/json"), ("content-encoding", "gzip")]
        #expect(try Self.ask("POST", "/pets", fields: packed, body: "[]") == "openapi_content_type")
    }

    @Test func `Types that may be null, and what only answers have, are read as OpenAPI means them`() throws {
        let text = Self.document(
            #""/a":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["id","n"],"properties":{"id":{"type":"string","readOnly":true},"n":{"type":"string","nullable":true,"enum":["x"]}}}}}}}}"#,
            version: "3.0.3")
        let document = try #require(try Self.read(text).document)
        let body = JSONValue.object(document.operations[0].schema)["properties"]?["body"]
        #expect(body?["required"]?.text == #"["n"]"#)
        #expect(body?["properties"]?["n"]?["type"]?.text == #"["string","null"]"#)
        #expect(body?["properties"]?["n"]?["enum"]?.text == #"["x",null]"#)
    }

    @Test("Random cuts and changes of a document are read without harm", arguments: 0..<6)
    func mutations(_ seed: UInt64) throws {
        var state = 0x1234_5678_9abc_def1 &+ seed &* 77_777
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(max(bound, 1)))
        }
        let text = Array(
            Self.document(
                ##""/pets/{id}":{"parameters":[\##(Self.id),{"$ref":"#/components/parameters/P"}],"get":{"operationId":"a"},"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/S"}}}}}}"##,
                rest:
                    ##","components":{"parameters":{"P":{"name":"p","in":"query","schema":{"$ref":"#/components/schemas/S"}}},"schemas":{"S":{"$ref":"#/components/schemas/S"}}}"##
            ).utf8)
        for _ in 0..<400 {
            var bytes = text
            for _ in 0...next(4) {
                let place = next(bytes.count)
                switch next(3) {
                case 0: bytes[place] = Array(#"{}[]",:/#ab1"#.utf8)[next(12)]
                case 1: bytes.remove(at: place)
                default: bytes.insert(Array(#"{}[]",:/#ab1"#.utf8)[next(12)], at: place)
                }
            }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            let (document, mistakes) = OpenAPIDocument.read(value, base: "")
            #expect((document == nil) == !mistakes.isEmpty)
        }
    }
}
