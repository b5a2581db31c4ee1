// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct TemplateBuiltinsTests {
    @Test(
        arguments: [
            BuiltinCase(
                "strings.render_template", #""{{.a}}-{{range .l}}{{.}},{{end}}", {"a": "x", "l": [1, 2]}"#, #""x-1,2,""#
            ),
            BuiltinCase(
                "strings.render_template",
                #""{{range $i, $n := .l}}{{if $i}},{{end}}hello {{$n}}{{end}}", {"l": ["a", "b"]}"#,
                #""hello a,hello b""#),
            BuiltinCase(
                "strings.render_template", #""test {{.foo}} {{.a.b.c}} {{.baz}}", {"baz": 1}"#,
                #""test <undefined> <undefined> 1""#),
            BuiltinCase("strings.render_template", #""{{.n}}", {"n": null}"#, #""<undefined>""#),
            BuiltinCase("strings.render_template", #""{{if .z}}yes{{else}}no{{end}}", {"z": 0}"#, #""yes""#),
            BuiltinCase(
                "strings.render_template", #""{{if .x}}1{{else if .y}}2{{else}}3{{end}}", {"x": "", "y": true}"#,
                #""2""#),
            BuiltinCase(
                "strings.render_template",
                #""{{with .x}}{{.}}{{else with .y}}{{.k}}{{else}}none{{end}}", {"y": {"k": "v"}}"#, #""v""#),
            BuiltinCase("strings.render_template", #""a {{- 1 -}} b {{/* c */}}{{- /* d */ -}} e", {}"#, #""a1b e""#),
            BuiltinCase("strings.render_template", #""{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}", {}"#, #""2""#),
            BuiltinCase("strings.render_template", #""{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}", {}"#, #""1""#),
            BuiltinCase(
                "strings.render_template", #""{{range $k, $v := .m}}{{$k}}={{$v}};{{end}}", {"m": {"b": 2, "a": 1}}"#,
                #""a=1;b=2;""#),
            BuiltinCase(
                "strings.render_template",
                #""{{range .l}}{{if eq . \"b\"}}{{continue}}{{end}}{{if eq . \"d\"}}{{break}}{{end}}{{.}}{{end}}", {"l": ["a", "b", "c", "d", "e"]}"#,
                #""ac""#),
            BuiltinCase("strings.render_template", #""{{range .l}}x{{else}}empty{{end}}", {"l": []}"#, #""empty""#),
            BuiltinCase("strings.render_template", #""{{range $i := 3}}{{$i}}{{end}}", {}"#, #""012""#),
            BuiltinCase("strings.render_template", #""{{range .l}}{{$.k}}{{end}}", {"l": [1, 2], "k": "v"}"#, #""vv""#),
            BuiltinCase(
                "strings.render_template",
                #""{{.l}} {{.m}} {{.t}}", {"l": ["a", null, 1.5], "m": {"k": [1]}, "t": true}"#,
                #""[a <nil> 1.5] map[k:[1]] true""#),
            BuiltinCase(
                "strings.render_template",
                #""{{index .l 1}}{{index .m \"k\" \"j\"}}{{len .l}}{{len .s}}", {"l": ["a", "b"], "m": {"k": {"j": "c"}}, "s": "é"}"#,
                #""bc22""#),
            BuiltinCase(
                "strings.render_template", #""{{slice .s 1 3}}{{slice .l 1}}", {"s": "abcd", "l": [1, 2, 3]}"#,
                #""bc[2 3]""#),
            BuiltinCase(
                "strings.render_template", #""{{printf \"%s|%5d|%v\" .a 7 .l}}", {"a": "x", "l": [1, 2]}"#,
                #""x|    7|[1 2]""#),
            BuiltinCase("strings.render_template", #""{{.a | printf \"%s-%s\" \"b\"}}", {"a": "x"}"#, #""b-x""#),
            BuiltinCase(
                "strings.render_template", #""{{print 1 2 \"a\" 3}}{{println \"x\" 1}}", {}"#, #""1 2a3x 1\n""#),
            BuiltinCase(
                "strings.render_template", #""{{html .s}} {{urlquery .s}} {{js .s}}", {"s": "<a b='c'>"}"#,
                #""&lt;a b=&#39;c&#39;&gt; %3Ca+b%3D%27c%27%3E \\u003Ca b\\u003D\\'c\\'\\u003E""#),
            BuiltinCase(
                "strings.render_template", #""{{and .a .b}}{{or .z .b}}{{not .z}}", {"a": "1", "b": "2"}"#, #""22true""#
            ),
            BuiltinCase(
                "strings.render_template",
                #""{{eq .n \"5\"}}{{eq 1 2 1}}{{ne \"a\" \"b\"}}{{lt 1 2}}{{ge \"b\" \"a\"}}", {"n": 5}"#,
                #""truetruetruetruetrue""#),
            BuiltinCase("strings.render_template", #""{{(index .l 0).k}}", {"l": [{"k": "v"}]}"#, #""v""#),
            BuiltinCase(
                "strings.render_template",
                #""{{define \"t\"}}<{{.}}>{{end}}{{template \"t\" .a}}{{block \"u\" .b}}[{{.}}]{{end}}", {"a": 1, "b": 2}"#,
                #""<1>[2]""#),
            BuiltinCase("strings.render_template", #""{{'a'}}{{`r\\n`}}{{\"q\\\"\"}}", {}"#, #""97r\\nq\"""#),
            BuiltinCase("strings.render_template", #""no action", {}"#, #""no action""#),
            BuiltinCase("strings.render_template", "\"\", {}", "\"\""),
            BuiltinCase("strings.render_template", #""{{.a", {}"#, #"value: template: template:1: unclosed action"#),
            BuiltinCase(
                "strings.render_template", #""{{if .a}}", {}"#, #"value: template: template:1: unexpected EOF"#),
            BuiltinCase(
                "strings.render_template", #""a\n{{end}}", {}"#, #"value: template: template:2: unexpected {{end}}"#),
            BuiltinCase(
                "strings.render_template", #""{{foo .a}}", {}"#,
                #"value: template: template:1: function "foo" not defined"#),
            BuiltinCase(
                "strings.render_template", #""{{.a.b}}", {"a": "x"}"#,
                #"value: template: can't evaluate field b in type string"#),
            BuiltinCase(
                "strings.render_template", #""{{range .n}}{{end}}", {"n": 5}"#,
                #"value: template: range can't iterate over 5"#),
            BuiltinCase("strings.render_template", #""{{$x}}", {}"#, #"value: template: undefined variable "$x""#),
            BuiltinCase(
                "strings.render_template", #""{{eq 1 \"1\"}}", {}"#,
                #"value: template: incompatible types for comparison"#),
            BuiltinCase(
                "strings.render_template", #""{{.a 1}}", {}"#, #"value: template: can't give argument to non-function"#),
            BuiltinCase(
                "strings.render_template", #""{{break}}", {}"#,
                #"value: template: template:1: {{break}} outside {{range}}"#),
            BuiltinCase(
                "strings.render_template", #""{{define \"t\"}}{{template \"t\"}}{{end}}{{template \"t\"}}", {}"#,
                #"limit: depth"#),
            BuiltinCase("strings.render_template", #""{{range 1000000000}}{{end}}", {}"#, #"limit: instructions"#),
            BuiltinCase(
                "strings.render_template", #""{{.a}}", {"a": {"$set": [1]}}"#, #"value: a set is not valid JSON"#),
            BuiltinCase("strings.render_template", #""{{.a}}", 1"#, #"type: operand 2 must be object but got number"#),
        ])
    func `renders templates`(example: BuiltinCase) throws {
        let result = try example.run()
        #expect(result == example.expected)
    }
}
