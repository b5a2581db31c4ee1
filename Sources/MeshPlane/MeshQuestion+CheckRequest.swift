// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Protocols

/// What a `CheckRequest` of `envoy.service.auth.v3` says. The numbers are those of the definitions in
/// `Tests/MeshPlaneTests`, from which code is generated that the tests compare with; a field that is not read is skipped.
extension MeshQuestion {
    /// Reads the message.
    ///
    /// - Throws: It is none.
    init(checkRequest bytes: UnsafeRawBufferPointer) throws(ProtobufReader.Failure) {
        size = 0
        var request = ProtobufReader(bytes)
        while let field = try request.next() {
            if field.number == 1 { try read(attributes: try field.value.message()) }
        }
        fields.sort { $0.name < $1.name }
        for index in fields.indices.dropFirst()
        where fields[index].name.hasBytes(of: fields[index &- 1].name) { throw .repeatedKey }
        shown = Self.shown(field(Self.partialField), body)
    }

    private mutating func read(attributes: ProtobufReader) throws(ProtobufReader.Failure) {
        var attributes = attributes
        while let field = try attributes.next() {
            switch field.number {
            case 1: source = try read(peer: try field.value.message(), isClient: true)
            case 2: destination = try read(peer: try field.value.message(), isClient: false)
            case 4:
                var request = try field.value.message()
                while let field = try request.next() {
                    if field.number == 2 { try read(http: try field.value.message()) }
                }
            case 10:
                let (key, value) = try field.value.entry()
                guard extensions.updateValue(value, forKey: key) == nil else { throw .repeatedKey }
            default: break
            }
        }
    }

    /// Reads one end of the connection; whom a certificate names matters of the client's only.
    private mutating func read(peer: ProtobufReader, isClient: Bool) throws(ProtobufReader.Failure) -> Source {
        var peer = peer
        var place = Source.unknown
        while let field = try peer.next() {
            switch field.number {
            case 1: place = try Self.place(try field.value.message())
            case 4 where isClient: principal = try field.value.text()
            case 5 where isClient: certificate = try field.value.text()
            default: break
            }
        }
        return place
    }

    private static func place(_ address: ProtobufReader) throws(ProtobufReader.Failure) -> Source {
        var (address, text, port) = (address, "", UInt64(0))
        while let field = try address.next() {
            guard field.number == 1 else { continue }
            var place = try field.value.message()
            while let field = try place.next() {
                switch field.number {
                case 2: text = try field.value.text()
                case 3: port = try field.value.number()
                default: break
                }
            }
        }
        guard let address = IPAddress(text) else { return .unknown }
        return .tcp(address, port: UInt16(clamping: port))
    }

    private mutating func read(http: ProtobufReader) throws(ProtobufReader.Failure) {
        var http = http
        fields.reserveCapacity(16)
        while let field = try http.next() {
            let value = field.value
            switch field.number {
            case 1: id = try value.text()
            case 2: method = try value.text()
            case 3:
                let (name, value) = try value.entry()
                if name.utf8.first != UInt8(ascii: ":") { fields.append((name: name, value: value)) }
            case 4: target = try value.text()
            case 5: host = try value.text()
            case 6: scheme = try value.text()
            case 9: size = Int64(bitPattern: try value.number())
            case 10: version = try value.text()
            case 11 where !isPacked: body = Array(try value.text().utf8)
            case 12:
                let content = try value.content()
                if !content.isEmpty { (body, isPacked) = (Array(content), true) }
            default: break
            }
        }
    }
}
