// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct StringBuiltinsTests {
    @Test(arguments: [
        (#"concat(",", ["b", "a"])"#, #""b,a""#), (#"concat(",", {"b", "a"})"#, #""a,b""#),
        (#"concat("", [])"#, #""""#),
        (#"contains("abc", "")"#, "true"), (#"contains("abcd", "bc")"#, "true"), (#"contains("abcd", "bd")"#, "false"),
        (#"contains("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaaaaaaab")"#, "true"),
        (#"startswith("abc", "ab")"#, "true"), (#"startswith("ab", "abc")"#, "false"),
        (#"endswith("abc", "")"#, "true"),
        (#"endswith("abc", "bc")"#, "true"), (#"endswith("bc", "abc")"#, "false"),
        (#"format_int(255.9, 16)"#, #""ff""#), (#"format_int(-10, 2)"#, #""-1010""#), (#"format_int(0, 8)"#, #""0""#),
        (#"format_int(-0.5, 10)"#, #""0""#), (#"format_int(18446744073709551616, 16)"#, #""10000000000000000""#),
        (#"format_int(123456789012345678901234567890, 10)"#, #""123456789012345678901234567890""#),
        (#"indexof("a😀b", "b")"#, "2"), (#"indexof("abc", "x")"#, "-1"), (#"indexof_n("aaa", "aa")"#, "[0, 1]"),
        (#"indexof_n("éaéa", "a")"#, "[1, 3]"), (#"indexof_n("abc", "x")"#, "[]"),
        (#"substring("a😀b", 1, 1)"#, #""😀""#), (#"substring("abc", 1, -1)"#, #""bc""#),
        (#"substring("abc", 5, 2)"#, #""""#),
        (#"substring("abc", 1, 9223372036854775807)"#, #""bc""#), (#"substring("éab", 0, 0)"#, #""""#),
        (#"strings.count("aaa", "aa")"#, "1"), (#"strings.count("é😀", "")"#, "3"),
        (#"strings.reverse("añ😀")"#, #""😀ña""#), (#"split("a.b.", ".")"#, #"["a", "b", ""]"#),
        (#"split("é😀", "")"#, #"["é", "😀"]"#), (#"split("", ".")"#, #"[""]"#), (#"split("", "")"#, "[]"),
        (#"strings.split_n("a.b.c", ".", -2)"#, #"["b", "c"]"#),
        (#"strings.split_n("a.b.c", ".", 9)"#, #"["a", "b", "c"]"#),
        (#"strings.split_n("a.b.c", ".", -9223372036854775808)"#, #"["a", "b", "c"]"#),
        (#"lower("ÀİÉΣ")"#, #""àiéσ""#), (#"upper("ßéŉᾳᾀﬁ")"#, #""ßÉŉᾼᾈﬁ""#), (#"upper("abc1")"#, #""ABC1""#),
        (#"replace("aaa", "a", "b")"#, #""bbb""#), (#"replace("aé", "", "-")"#, #""-a-é-""#),
        (#"replace("abc", "x", "y")"#, #""abc""#),
        (#"strings.replace_n({"a": "1", "b": "2"}, "abab")"#, #""1212""#),
        (#"strings.replace_n({"f": "x", "foo": "xxx"}, "foobar")"#, #""xoobar""#),
        (#"strings.replace_n({}, "ab")"#, #""ab""#),
        (#"trim("  a ", " ")"#, #""a""#), (#"trim("éaé", "é")"#, #""a""#), (#"trim_left("aab", "a")"#, #""b""#),
        (#"trim_right("baa", "a")"#, #""b""#), (#"trim("aaa", "a")"#, #""""#), (#"trim_prefix("abc", "ab")"#, #""c""#),
        (#"trim_suffix("abc", "bc")"#, #""a""#), (#"trim_suffix("abc", "x")"#, #""abc""#),
        (#"trim_space(" \t\na \u00a0")"#, #""a""#), (#"strings.any_prefix_match(["abc", "xyz"], ["x"])"#, "true"),
        (#"strings.any_prefix_match("abc", {"b", "c"})"#, "false"),
        (#"strings.any_suffix_match("a.com", {".org", ".com"})"#, "true"),
        (#"strings.any_suffix_match(["a.com"], "")"#, "true"), (#"strings.any_prefix_match([], ["x"])"#, "false"),
        (
            #"strings.any_suffix_match([s | s := sprintf("x%d", [numbers.range(1, 20)[_]])], [s | s := sprintf("%d", [numbers.range(20, 60)[_]])])"#,
            "true"
        ),
        (
            #"strings.any_suffix_match([s | s := sprintf("x%d", [numbers.range(1, 20)[_]])], [s | s := sprintf("%d", [numbers.range(21, 60)[_]])])"#,
            "false"
        ),
        (#"internal.template_string(["a ", {1}, {"b"}, set(), {[1, "x"]}])"#, #""a 1b<undefined>[1, \"x\"]""#),
    ])
    func `computes`(_ expression: String, _ value: String) throws {
        #expect(try Expressions.value(expression) == value)
    }

    @Test(arguments: [
        (#"indexof("a", "")"#, "{}", "indexof: empty search character"),
        (#"substring("a", -1, 1)"#, "{}", "substring: negative offset"),
        (#"format_int(10, 3)"#, "{}", "format_int: operand 2 must be one of {2, 8, 10, 16}"),
        (
            #"concat(",", input.x)"#, #"{"x": ["a", 1]}"#,
            "concat: operand 2 must be array of strings but got array containing number"
        ),
        (#"concat(",", input.x)"#, #"{"x": 1}"#, "concat: operand 2 must be one of {set, array} but got number"),
        (
            #"strings.replace_n(input.x, "a")"#, #"{"x": {"f": 1}}"#,
            "operand 1 non-string value found in pattern object"
        ),
        (
            #"strings.any_prefix_match(input.x, "a")"#, #"{"x": 1}"#,
            "operand 1 must be one of {string, set, array} but got number"
        ),
        (
            #"substring("abc", input.x, 1)"#, #"{"x": 1.0}"#,
            "operand 2 must be integer number but got floating-point number"
        ),
        (#"sprintf(input.x, [])"#, #"{"x": 1}"#, "sprintf: operand 1 must be string but got number"),
        (#"internal.template_string([{1, 2}])"#, "{}", "template-strings must not produce multiple outputs"),
    ])
    func `says what is wrong`(_ expression: String, _ input: String, _ message: String) throws {
        #expect(try Expressions.failure(expression, input: input)?.contains(message) == true)
    }
}
