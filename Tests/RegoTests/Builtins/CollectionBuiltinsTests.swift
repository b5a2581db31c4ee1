// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct CollectionBuiltinsTests {
    @Test(arguments: [
        ("count({1, 2})", "2"), (#"count({"a": 1})"#, "1"), (#"count("e\u0301")"#, "2"), ("sum([1, 0.5])", "1.5"),
        ("sum(set())", "0"),
        ("sum([9223372036854775807, 1])", "9223372036854775808"), ("product([])", "1"), ("product([2, 3.5])", "7"),
        ("max([1, \"a\"])", "\"a\""), ("max([])", nil), ("min({3, null})", "null"), ("max([1.0, 1])", "1"),
        (
            "sort([3, \"a\", null, {1}, [1], {\"a\": 1}, true, 1.5])",
            "[null, true, 1.5, 3, \"a\", [1], {\"a\": 1}, {1}]"
        ),
        ("array.concat([1], [2, 3])", "[1, 2, 3]"), ("array.slice([1, 2, 3], -5, 2)", "[1, 2]"),
        ("array.slice([1, 2, 3], 2, 1)", "[]"),
        ("array.reverse([1, 2])", "[2, 1]"), ("array.flatten([1, [2, [3]], {4}])", "[1, 2, [3], {4}]"),
        ("{1, 2, 3} & {2, 4}", "{2}"), ("{1} | {2}", "{1, 2}"), ("{1, 2} - {2}", "{1}"), ("{1} - {1}", "set()"),
        ("union({{1}, {2, 1}})", "{1, 2}"), ("intersection({{1, 2}, {2, 3}})", "{2}"), ("intersection(set())", "set()"),
        (#"object.get({"a": {"b": [1]}}, ["a", "b", 0], 9)"#, "1"), (#"object.get({"a": 1}, ["a", "b"], 9)"#, "9"),
        (#"object.get({"a": false}, "a", 9)"#, "false"), (#"object.get({"a": {5}}, ["a", 5], 9)"#, "5"),
        (#"object.keys({"a": 1, 2: 3})"#, #"{2, "a"}"#), (#"object.remove({"a": 1, "b": 2}, {"b": 0})"#, #"{"a": 1}"#),
        (#"object.filter({"a": 1, "b": 2}, ["a", "x"])"#, #"{"a": 1}"#),
        (#"object.union({"a": {"b": 1}, "c": 1}, {"a": {"d": 2}, "c": {}})"#, #"{"a": {"b": 1, "d": 2}, "c": {}}"#),
        (#"object.union_n([{"a": {"b": 2}}, {"a": 4}, {"a": {"c": 3}}])"#, #"{"a": {"c": 3}}"#),
        ("object.union_n([])", "{}"),
        (#"object.subset({"a": {"b": {1, 2}}, "c": [1, 2, 3]}, {"a": {"b": {1}}, "c": [2, 3]})"#, "true"),
        ("object.subset([1, 2, 3], {3, 1})", "true"), ("object.subset([1, 2, 3], [1, 3])", "false"),
        ("object.subset([1, 1, 2], [1, 2])", "true"),
        ("object.subset({1}, {1, 2})", "false"), ("object.subset([], set())", "false"),
        ("internal.member_2(1, [0, 1.0])", "true"), (#"internal.member_2(1, {"k": 1})"#, "true"),
        ("internal.member_2(1, \"1\")", "false"),
        ("internal.member_3(0, \"a\", [\"a\"])", "true"), ("internal.member_3(1, 1, {1})", "true"),
        ("internal.member_3(1, 2, {1, 2})", "false"),
        ("[p | walk({\"a\": [{1}]}, [p, _])]", #"[[], ["a"], ["a", 0], ["a", 0, 1]]"#),
        ("[v | walk([1, [2]], [_, v])]", "[[1, [2]], 1, [2], 2]"),
        (#"graph.reachable({"a": ["b"], "b": ["a"]}, ["a", "x"])"#, #"{"a", "b"}"#),
        (#"graph.reachable_paths({"a": ["b", "c"], "b": [], "c": ["a"]}, {"a"})"#, #"{["a", "b"], ["a", "c"]}"#),
        ("[1 < 2, 1 <= 1, \"a\" > 1, 1 >= 2, 1 != 1.0, [1] == [1.0]]", "[true, true, true, false, false, true]"),
    ])
    func `computes`(_ expression: String, _ value: String?) throws {
        #expect(try Expressions.value(expression) == value)
    }

    @Test(arguments: [
        ("count(input.x)", "1", "count: operand 1 must be one of {array, object, set, string} but got number"),
        ("sum(input.x)", "[1, \"a\"]", "sum: operand 1 must be array of numbers but got array containing string"),
        ("max(input.x)", "1", "max: operand 1 must be one of {set, array} but got number"),
        (
            "array.slice(input.x, 0.5, 1)", "[1]",
            "array.slice: operand 2 must be integer number but got floating-point number"
        ),
        ("input.x - 1", "\"a\"", "minus: operand 1 must be one of {number, set} but got string"),
        (
            "object.remove({}, input.x)", "1",
            "object.remove: operand 2 must be one of {object, set, array} but got number"
        ),
        (
            "object.union_n(input.x)", "[{}, 1]",
            "object.union_n: operand 1 must be array of objects but got array containing number"
        ),
        ("object.subset(input.x, {1})", "{}", "both arguments object.subset must be of the same type or array and set"),
        ("graph.reachable(input.x, [1])", "1", "graph.reachable: operand 1 must be object but got number"),
    ])
    func `says what is wrong`(_ expression: String, _ input: String, _ message: String) throws {
        #expect(try Expressions.failure(expression, input: "{\"x\": \(input)}")?.contains(message) == true)
    }
}
