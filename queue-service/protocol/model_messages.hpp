// Requests and answers of the actions on messages, as in the Amazon SQS API Reference: what the decoders fill and the
// encoders write. Each struct says its members once, for both protocols (wire_name.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "queue-service/protocol/message_attributes.hpp"

namespace orderflow::sqs {

using Seconds = std::optional<std::int64_t>;

inline constexpr WireName message_attributes_name("MessageAttributes", "MessageAttribute");
inline constexpr WireName system_attributes_name("MessageSystemAttributes", "MessageSystemAttribute");

// An answer without content: 200 and nothing else.
struct NoAnswer {
    using IsDescribed = void;
    template <class Self, class Wire>
    static void describe(Self& /*self*/, Wire& /*wire*/) {}
};

// What is said of one message, alone or in a batch.
struct MessageToSend {
    std::string body;
    Seconds delay;
    MessageAttributes attributes;
    MessageAttributes system_attributes;
    std::string group_id;
    std::string deduplication_id;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.required("MessageBody", self.body);
        wire.optional("DelaySeconds", self.delay);
        wire.optional(message_attributes_name, self.attributes);
        wire.optional(system_attributes_name, self.system_attributes);
        wire.optional("MessageGroupId", self.group_id);
        wire.optional("MessageDeduplicationId", self.deduplication_id);
    }
};

struct SentMessage {
    std::string message_id;
    std::string md5_of_body;
    std::optional<std::string> md5_of_attributes;
    std::optional<std::string> md5_of_system_attributes;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field("MessageId", self.message_id);
        wire.field("MD5OfMessageBody", self.md5_of_body);
        wire.field("MD5OfMessageAttributes", self.md5_of_attributes);
        wire.field("MD5OfMessageSystemAttributes", self.md5_of_system_attributes);
    }
};

// Of the entries of a batch, those that failed.
struct FailedEntry {
    using IsDescribed = void;

    std::string id;
    bool sender_fault = true;
    std::string code;
    std::string message;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field("Id", self.id);
        wire.field("SenderFault", self.sender_fault);
        wire.field("Code", self.code);
        wire.field("Message", self.message);
    }
};

// `Done` names the list of those that did not.
template <class Done>
struct BatchAnswer {
    using IsDescribed = void;

    std::vector<Done> successful;
    std::vector<FailedEntry> failed;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field(WireName("Successful", Done::list_name), self.successful);
        wire.field(WireName("Failed", "BatchResultErrorEntry"), self.failed);
    }
};

struct SendMessageAnswer {
    using IsDescribed = void;

    SentMessage sent;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        SentMessage::describe(self.sent, wire);
    }
};

struct SendMessage {
    using IsDescribed = void;
    using Answer = SendMessageAnswer;
    static constexpr std::string_view action = "SendMessage";

    std::string queue_url;
    MessageToSend message;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        MessageToSend::describe(self.message, wire);
    }
};

struct SentEntry {
    using IsDescribed = void;
    static constexpr std::string_view list_name = "SendMessageBatchResultEntry";

    std::string id;
    SentMessage sent;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field("Id", self.id);
        SentMessage::describe(self.sent, wire);
    }
};

struct EntryToSend {
    using IsDescribed = void;

    std::string id;
    MessageToSend message;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.required("Id", self.id);
        MessageToSend::describe(self.message, wire);
    }
};

struct SendMessageBatch {
    using IsDescribed = void;
    using Answer = BatchAnswer<SentEntry>;
    static constexpr std::string_view action = "SendMessageBatch";
    static constexpr std::string_view entry_name = "SendMessageBatchRequestEntry";

    std::string queue_url;
    std::vector<EntryToSend> entries;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.optional(WireName("Entries", entry_name), self.entries);
    }
};

struct ReceivedMessage {
    using IsDescribed = void;

    std::string message_id;
    std::string receipt_handle;
    std::string md5_of_body;
    std::string body;
    TextMap system_attributes;
    std::optional<std::string> md5_of_attributes;
    MessageAttributes attributes;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field("MessageId", self.message_id);
        wire.field("ReceiptHandle", self.receipt_handle);
        wire.field("MD5OfBody", self.md5_of_body);
        wire.field("Body", self.body);
        wire.field(WireName("Attributes", "Attribute"), self.system_attributes);
        wire.field("MD5OfMessageAttributes", self.md5_of_attributes);
        wire.field(message_attributes_name, self.attributes);
    }
};

struct ReceiveMessageAnswer {
    using IsDescribed = void;

    std::vector<ReceivedMessage> messages;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field(WireName("Messages", "Message"), self.messages);
    }
};

struct ReceiveMessage {
    using IsDescribed = void;
    using Answer = ReceiveMessageAnswer;
    static constexpr std::string_view action = "ReceiveMessage";

    std::string queue_url;
    std::vector<std::string> attribute_names;  // the old name of the next one
    std::vector<std::string> system_attribute_names;
    std::vector<std::string> message_attribute_names;
    std::optional<std::int64_t> max_messages;
    Seconds visibility_timeout;
    Seconds wait_time;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.optional(WireName("AttributeNames", "AttributeName"), self.attribute_names);
        wire.optional(WireName("MessageSystemAttributeNames", "MessageSystemAttributeName"),
                      self.system_attribute_names);
        wire.optional(WireName("MessageAttributeNames", "MessageAttributeName"), self.message_attribute_names);
        wire.optional("MaxNumberOfMessages", self.max_messages);
        wire.optional("VisibilityTimeout", self.visibility_timeout);
        wire.optional("WaitTimeSeconds", self.wait_time);
    }
};

struct DeleteMessage {
    using IsDescribed = void;
    using Answer = NoAnswer;
    static constexpr std::string_view action = "DeleteMessage";

    std::string queue_url;
    std::string receipt_handle;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.required("ReceiptHandle", self.receipt_handle);
    }
};

struct DeletedEntry {
    using IsDescribed = void;
    static constexpr std::string_view list_name = "DeleteMessageBatchResultEntry";

    std::string id;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field("Id", self.id);
    }
};

struct EntryToDelete {
    using IsDescribed = void;

    std::string id;
    std::string receipt_handle;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.required("Id", self.id);
        wire.required("ReceiptHandle", self.receipt_handle);
    }
};

struct DeleteMessageBatch {
    using IsDescribed = void;
    using Answer = BatchAnswer<DeletedEntry>;
    static constexpr std::string_view action = "DeleteMessageBatch";
    static constexpr std::string_view entry_name = "DeleteMessageBatchRequestEntry";

    std::string queue_url;
    std::vector<EntryToDelete> entries;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.optional(WireName("Entries", entry_name), self.entries);
    }
};

struct ChangeMessageVisibility {
    using IsDescribed = void;
    using Answer = NoAnswer;
    static constexpr std::string_view action = "ChangeMessageVisibility";

    std::string queue_url;
    std::string receipt_handle;
    std::int64_t visibility_timeout = 0;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.required("ReceiptHandle", self.receipt_handle);
        wire.required("VisibilityTimeout", self.visibility_timeout);
    }
};

struct ChangedEntry {
    using IsDescribed = void;
    static constexpr std::string_view list_name = "ChangeMessageVisibilityBatchResultEntry";

    std::string id;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field("Id", self.id);
    }
};

struct EntryToChange {
    using IsDescribed = void;

    std::string id;
    std::string receipt_handle;
    std::int64_t visibility_timeout = 0;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.required("Id", self.id);
        wire.required("ReceiptHandle", self.receipt_handle);
        wire.optional("VisibilityTimeout", self.visibility_timeout);
    }
};

struct ChangeMessageVisibilityBatch {
    using IsDescribed = void;
    using Answer = BatchAnswer<ChangedEntry>;
    static constexpr std::string_view action = "ChangeMessageVisibilityBatch";
    static constexpr std::string_view entry_name = "ChangeMessageVisibilityBatchRequestEntry";

    std::string queue_url;
    std::vector<EntryToChange> entries;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.optional(WireName("Entries", entry_name), self.entries);
    }
};

}  // namespace orderflow::sqs
