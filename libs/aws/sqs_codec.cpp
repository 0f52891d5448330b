#include "libs/aws/sqs_codec.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "libs/aws/sqs_fault.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"
#include "libs/net/percent.hpp"

namespace orderflow::aws {
namespace {

using orders::MessageId;
using orders::ReceivedMessage;

// Ten of the largest messages, with their escapes.
constexpr json::ParseLimits answer_limits = {.bytes = 64 * 1024 * 1024};

std::unexpected<Error> unreadable(std::string why) {
    return fail(ErrorKind::unavailable, "queue.answer_unreadable", std::move(why));
}

json::Writer begin(std::string_view queue_url) {
    json::Writer out;
    out.begin_object().key("QueueUrl").string(queue_url);
    return out;
}

const std::string_view* text_of(const json::Value& object, std::string_view name) {
    const auto* member = object.find(name);
    return member == nullptr ? nullptr : member->string();
}

template <class Number>
std::optional<Number> number_in(const std::string_view* text) {
    if (text == nullptr) return std::nullopt;
    Number value{};
    const auto* end = text->data() + text->size();
    const auto [at, error] = std::from_chars(text->data(), end, value);
    if (error != std::errc() || at != end) return std::nullopt;
    return value;
}

// Attributes are texts, numbers too.
template <class Number>
std::optional<Number> number_of(const json::Value* attributes, std::string_view name) {
    return attributes == nullptr ? std::nullopt : number_in<Number>(text_of(*attributes, name));
}

// Characters that Amazon SQS takes (API reference of SendMessage): #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD,
// #x10000 to #x10FFFF.
bool is_message_text(std::string_view text) {
    const auto is_refused = [](char c) { return (c >= 0 && c < 0x20) && c != '\t' && c != '\n' && c != '\r'; };
    return std::ranges::none_of(text, is_refused) && net::is_utf8(text) && !text.contains("\xEF\xBF\xBE") &&
           !text.contains("\xEF\xBF\xBF");
}

// "arn:aws:sqs:eu-west-1:123456789012:orders" -> "orders"
std::string queue_name_in(std::string_view arn) {
    const auto at = arn.rfind(':');
    return std::string(at == std::string_view::npos ? arn : arn.substr(at + 1));
}

struct Entry {
    std::size_t index;
    const json::Value* value;
};

// The entries of one list of a batch's answer; an absent list is an empty one. Nothing when the list is none.
std::optional<std::vector<Entry>> entries_in(const json::Value& answer, std::string_view list, std::size_t count) {
    std::vector<Entry> entries;
    const auto* member = answer.find(list);
    if (member == nullptr || member->is_null()) return entries;
    const auto* items = member->array();
    if (items == nullptr) return std::nullopt;
    for (const auto& item : *items) {
        const auto index = number_in<std::size_t>(text_of(item, "Id"));
        if (!index || *index >= count) return std::nullopt;
        entries.push_back({*index, &item});
    }
    return entries;
}

Error error_of(const json::Value& entry) {
    const auto* code = text_of(entry, "Code");
    const auto* message = text_of(entry, "Message");
    const auto* sender = entry.find("SenderFault");
    const bool fault_of_sender = sender != nullptr && sender->boolean().value_or(false);
    return sqs_fault_of(code == nullptr ? "" : *code, message == nullptr ? "" : *message, fault_of_sender).error;
}

// `read` makes the result of a successful entry.
template <class T, class Read>
Result<std::vector<Result<T>>> read_batch(std::string_view text, std::size_t count, Read read) {
    const auto answer = json::parse(text, answer_limits);
    if (!answer || answer->root().object() == nullptr) return unreadable("no JSON object");
    const auto successful = entries_in(*answer, "Successful", count);
    const auto failed = entries_in(*answer, "Failed", count);
    if (!successful || !failed) return unreadable("entries that were not asked for");
    std::vector<std::optional<Result<T>>> found(count);
    for (const auto& entry : *successful) found[entry.index] = read(entry);
    for (const auto& entry : *failed) found[entry.index] = std::unexpected(error_of(*entry.value));
    std::vector<Result<T>> results;
    results.reserve(count);
    for (auto& one : found) {
        results.push_back(one ? std::move(*one) : Result<T>(unreadable("the answer has no word about the entry")));
    }
    return results;
}

Result<ReceivedMessage> read_message(const json::Value& item) {
    const auto* id = text_of(item, "MessageId");
    const auto* receipt = text_of(item, "ReceiptHandle");
    const auto* body = text_of(item, "Body");
    const auto* digest = text_of(item, "MD5OfBody");
    if (id == nullptr || receipt == nullptr || body == nullptr || digest == nullptr) {
        return unreadable("a message without id, receipt, body or digest");
    }
    if (*digest != crypto::md5_hex(*body)) return unreadable("a body came that is not the one that was sent");
    const auto* attributes = item.find("Attributes");
    const auto count = number_of<std::uint32_t>(attributes, "ApproximateReceiveCount");
    const auto sent = number_of<std::int64_t>(attributes, "SentTimestamp");
    const auto first = number_of<std::int64_t>(attributes, "ApproximateFirstReceiveTimestamp");
    if (!count || !sent || !first) return unreadable("a message without its count or times");
    ReceivedMessage message;
    message.id = {std::string(*id)};
    message.receipt = {std::string(*receipt)};
    message.body = *body;
    message.receive_count = *count;
    message.sent_at = from_unix_ms(*sent);
    message.first_received_at = from_unix_ms(*first);
    if (const auto* arn = text_of(*attributes, "DeadLetterQueueSourceArn")) {
        message.dead_letter_source = queue_name_in(*arn);
    }
    return message;
}

}  // namespace

std::string_view sqs_target_of(SqsAction action) noexcept {
    switch (action) {
        case SqsAction::send_message_batch: return "AmazonSQS.SendMessageBatch";
        case SqsAction::receive_message: return "AmazonSQS.ReceiveMessage";
        case SqsAction::delete_message_batch: return "AmazonSQS.DeleteMessageBatch";
        case SqsAction::change_message_visibility_batch: return "AmazonSQS.ChangeMessageVisibilityBatch";
        case SqsAction::get_queue_attributes: return "AmazonSQS.GetQueueAttributes";
    }
    return {};
}

std::string write_send_batch(std::string_view queue_url, std::span<const orders::OutgoingMessage> messages) {
    auto out = begin(queue_url);
    out.key("Entries").begin_array();
    for (std::size_t i = 0; i < messages.size(); ++i) {
        out.begin_object().key("Id").string(std::to_string(i)).key("MessageBody").string(messages[i].body);
        if (messages[i].delay.count() > 0) out.key("DelaySeconds").integer(messages[i].delay.count());
        out.end_object();
    }
    out.end_array().end_object();
    return std::move(out).take();
}

std::string write_receive(std::string_view queue_url, const orders::ReceiveRequest& request) {
    auto out = begin(queue_url);
    out.key("MaxNumberOfMessages").integer(std::min(request.max_messages, sqs_receive_messages));
    // Whole seconds, rounded up: a short wait must not become none, which would turn a poll into a busy loop.
    out.key("WaitTimeSeconds").integer(std::chrono::ceil<std::chrono::seconds>(request.wait).count());
    if (request.visibility_timeout) out.key("VisibilityTimeout").integer(request.visibility_timeout->count());
    out.key("MessageSystemAttributeNames").begin_array();
    for (const auto* name :
         {"ApproximateReceiveCount", "SentTimestamp", "ApproximateFirstReceiveTimestamp", "DeadLetterQueueSourceArn"}) {
        out.string(name);
    }
    out.end_array().end_object();
    return std::move(out).take();
}

std::string write_remove_batch(std::string_view queue_url, std::span<const orders::ReceiptHandle> receipts) {
    auto out = begin(queue_url);
    out.key("Entries").begin_array();
    for (std::size_t i = 0; i < receipts.size(); ++i) {
        out.begin_object().key("Id").string(std::to_string(i));
        out.key("ReceiptHandle").string(receipts[i].value).end_object();
    }
    out.end_array().end_object();
    return std::move(out).take();
}

std::string write_visibility_batch(std::string_view queue_url, std::span<const orders::VisibilityChange> changes) {
    auto out = begin(queue_url);
    out.key("Entries").begin_array();
    for (std::size_t i = 0; i < changes.size(); ++i) {
        out.begin_object().key("Id").string(std::to_string(i));
        out.key("ReceiptHandle").string(changes[i].receipt.value);
        out.key("VisibilityTimeout").integer(changes[i].timeout.count()).end_object();
    }
    out.end_array().end_object();
    return std::move(out).take();
}

std::string write_get_counts(std::string_view queue_url) {
    auto out = begin(queue_url);
    out.key("AttributeNames").begin_array();
    out.string("ApproximateNumberOfMessages").string("ApproximateNumberOfMessagesNotVisible");
    out.string("ApproximateNumberOfMessagesDelayed").end_array().end_object();
    return std::move(out).take();
}

Result<void> check_outgoing(const orders::OutgoingMessage& message) {
    if (message.body.empty()) return fail(ErrorKind::invalid_input, "queue.message_empty");
    if (message.body.size() > sqs_batch_bytes) return fail(ErrorKind::invalid_input, "queue.message_too_long");
    if (!is_message_text(message.body)) return fail(ErrorKind::invalid_input, "queue.message_contents_invalid");
    if (message.delay < 0s || message.delay > 15min) return fail(ErrorKind::invalid_input, "queue.delay_invalid");
    return {};
}

Result<std::vector<Result<MessageId>>> read_send_batch(std::string_view answer,
                                                       std::span<const orders::OutgoingMessage> sent) {
    return read_batch<MessageId>(answer, sent.size(), [&](const Entry& entry) -> Result<MessageId> {
        const auto* id = text_of(*entry.value, "MessageId");
        const auto* digest = text_of(*entry.value, "MD5OfMessageBody");
        if (id == nullptr || digest == nullptr) return unreadable("a sent message without id or digest");
        if (*digest != crypto::md5_hex(sent[entry.index].body)) return unreadable("the queue holds another body");
        return MessageId{std::string(*id)};
    });
}

Result<std::vector<Result<void>>> read_entries(std::string_view answer, std::size_t entries) {
    return read_batch<void>(answer, entries, [](const Entry&) { return Result<void>(); });
}

Result<std::vector<ReceivedMessage>> read_received(std::string_view text) {
    const auto answer = json::parse(text, answer_limits);
    if (!answer || answer->root().object() == nullptr) return unreadable("no JSON object");
    std::vector<ReceivedMessage> messages;
    const auto* list = answer->find("Messages");
    if (list == nullptr || list->is_null()) return messages;
    const auto* items = list->array();
    if (items == nullptr) return unreadable("Messages is no list");
    for (const auto& item : *items) {
        auto message = read_message(item);
        if (!message) return fail(std::move(message).error());
        messages.push_back(std::move(*message));
    }
    return messages;
}

Result<orders::QueueCounts> read_counts(std::string_view text) {
    const auto answer = json::parse(text, answer_limits);
    if (!answer) return unreadable("no JSON");
    const auto* attributes = answer->find("Attributes");
    const auto visible = number_of<std::uint64_t>(attributes, "ApproximateNumberOfMessages");
    const auto in_flight = number_of<std::uint64_t>(attributes, "ApproximateNumberOfMessagesNotVisible");
    const auto delayed = number_of<std::uint64_t>(attributes, "ApproximateNumberOfMessagesDelayed");
    if (!visible || !in_flight || !delayed) return unreadable("counts are missing");
    orders::QueueCounts counts;
    counts.visible = *visible;
    counts.in_flight = *in_flight;
    counts.delayed = *delayed;
    return counts;
}

}  // namespace orderflow::aws
