// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct GraphBuiltinsTests {
    @Test(
        arguments: [
            BuiltinCase(
                "graph.reachable",
                #"{"a": ["b", "c"], "b": ["d"], "d": [], "e": ["f"], "f": ["e"]}, {"$set": ["b", "e"]}"#,
                #"["b","d","e","f"]"#),
            BuiltinCase("graph.reachable", #"{"a": null}, ["a", "z"]"#, #"["a"]"#),
            BuiltinCase("graph.reachable", #"{}, "a""#, "type: operand 2 must be {array, set} but got string"),
            BuiltinCase("graph.reachable", "1, []", "type: operand 1 must be object but got number"),
            BuiltinCase("graph.reachable_paths", #"{}, ["a"]"#, "[]"),
            BuiltinCase("graph.reachable_paths", #"{"a": []}, ["a"]"#, #"[["a"]]"#),
            BuiltinCase("graph.reachable_paths", #"{"a": ["a"]}, ["a"]"#, #"[["a","a"]]"#),
            BuiltinCase(
                "graph.reachable_paths", #"{"a": ["b", "c"], "b": ["c"], "c": []}, {"$set": ["a"]}"#,
                #"[["a","b","c"],["a","c"]]"#),
            BuiltinCase(
                "graph.reachable_paths", #"{"a": ["b"], "b": ["gone"]}, ["a", "b"]"#, #"[["a","b"],["b"]]"#),
            BuiltinCase(
                "graph.reachable_paths", #"{"a": ["b"], "b": ["c"], "c": ["a"]}, ["a"]"#, #"[["a","b","c"]]"#),
            BuiltinCase("graph.reachable_paths", #"{}, 1"#, "type: operand 2 must be {array, set} but got number"),
        ])
    func `follows the edges of graphs`(example: BuiltinCase) throws {
        let result = try example.run()
        #expect(result == example.expected)
    }
}
