#include "orderflow/move/moved_batch.hpp"

#include <algorithm>
#include <utility>

#include "libs/aws/sqs_codec.hpp"
#include "libs/base/base64.hpp"
#include "libs/json/writer.hpp"
#include "queue-service/protocol/attribute_codec.hpp"

namespace orderflow {
namespace {

constexpr std::chrono::seconds delay_max = std::chrono::minutes(15);

void write_attributes(json::Writer& out, const sqs::MessageAttributes& attributes) {
    out.key("MessageAttributes").begin_object();
    for (const auto& [name, value] : attributes) {
        out.key(name).begin_object().key("DataType").string(value.data_type);
        if (value.binary_value) {
            out.key("BinaryValue").string(to_base64(value.binary_value->bytes));
        } else {
            out.key("StringValue").string(value.string_value.value_or(""));
        }
        out.end_object();
    }
    out.end_object();
}

void write_metadata(json::Writer& out, const sqs::MessageMetadata& metadata) {
    if (!metadata.attributes.empty()) write_attributes(out, metadata.attributes);
    if (!metadata.trace_header.empty()) {
        out.key("MessageSystemAttributes").begin_object().key("AWSTraceHeader").begin_object();
        out.key("DataType").string("String").key("StringValue").string(metadata.trace_header);
        out.end_object().end_object();
    }
    if (!metadata.group_id.empty()) out.key("MessageGroupId").string(metadata.group_id);
}

}  // namespace

std::chrono::seconds delay_left(const queue::WaitingMessage& waiting, WallTime now) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(waiting.visible_at - now);
    return std::clamp(left, std::chrono::seconds(0), delay_max);
}

std::vector<std::vector<queue::WaitingMessage>> batches_of(std::vector<queue::WaitingMessage> page) {
    std::vector<std::vector<queue::WaitingMessage>> batches;
    std::size_t bytes = 0;
    for (auto& waiting : page) {
        const auto size = waiting.message->size();
        if (batches.empty() || batches.back().size() == aws::sqs_batch_entries || bytes + size > aws::sqs_batch_bytes) {
            batches.emplace_back();
            bytes = 0;
        }
        bytes += size;
        batches.back().push_back(std::move(waiting));
    }
    return batches;
}

Result<std::string> write_moved_batch(std::string_view queue_url, std::span<const queue::WaitingMessage> batch,
                                      WallTime now) {
    json::Writer out;
    out.begin_object().key("QueueUrl").string(queue_url).key("Entries").begin_array();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto metadata = sqs::decode(batch[i].message->attributes);
        if (!metadata) return fail(metadata.error());
        out.begin_object().key("Id").string(std::to_string(i)).key("MessageBody").string(batch[i].message->body);
        if (const auto delay = delay_left(batch[i], now); delay.count() > 0) {
            out.key("DelaySeconds").integer(delay.count());
        }
        write_metadata(out, *metadata);
        out.end_object();
    }
    out.end_array().end_object();
    return std::move(out).take();
}

}  // namespace orderflow
