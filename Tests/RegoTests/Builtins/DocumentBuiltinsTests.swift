// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct DocumentBuiltinsTests {
    @Test(
        arguments: [
            BuiltinCase("json.filter", #"{"a": {"b": 1, "c": 2}, "d": 3}, ["a/b", "d"]"#, #"{"a":{"b":1},"d":3}"#),
            BuiltinCase("json.filter", #"{"a": {"b": 7}}, {"$set": ["a", "a/b"]}"#, #"{"a":{"b":7}}"#),
            BuiltinCase("json.filter", #"{"a": [1, [2, 3], 4]}, ["a/1/0", "/a/2"]"#, #"{"a":[[2],4]}"#),
            BuiltinCase("json.filter", #"{"a~/": 1, "b": 2}, [["a~/"], ""]"#, #"{"a~/":1}"#),
            BuiltinCase("json.filter", #"{"a/b": 1, "~1": 2, "c": 3}, ["a~1b", "~01"]"#, #"{"a/b":1,"~1":2}"#),
            BuiltinCase("json.filter", #"{"a": 7}, []"#, "{}"),
            BuiltinCase("json.remove", #"{"a": {"b": 1, "c": 2}, "d": 3}, ["a/b", ["d"]]"#, #"{"a":{"c":2}}"#),
            BuiltinCase("json.remove", #"{"a": [1, {"x": 2, "y": 3}, 4]}, ["a/0", "a/1/x"]"#, #"{"a":[{"y":3},4]}"#),
            BuiltinCase("json.remove", #"{"a": {"$set": ["x", "y"]}}, ["a/x"]"#, #"{"a":["y"]}"#),
            BuiltinCase("json.remove", #"{"a": 7}, [[]]"#, #"{"a":7}"#),
            BuiltinCase("json.remove", #""foo", []"#, "type: operand 1 must be object but got string"),
            BuiltinCase("json.remove", #"{}, "a""#, "type: operand 2 must be one of {set, array} but got string"),
            BuiltinCase(
                "json.remove", #"{}, ["a", 1]"#,
                "type: operand 2 must be one of {set, array} containing string paths or array of path segments but got number"
            ),
            BuiltinCase("json.patch", #"{"a": 1}, [{"op": "add", "path": "/b", "value": 2}]"#, #"{"a":1,"b":2}"#),
            BuiltinCase(
                "json.patch",
                #"[1, 2], [{"op": "add", "path": "/-", "value": 4}, {"op": "add", "path": "2", "value": 3}]"#,
                "[1,2,3,4]"),
            BuiltinCase(
                "json.patch", #"[1, 2, 3, 4], [{"op": "remove", "path": "/1"}, {"op": "remove", "path": "/2"}]"#,
                "[1,3]"),
            BuiltinCase(
                "json.patch", #"[1, 2, 3], [{"op": "remove", "path": "/0"}, {"op": "test", "path": "/0", "value": 2}]"#,
                "[2,3]"),
            BuiltinCase(
                "json.patch", #"{"a": {"b": 1}}, [{"op": "move", "from": "/a/b", "path": "/c"}]"#, #"{"a":{},"c":1}"#),
            BuiltinCase(
                "json.patch", #"{"a": {"b": 1}}, [{"op": "copy", "from": "", "path": "/a/c"}]"#,
                #"{"a":{"b":1,"c":{"a":{"b":1}}}}"#),
            BuiltinCase("json.patch", #"{"a": {}}, [{"op": "move", "from": "/a", "path": "/a/b"}]"#, "undefined"),
            BuiltinCase("json.patch", #"{"a": 1}, [{"op": "replace", "path": "", "value": [2]}]"#, "[2]"),
            BuiltinCase("json.patch", #"{"a": 1}, [{"op": "remove", "path": ""}]"#, "undefined"),
            BuiltinCase("json.patch", #"{"a": 1}, [{"op": "test", "path": "/a", "value": 2}]"#, "undefined"),
            BuiltinCase("json.patch", #"{"a": 1}, [{"op": "remove", "path": "/x"}]"#, "undefined"),
            BuiltinCase(
                "json.patch", #"{"a": 1}, [{"op": "remove", "path": "/a"}, {"op": "remove", "path": "/a"}]"#,
                "undefined"),
            BuiltinCase(
                "json.patch",
                #"{"a": 1}, [{"op": "remove", "path": "/a"}, {"op": "add", "path": "/a", "value": {}}, {"op": "add", "path": "/a/b", "value": 1}]"#,
                #"{"a":{"b":1}}"#),
            BuiltinCase("json.patch", #"["a"], [{"op": "test", "path": "/00", "value": "a"}]"#, "undefined"),
            BuiltinCase("json.patch", #"["a"], [{"op": "add", "path": "/1e0", "value": "a"}]"#, "undefined"),
            BuiltinCase("json.patch", #"{}, [{"op": "add", "path": null, "value": 1}]"#, "undefined"),
            BuiltinCase("json.patch", #"{}, [{"op": "spam", "path": "/a", "value": 1}]"#, "undefined"),
            BuiltinCase("json.patch", #"{}, [1]"#, "undefined"),
            BuiltinCase(
                "json.patch",
                #"{"$set": [[1]]}, [{"op": "add", "path": [[1], 1], "value": 2}, {"op": "add", "path": [[1, 2], 2], "value": 3}]"#,
                "[[1,2,3]]"),
            BuiltinCase("json.patch", #"{"$set": ["a", "b"]}, [{"op": "remove", "path": "b"}]"#, #"["a"]"#),
            BuiltinCase(
                "json.patch", #"{"$set": ["a"]}, [{"op": "add", "path": "d", "value": "e"}]"#, "undefined"),
            BuiltinCase("json.patch", #"{}, {}"#, "type: operand 2 must be array but got object"),
        ])
    func `selects, removes and patches parts of documents`(example: BuiltinCase) throws {
        let result = try example.run()
        #expect(result == example.expected)
    }
}
