// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

/// RFC 7541 appendix C.
@Suite("Examples of HPACK") struct HPACKExampleTests {
    /// One block of a connection: its bytes, its fields, and what the dynamic table then has.
    struct Step {
        let block: String
        let fields: [HPACKField]
        let table: [HPACKField]
        let tableSize: Int
    }

    @Test(
        "of single fields",
        arguments: [
            ("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "custom-key", "custom-header", true),
            ("040c 2f73 616d 706c 652f 7061 7468", ":path", "/sample/path", false),
            ("1008 7061 7373 776f 7264 0673 6563 7265 74", "password", "secret", false),
            ("82", ":method", "GET", false),
        ])
    func single(_ block: String, _ name: String, _ value: String, _ isAdded: Bool) throws {
        var decoder = HPACKDecoder()
        let field = HPACKField(name, value)
        #expect(try decoder.fields(hexadecimal(block)) == [field])
        #expect(decoder.tableFields == (isAdded ? [field] : []))
    }

    private static func check(_ steps: [Step], tableBytes: Int) throws {
        var decoder = HPACKDecoder(tableBytes: tableBytes)
        for step in steps {
            #expect(try decoder.fields(hexadecimal(step.block)) == step.fields)
            #expect(decoder.tableFields == step.table)
            #expect(decoder.tableSize == step.tableSize)
        }
    }

    @Test(
        "of requests, plain and compressed",
        arguments: [
            [
                "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", "8286 84be 5808 6e6f 2d63 6163 6865",
                "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
            ],
            [
                "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", "8286 84be 5886 a8eb 1064 9cbf",
                "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
            ],
        ])
    func requests(_ blocks: [String]) throws {
        let start = [HPACKField(":method", "GET"), HPACKField(":scheme", "http"), HPACKField(":path", "/")]
        let secure = [
            HPACKField(":method", "GET"), HPACKField(":scheme", "https"), HPACKField(":path", "/index.html"),
        ]
        let authority = HPACKField(":authority", "www.example.com")
        let cache = HPACKField("cache-control", "no-cache")
        let custom = HPACKField("custom-key", "custom-value")
        try Self.check(
            [
                Step(block: blocks[0], fields: start + [authority], table: [authority], tableSize: 57),
                Step(block: blocks[1], fields: start + [authority, cache], table: [cache, authority], tableSize: 110),
                Step(
                    block: blocks[2], fields: secure + [authority, custom], table: [custom, cache, authority],
                    tableSize: 164),
            ], tableBytes: 4096)
    }

    @Test(
        "of responses, plain and compressed, with a table that is too small for all",
        arguments: [
            [
                """
                4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32
                3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d
                """,
                "4803 3330 37c1 c0bf",
                """
                88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970
                7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61
                6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31
                """,
            ],
            [
                """
                4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad
                1718 63c7 8f0b 97c8 e9ae 82ae 43d3
                """,
                "4883 640e ffc1 c0bf",
                """
                88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2
                e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07
                """,
            ],
        ])
    func responses(_ blocks: [String]) throws {
        let found = HPACKField(":status", "302")
        let temporary = HPACKField(":status", "307")
        let cache = HPACKField("cache-control", "private")
        let date = HPACKField("date", "Mon, 21 Oct 2013 20:13:21 GMT")
        let later = HPACKField("date", "Mon, 21 Oct 2013 20:13:22 GMT")
        let location = HPACKField("location", "https://www.example.com")
        let encoding = HPACKField("content-encoding", "gzip")
        let cookie = HPACKField("set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1")
        try Self.check(
            [
                Step(
                    block: blocks[0], fields: [found, cache, date, location], table: [location, date, cache, found],
                    tableSize: 222),
                Step(
                    block: blocks[1], fields: [temporary, cache, date, location],
                    table: [temporary, location, date, cache], tableSize: 222),
                Step(
                    block: blocks[2],
                    fields: [HPACKField(":status", "200"), cache, later, location, encoding, cookie],
                    table: [cookie, encoding, later], tableSize: 215),
            ], tableBytes: 256)
    }
}
