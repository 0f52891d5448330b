#include "queue-service/protocol/queue_attributes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "libs/net/ascii.hpp"
#include "queue-service/protocol/redrive_policies.hpp"

namespace orderflow::sqs {

namespace {

using queue::QueueSettings;
using std::chrono::seconds;
namespace bounds = queue::limits;

struct NumberAttribute {
    std::string_view name;
    std::int64_t min;
    std::int64_t max;
    std::int64_t (*get)(const QueueSettings&);
    void (*set)(QueueSettings&, std::int64_t);
};

constexpr auto numbers = std::to_array<NumberAttribute>({
    {"VisibilityTimeout", 0, bounds::visibility_timeout_max.count(),
     [](const QueueSettings& s) -> std::int64_t { return s.visibility_timeout.count(); },
     [](QueueSettings& s, std::int64_t value) { s.visibility_timeout = seconds(value); }},
    {"DelaySeconds", 0, bounds::delay_max.count(),
     [](const QueueSettings& s) -> std::int64_t { return s.delay.count(); },
     [](QueueSettings& s, std::int64_t value) { s.delay = seconds(value); }},
    {"MessageRetentionPeriod", bounds::retention_min.count(), bounds::retention_max.count(),
     // The queues of this program keep messages until they are deleted: no number of AWS says so, the largest is near.
     [](const QueueSettings& s) -> std::int64_t {
         return s.retention == bounds::retention_endless ? bounds::retention_max.count() : s.retention.count();
     },
     [](QueueSettings& s, std::int64_t value) { s.retention = seconds(value); }},
    {"ReceiveMessageWaitTimeSeconds", 0, bounds::receive_wait_max.count(),
     [](const QueueSettings& s) -> std::int64_t { return s.receive_wait.count(); },
     [](QueueSettings& s, std::int64_t value) { s.receive_wait = seconds(value); }},
    {"MaximumMessageSize", bounds::message_bytes_min, bounds::message_bytes_max,
     [](const QueueSettings& s) { return static_cast<std::int64_t>(s.maximum_message_size); },
     [](QueueSettings& s, std::int64_t value) { s.maximum_message_size = static_cast<std::size_t>(value); }},
    {"KmsDataKeyReusePeriodSeconds", bounds::kms_data_key_reuse_min.count(), bounds::kms_data_key_reuse_max.count(),
     [](const QueueSettings& s) -> std::int64_t { return s.kms_data_key_reuse.count(); },
     [](QueueSettings& s, std::int64_t value) { s.kms_data_key_reuse = seconds(value); }},
});

constexpr auto fifo_attributes = std::to_array<std::string_view>(
    {"FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"});
constexpr auto text_attributes = std::to_array<std::string_view>(
    {"Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId", "SqsManagedSseEnabled"});
constexpr auto told_attributes = std::to_array<std::string_view>(
    {"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed",
     "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn"});

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

const NumberAttribute* number_attribute(std::string_view name) {
    const auto* const found = std::ranges::find(numbers, name, &NumberAttribute::name);
    return found == numbers.end() ? nullptr : found;
}

std::unexpected<SqsError> invalid(std::string_view name) {
    return refuse(Fault::invalid_attribute_value, fmt::format("Invalid value for the parameter {}.", name));
}

Outcome<SettingsChange> parse_number(const NumberAttribute& attribute, std::string_view text) {
    std::int64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stopped != end || value < attribute.min || value > attribute.max) {
        return invalid(attribute.name);
    }
    return [set = attribute.set, value](QueueSettings& settings) { set(settings, value); };
}

Outcome<SettingsChange> parse_truth(std::string_view name, std::string_view text) {
    if (!net::iequals(text, "true") && !net::iequals(text, "false")) return invalid(name);
    return [on = net::iequals(text, "true")](QueueSettings& settings) { settings.sqs_managed_sse = on; };
}

template <class Policy>
Outcome<SettingsChange> change_to(Outcome<std::optional<Policy>> parsed,
                                  std::optional<Policy> QueueSettings::* const member) {
    if (!parsed) return refuse(std::move(parsed).error());
    return [policy = *std::move(parsed), member](QueueSettings& settings) { settings.*member = policy; };
}

Outcome<SettingsChange> parse_text(std::string_view name, const std::string& text, const queue::QueueScope& scope) {
    if (name == "RedrivePolicy") return change_to(parse_redrive_policy(text, scope), &QueueSettings::redrive);
    if (name == "RedriveAllowPolicy") {
        return change_to(parse_redrive_allow_policy(text), &QueueSettings::redrive_allow);
    }
    if (name == "SqsManagedSseEnabled") return parse_truth(name, text);
    if (name == "KmsMasterKeyId") {
        return [text](QueueSettings& settings) { settings.kms_master_key_id = text; };
    }
    return [text](QueueSettings& settings) { settings.policy = text; };
}

std::unexpected<SqsError> unknown(std::string_view name) {
    return refuse(Fault::invalid_attribute_name, fmt::format("Unknown Attribute {}.", shown(name)));
}

Outcome<SettingsChange> parse_attribute(std::string_view name, const std::string& text,
                                        const queue::QueueScope& scope) {
    if (const auto* const number = number_attribute(name)) return parse_number(*number, text);
    if (is_one_of(text_attributes, name)) return parse_text(name, text, scope);
    if (name == "FifoQueue" && !net::iequals(text, "false")) {
        return refuse(Fault::unsupported_operation, "FIFO queues are not supported by this server yet.");
    }
    if (is_one_of(fifo_attributes, name)) {
        return refuse(Fault::invalid_attribute_name,
                      fmt::format("You can specify the {} only when FifoQueue is set to true.", name));
    }
    return unknown(name);
}

std::string seconds_since_1970(WallTime at) { return std::to_string(to_unix_ms(at) / 1000); }

TextMap all_attributes(const queue::QueueRecord& record, const queue::QueueCounts& counts) {
    TextMap all;
    const auto& settings = record.settings;
    for (const auto& number : numbers) all.emplace(number.name, std::to_string(number.get(settings)));
    if (settings.kms_master_key_id.empty()) {
        all.erase("KmsDataKeyReusePeriodSeconds");
    } else {
        all.emplace("KmsMasterKeyId", settings.kms_master_key_id);
    }
    all.emplace("SqsManagedSseEnabled", settings.sqs_managed_sse ? "true" : "false");
    if (!settings.policy.empty()) all.emplace("Policy", settings.policy);
    if (settings.redrive) all.emplace("RedrivePolicy", to_json(*settings.redrive, record.name.scope));
    if (settings.redrive_allow) all.emplace("RedriveAllowPolicy", to_json(*settings.redrive_allow));
    all.emplace("QueueArn", queue::to_arn(record.name));
    all.emplace("CreatedTimestamp", seconds_since_1970(record.created_at));
    all.emplace("LastModifiedTimestamp", seconds_since_1970(record.modified_at));
    all.emplace("ApproximateNumberOfMessages", std::to_string(counts.visible));
    all.emplace("ApproximateNumberOfMessagesNotVisible", std::to_string(counts.in_flight));
    all.emplace("ApproximateNumberOfMessagesDelayed", std::to_string(counts.delayed));
    return all;
}

}  // namespace

bool is_queue_attribute(std::string_view name) {
    return number_attribute(name) != nullptr || is_one_of(fifo_attributes, name) || is_one_of(text_attributes, name) ||
           is_one_of(told_attributes, name);
}

Outcome<SettingsChanges> parse_attributes(const TextMap& attributes, const queue::QueueScope& scope) {
    SettingsChanges changes;
    for (const auto& [name, text] : attributes) {
        auto change = parse_attribute(name, text, scope);
        if (!change) return refuse(std::move(change).error());
        changes.emplace(name, *std::move(change));
    }
    return changes;
}

QueueSettings with_changes(QueueSettings settings, const SettingsChanges& changes) {
    for (const auto& [name, change] : changes) change(settings);
    return settings;
}

Outcome<TextMap> attributes_of(const queue::QueueRecord& record, const queue::QueueCounts& counts,
                               const std::vector<std::string>& names) {
    auto all = all_attributes(record, counts);
    TextMap wanted;
    for (const auto& name : names) {
        if (name == "All") return all;
        if (!is_queue_attribute(name)) return unknown(name);
        if (const auto place = all.find(name); place != all.end()) wanted.insert(*place);
    }
    return wanted;
}

}  // namespace orderflow::sqs
