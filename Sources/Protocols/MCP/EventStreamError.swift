// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why an event stream is not read further. One case, one stable reason code, one sentence.
public enum EventStreamError: String, Error, Sendable, Hashable, CaseIterable {
    /// A line is longer than the limit.
    case lineTooLong = "sse_line_too_long"
    /// An event is longer than the limit.
    case eventTooLarge = "sse_event_too_large"
    /// The stream is longer than the limit.
    case streamTooLarge = "sse_stream_too_large"
    /// There are more events than the limit.
    case tooManyEvents = "sse_too_many_events"
    /// There is more between two events than the limit.
    case tooMuchIdling = "sse_too_much_idling"
    /// The stream is not UTF-8.
    case invalidUTF8 = "sse_invalid_utf8"
    /// A field's value holds a NUL, or the stream begins with a byte order mark.
    case badCharacter = "sse_bad_character"
    /// A field stands twice in an event that may stand once, or is too long.
    case badField = "sse_bad_field"
    /// An event has a type other than `message` where types have no meaning.
    case unknownEvent = "sse_unknown_event"
    /// The stream ended inside an event.
    case truncated = "sse_truncated"

    /// What is wrong, as a sentence. It never repeats bytes of the stream.
    public var sentence: String {
        switch self {
        case .lineTooLong: "A line of the event stream is longer than the limit."
        case .eventTooLarge: "An event of the stream is longer than the limit."
        case .streamTooLarge: "The event stream is longer than the limit."
        case .tooManyEvents: "The event stream has more events than the limit."
        case .tooMuchIdling: "The event stream sends comments and empty events without a message, beyond the limit."
        case .invalidUTF8: "The event stream is not UTF-8."
        case .badCharacter: "The event stream begins with a byte order mark or has a NUL in a field."
        case .badField: "A field of an event stands twice that may stand once, or is too long."
        case .unknownEvent: "An event has a type that this protocol does not use."
        case .truncated: "The event stream ended inside an event."
        }
    }
}
