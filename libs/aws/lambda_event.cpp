#include "libs/aws/lambda_event.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::aws {
namespace {

using orders::MessageId;
using orders::ReceiptHandle;

constexpr std::string_view sqs_source = "aws:sqs";

std::unexpected<Error> malformed(std::string why) {
    return fail(ErrorKind::invalid_input, "lambda.event_malformed", std::move(why));
}

// Empty when it is not there: none of the texts that are asked for may be.
std::string_view text_of(const json::Value* object, std::string_view name) {
    const auto* member = object == nullptr ? nullptr : object->find(name);
    const auto* text = member == nullptr ? nullptr : member->string();
    return text == nullptr ? std::string_view() : *text;
}

template <class Number>
std::optional<Number> number_of(const json::Value* attributes, std::string_view name) {
    const auto text = text_of(attributes, name);
    Number value{};
    const auto* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || at != end) return std::nullopt;
    return value;
}

// "arn:aws:sqs:eu-west-1:123456789012:orders" -> "orders"
std::string_view queue_of(std::string_view arn) {
    constexpr auto colons = 5;
    if (!arn.starts_with("arn:") || std::ranges::count(arn, ':') != colons) return {};
    return arn.substr(arn.rfind(':') + 1);
}

Result<LambdaRecord> read_record(const json::Value& item, std::size_t number) {
    const auto missing = [number](std::string_view name) {
        return malformed("record " + std::to_string(number) + " has no " + std::string(name));
    };
    if (item.object() == nullptr) return malformed("record " + std::to_string(number) + " is no object");
    if (text_of(&item, "eventSource") != sqs_source) {
        return malformed("record " + std::to_string(number) + " is of no queue: its eventSource is not aws:sqs");
    }
    const auto id = text_of(&item, "messageId");
    const auto receipt = text_of(&item, "receiptHandle");
    const auto body = text_of(&item, "body");
    const auto queue = queue_of(text_of(&item, "eventSourceARN"));
    if (id.empty()) return missing("messageId");
    if (receipt.empty()) return missing("receiptHandle");
    if (body.empty()) return missing("body");
    if (queue.empty()) return missing("eventSourceARN of a queue");
    LambdaRecord record;
    record.queue = queue;
    record.message.id.value = id;
    record.message.receipt.value = receipt;
    record.message.body = body;
    const auto* attributes = item.find("attributes");
    record.message.receive_count =
        std::max(1U, number_of<std::uint32_t>(attributes, "ApproximateReceiveCount").value_or(1));
    record.message.sent_at = from_unix_ms(number_of<std::int64_t>(attributes, "SentTimestamp").value_or(0));
    record.message.first_received_at =
        from_unix_ms(number_of<std::int64_t>(attributes, "ApproximateFirstReceiveTimestamp").value_or(0));
    return record;
}

}  // namespace

Result<std::vector<LambdaRecord>> read_lambda_event(std::string_view event) {
    const auto document = json::parse(event, {.bytes = lambda_event_bytes});
    if (!document) return malformed("the event is no JSON text: " + document.error().code());
    const auto* list = document->find("Records");
    const auto* items = list == nullptr ? nullptr : list->array();
    if (items == nullptr) return malformed("the event has no list Records");
    if (items->size() > lambda_records_max) return malformed("the event has more than 10000 records");
    std::vector<LambdaRecord> records;
    records.reserve(items->size());
    std::set<std::string_view> receipts;
    for (const auto& item : *items) {
        const auto number = records.size() + 1;
        auto record = read_record(item, number);
        if (!record) return fail(std::move(record).error());
        if (!receipts.insert(text_of(&item, "receiptHandle")).second) {
            return malformed("record " + std::to_string(number) + " has the receiptHandle of another");
        }
        records.push_back(*std::move(record));
    }
    return records;
}

std::string write_batch_failures(std::span<const MessageId> failed) {
    json::Writer out;
    out.begin_object().key("batchItemFailures").begin_array();
    for (const auto& id : failed) out.begin_object().key("itemIdentifier").string(id.value).end_object();
    out.end_array().end_object();
    return std::move(out).take();
}

}  // namespace orderflow::aws
