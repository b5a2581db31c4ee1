// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

/// Where base documents and rules stand at the same path.
@Suite struct BaseDocumentTests {
    private static let rules = """
        package shop.stock
        apples := {"fresh": 1, "old": 2}
        pears := 5 if input.never
        prices[kind] := 1 if some kind in ["large", "small"]
        """
    private static let base = """
        {"shop": {"stock": {"apples": {"fresh": 9}, "pears": 7, "prices": {"small": 8}, "plums": 3}}}
        """

    private func answer(_ query: String) throws -> String {
        let policy = try Policy(compiling: [PolicySource(name: "stock.rego", text: Self.rules)])
        let heap = Heap()
        let root = try JSONReader(heap: heap, limits: Limits()).read(Array(Self.base.utf8))
        let program = try policy.program(queries: [try policy.query(query)])
        let version = PolicyVersion(program: program, data: DataDocument(root: root, in: heap))
        let evaluator = Evaluator(version: version)
        let answers = try evaluator.evaluate(query: 0, input: heap.emptyObject())
        return String(decoding: JSONWriter.bytes(answers), as: UTF8.self)
    }

    @Test func `the whole keeps the base documents and adds what they lack`() throws {
        let stock = """
            {"apples":{"fresh":9,"old":2},"pears":7,"plums":3,"prices":{"large":1,"small":8}}
            """
        #expect(try answer("x = data.shop.stock") == "[[\(stock)]]")
        #expect(try answer("x = data.shop") == "[[{\"stock\":\(stock)}]]")
    }

    @Test(arguments: [
        ("data.shop.stock.apples", "[[{\"fresh\":1,\"old\":2}]]"), ("data.shop.stock.pears", "[]"),
        ("data.shop.stock.prices.small", "[[1]]"), ("data.shop.stock.plums", "[[3]]"),
    ])
    func `a path of a rule is the rule's`(path: String, expected: String) throws {
        #expect(try answer("x = \(path)") == expected)
    }
}
