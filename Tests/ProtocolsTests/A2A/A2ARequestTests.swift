// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

@Suite("Requests to agents") struct A2ARequestTests {
    static func read(
        _ body: String, method: String = "POST", path: String = "/", query: String? = nil,
        fields: [MCPField] = [MCPField("content-type", "application/json")]
    ) throws(A2ARefusal) -> A2ARequest {
        try A2ARequestReader().read(
            method: method, path: path, query: query, fields: fields, body: Array(body.utf8))
    }

    static func rpc(_ method: String, _ params: String, id: String = "1") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#
    }

    static let message = #"{"messageId":"m1","role":"ROLE_USER","parts":[{"text":"hello"}]}"#

    static func code(_ body: () throws(A2ARefusal) -> A2ARequest) -> String {
        do throws(A2ARefusal) {
            _ = try body()
            return "taken"
        } catch { return error.code }
    }

    @Test(
        "Both versions and both bindings mean the same operations",
        arguments: [
            ("SendMessage", #"{"message":\#(message)}"#, "message/send", []),
            ("SendStreamingMessage", #"{"message":\#(message)}"#, "message/send", []),
            ("GetTask", #"{"id":"t1"}"#, "tasks/get", ["t1"]),
            ("ListTasks", "{}", "tasks/list", []),
            ("CancelTask", #"{"id":"t1"}"#, "tasks/cancel", ["t1"]),
            ("SubscribeToTask", #"{"id":"t1"}"#, "tasks/subscribe", ["t1"]),
            (
                "CreateTaskPushNotificationConfig", #"{"taskId":"t1","url":"https://a.test/"}"#, "tasks/push/create",
                ["t1"]
            ),
            ("GetTaskPushNotificationConfig", #"{"taskId":"t1","id":"c1"}"#, "tasks/push/get", ["t1"]),
            ("ListTaskPushNotificationConfigs", #"{"taskId":"t1"}"#, "tasks/push/list", ["t1"]),
            ("DeleteTaskPushNotificationConfig", #"{"taskId":"t1","id":"c1"}"#, "tasks/push/delete", ["t1"]),
            ("GetExtendedAgentCard", "{}", "agent/card", []),
            ("message/send", #"{"message":\#(message)}"#, "message/send", []),
            ("message/stream", #"{"message":\#(message)}"#, "message/send", []),
            ("tasks/get", #"{"id":"t1","historyLength":2}"#, "tasks/get", ["t1"]),
            ("tasks/cancel", #"{"id":"t1"}"#, "tasks/cancel", ["t1"]),
            ("tasks/resubscribe", #"{"id":"t1"}"#, "tasks/subscribe", ["t1"]),
            (
                "tasks/pushNotificationConfig/set",
                #"{"taskId":"t1","pushNotificationConfig":{"url":"https://a.test/"}}"#, "tasks/push/create", ["t1"]
            ),
            (
                "tasks/pushNotificationConfig/get", #"{"id":"t1","pushNotificationConfigId":"c1"}"#, "tasks/push/get",
                ["t1"]
            ),
            ("tasks/pushNotificationConfig/list", #"{"id":"t1"}"#, "tasks/push/list", ["t1"]),
            (
                "tasks/pushNotificationConfig/delete", #"{"id":"t1","pushNotificationConfigId":"c1"}"#,
                "tasks/push/delete", ["t1"]
            ),
            ("agent/getAuthenticatedExtendedCard", "{}", "agent/card", []),
        ] as [(String, String, String, [String])])
    func methods(_ name: String, _ params: String, _ operation: String, _ tasks: [String]) throws {
        let request = try Self.read(Self.rpc(name, params))
        #expect(request.method?.operationName == operation)
        #expect(request.tasks == tasks)
        let sent = try JSONValue(parsing: request.body)
        #expect(sent["method"]?.string == name)
        #expect(sent["params"] == (try JSONValue(parsing: params)))
    }

    @Test(
        "The HTTP+JSON binding names the same by its paths",
        arguments: [
            ("POST", "/message:send", #"{"message":\#(message)}"#, "message/send", []),
            ("POST", "/tenant/v1/message:stream", #"{"message":\#(message)}"#, "message/send", []),
            ("GET", "/tasks/t-1", "", "tasks/get", ["t-1"]),
            ("GET", "/tasks", "", "tasks/list", []),
            ("POST", "/tasks/t-1:cancel", #"{"id":"t-1"}"#, "tasks/cancel", ["t-1"]),
            ("POST", "/tasks/t-1:cancel", "", "tasks/cancel", ["t-1"]),
            ("POST", "/tasks/t-1:subscribe", "", "tasks/subscribe", ["t-1"]),
            ("GET", "/v1/tasks/t-1:subscribe", "", "tasks/subscribe", ["t-1"]),
            (
                "POST", "/tasks/t-1/pushNotificationConfigs", #"{"url":"https://a.test/"}"#, "tasks/push/create",
                ["t-1"]
            ),
            ("GET", "/tasks/t-1/pushNotificationConfigs", "", "tasks/push/list", ["t-1"]),
            ("GET", "/tasks/t-1/pushNotificationConfigs/c", "", "tasks/push/get", ["t-1"]),
            ("DELETE", "/tasks/t-1/pushNotificationConfigs/c", "", "tasks/push/delete", ["t-1"]),
            ("GET", "/extendedAgentCard", "", "agent/card", []),
            ("GET", "/v1/card", "", "agent/card", []),
        ] as [(String, String, String, String, [String])])
    func paths(_ verb: String, _ path: String, _ body: String, _ operation: String, _ tasks: [String]) throws {
        let request = try Self.read(body, method: verb, path: path)
        #expect(request.method?.operationName == operation)
        #expect(request.tasks == tasks)
        #expect(request.isHTTP)
        let sent = request.body
        if body.isEmpty {
            #expect(sent.isEmpty)
        } else {
            #expect(try JSONValue(parsing: sent) == JSONValue(parsing: body))
        }
    }

    @Test(
        "What could be read in two ways is refused",
        arguments: [
            (#"[{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"t"}}]"#, "rpc_batch"),
            (#"{"jsonrpc":"2.0","id":1,"id":2,"method":"GetTask","params":{"id":"t"}}"#, "json_duplicate_name"),
            (#"{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"a","id":"b"}}"#, "json_duplicate_name"),
            (#"{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"a"}} {}"#, "json_trailing_data"),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"a"},"Params":{"id":"b"}}"#,
                "rpc_ambiguous_member"
            ),
            (#"{"jsonrpc":"2.0","method":"GetTask","params":{"id":"a"}}"#, "a2a_not_a_request"),
            (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, "a2a_not_a_request"),
            (#"{"jsonrpc":"2.0","id":null,"method":"GetTask","params":{"id":"a"}}"#, "rpc_null_id"),
            (#"{"jsonrpc":"2.0","id":1.5,"method":"GetTask","params":{"id":"a"}}"#, "rpc_bad_id"),
            (rpc("getTask", #"{"id":"a"}"#), "a2a_unknown_method"),
            (rpc("tasks/list ", "{}"), "rpc_bad_method"),
            (rpc("GetTask", #"{"id":"a","ID":"b"}"#), "a2a_ambiguous_name"),
            (rpc("GetTask", #"{"id":7}"#), "a2a_params"),
            (rpc("GetTask", "{}"), "a2a_params"),
            (rpc("GetTask", #"{"id":"a b"}"#), "a2a_identifier"),
            (rpc("GetTaskPushNotificationConfig", #"{"taskId":"a","task_id":"b","id":"c"}"#), "a2a_ambiguous_name"),
            (
                rpc("SendMessage", #"{"message":{"messageId":"m","role":"r","parts":[{"text":"x"}],"task_id":"b"}}"#),
                "a2a_ambiguous_name"
            ),
            (
                rpc("SendMessage", #"{"message":{"messageId":"m","role":"r","parts":[{"text":"x"}],"TaskID":"b"}}"#),
                "a2a_ambiguous_name"
            ),
            (
                rpc(
                    "SendMessage", #"{"message":{"messageId":"m","role":"r","parts":[{"text":"x"}],"ta\u017fkId":"b"}}"#
                ), "a2a_ambiguous_name"
            ),
            (
                rpc("SendMessage", #"{"message":{"messageId":"m","role":"r","parts":[{"text":"x"}],"__proto__":{}}}"#),
                "a2a_ambiguous_name"
            ),
            (rpc("SendMessage", #"{"message":{"messageId":"m","role":"r","parts":[]}}"#), "a2a_params"),
            (rpc("SendMessage", #"{"message":{"messageId":"m","role":1,"parts":[{"text":"x"}]}}"#), "a2a_params"),
            (rpc("SendMessage", #"{"message":[]}"#), "a2a_params"),
            (
                rpc(
                    "SendMessage",
                    #"{"message":\#(message),"configuration":{"push_notification_config":{"url":"https://a.test"}}}"#),
                "a2a_ambiguous_name"
            ),
            (
                rpc(
                    "SendMessage",
                    #"{"message":\#(message),"configuration":{"taskPushNotificationConfig":{"url":"javascript:x"}}}"#),
                "a2a_link"
            ),
            (
                rpc(
                    "SendMessage",
                    #"{"message":\#(message),"configuration":{"taskPushNotificationConfig":{"url":"https://u:p@a.test/"}}}"#
                ), "a2a_link"
            ),
            (
                rpc(
                    "SendMessage",
                    #"{"message":\#(message),"configuration":{"taskPushNotificationConfig":{"url":"https:\\\\a.test/"}}}"#
                ), "a2a_link"
            ),
            (
                rpc("SendMessage", #"{"message":{"messageId":"m","role":"r","parts":[{"url":"file:///etc/passwd"}]}}"#),
                "a2a_link"
            ),
            (
                rpc(
                    "SendMessage",
                    #"{"message":{"messageId":"m","role":"r","parts":[{"kind":"file","file":{"uri":"http://0x7f.1/"}}]}}"#
                ), "a2a_link"
            ),
        ])
    func ambiguous(_ body: String, _ code: String) {
        #expect(Self.code { () throws(A2ARefusal) in try Self.read(body) } == code)
    }

    @Test(
        "A path is plain, and belongs to one binding",
        arguments: [
            ("POST", "/message%3Asend", "a2a_path"), ("GET", "/", "a2a_http_method"),
            ("POST", "/tasks", "a2a_http_method"), ("POST", "/TASKS/t", "a2a_path"),
            ("GET", "/tasks/..", "a2a_identifier"), ("GET", "/tasks/a%2Fb", "a2a_identifier"),
            ("POST", "/tasks/t:delete", "a2a_path"), ("POST", "/tasks/t:cancel:cancel", "a2a_path"),
            ("GET", "/tasks/tasks/t", "a2a_path"), ("GET", "/tasks/a/pushNotificationConfigs/b/c", "a2a_path"),
            ("DELETE", "/tasks/t", "a2a_http_method"), ("PUT", "/a2a", "a2a_http_method"),
            ("POST", "/a//b", "a2a_path"), ("GET", "/.well-known/jwks.json", "a2a_path"),
            ("POST", "/.well-known/agent-card.json", "a2a_http_method"), ("GET", "/tasks/", "a2a_identifier"),
        ])
    func hostilePaths(_ verb: String, _ path: String, _ code: String) {
        #expect(Self.code { () throws(A2ARefusal) in try Self.read("", method: verb, path: path) } == code)
    }

    @Test(
        "A query has known names, once, and plain values",
        arguments: [
            ("/tasks", "pageSize=5&contextId=c%3A1", "taken"), ("/tasks", "pageSize=5&pageSize=6", "a2a_query"),
            ("/tasks", "page_size=5", "a2a_query"), ("/tasks", "contextId=a+b", "a2a_query"),
            ("/tasks", "contextId=%0a", "a2a_query"), ("/tasks", "contextId=%4", "a2a_query"),
            ("/tasks", "", "taken"), ("/tasks", "&", "a2a_query"), ("/tasks/t", "historyLength=3", "taken"),
            ("/tasks/t", "id=other", "a2a_query"), ("/extendedAgentCard", "x=1", "a2a_query"),
        ])
    func queries(_ path: String, _ query: String, _ code: String) {
        #expect(
            Self.code { () throws(A2ARefusal) in try Self.read("", method: "GET", path: path, query: query) } == code)
    }

    @Test func `The body must not say otherwise than the path`() {
        let code = Self.code { () throws(A2ARefusal) in
            try Self.read(#"{"id":"theirs"}"#, path: "/tasks/mine:cancel")
        }
        #expect(code == "a2a_mismatch")
    }

    @Test(
        "Fields stand once and are plain",
        arguments: [
            ([("content-type", "text/plain")], "a2a_content_type"), ([], "a2a_content_type"),
            ([("content-type", "application/json"), ("Content-Type", "text/plain")], "a2a_field"),
            ([("content-type", "application/json"), ("a2a_version", "1.0")], "a2a_field"),
            ([("content-type", "application/json"), ("a2a-version", "2.0")], "a2a_version"),
            ([("content-type", "application/json"), ("a2a-version", "0.3")], "taken"),
            ([("content-type", "application/json"), ("a2a-version", "1.0"), ("A2A-Version", "0.3")], "a2a_field"),
            ([("content-type", "application/json"), ("origin", "https://evil.test")], "a2a_origin"),
            ([("content-type", "application/json"), ("content-encoding", "gzip")], "a2a_content_type"),
        ] as [([(String, String)], String)])
    func fields(_ fields: [(String, String)], _ code: String) {
        let found = Self.code { () throws(A2ARefusal) in
            try Self.read(Self.rpc("ListTasks", "{}"), fields: fields.map { MCPField($0.0, $0.1) })
        }
        #expect(found == code)
    }

    @Test(
        "A skill is named once, plainly, wherever it stands",
        arguments: [
            (#"{"skillId":"translate"}"#, "null", "translate"), ("null", #"{"skill":"translate"}"#, "translate"),
            (#"{"skillId":"a"}"#, #"{"skill_id":"a"}"#, "a"), ("{}", "{}", "-"),
            (#"{"skillId":"a"}"#, #"{"skillId":"b"}"#, "a2a_skill"),
            (#"{"skillId":"a","Skill":"b"}"#, "null", "a2a_skill"),
            (#"{"skillId":7}"#, "null", "a2a_skill"), (#"{"skillId":"tasks/get"}"#, "null", "a2a_skill"),
            (#"{"skillId":"message/send"}"#, "null", "a2a_skill"), (#"{"skillId":""}"#, "null", "a2a_skill"),
            (#"{"skillId":"tr\u0430nslate"}"#, "null", "a2a_skill"), (#"{"skillId":["a"]}"#, "null", "a2a_skill"),
        ])
    func skills(_ metadata: String, _ outer: String, _ expected: String) throws {
        let message =
            #"{"messageId":"m","role":"user","parts":[{"text":"x"}],"metadata":\#(metadata)}"#
        let body = Self.rpc("SendMessage", #"{"message":\#(message),"metadata":\#(outer)}"#)
        do throws(A2ARefusal) {
            #expect(try Self.read(body).skill ?? "-" == expected)
        } catch { #expect(error.code == expected) }
    }

    @Test func `What nobody decided on is not sent on, and the gate's own names neither`() throws {
        let message =
            #"{"messageId":"m","role":"user","parts":[{"text":"x","odd":1}],"metadata":{"io.yett/task":"h1","k":1},"odd":2}"#
        let request = try Self.read(
            Self.rpc("SendMessage", #"{"message":\#(message),"odd":3,"metadata":{"IO.YETT/x":1}}"#))
        #expect(request.taskHandle == "h1")
        let params = try JSONValue(parsing: request.body)["params"]
        #expect(
            params?.text
                == #"{"message":{"messageId":"m","metadata":{"k":1},"parts":[{"text":"x"}],"role":"user"}}"#)
    }

    @Test func `Large numbers keep their digits, and the bytes are canonical`() throws {
        let request = try Self.read(
            #"{ "params" : {"metadata":{"n":12345678901234567890},"id":"t"}, "method":"GetTask","id":9007199254740993,"jsonrpc":"2.0"}"#
        )
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"id":9007199254740993,"jsonrpc":"2.0","method":"GetTask","params":{"id":"t","metadata":{"n":12345678901234567890}}}"#
        )
    }
}
