#include "queue-service/engine/queue_settings.hpp"

#include <algorithm>

namespace orderflow::queue {

namespace {

template <class T>
bool within(T value, T low, T high) {
    return value >= low && value <= high;
}

Result<void> refuse(std::string attribute) {
    return fail(ErrorKind::invalid_input, "queue.attribute_invalid", std::move(attribute));
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

Result<void> validate(const QueueSettings& settings) {
    using std::chrono::seconds;
    if (!within(settings.visibility_timeout, seconds(0), limits::visibility_timeout_max)) {
        return refuse("VisibilityTimeout");
    }
    if (!within(settings.delay, seconds(0), limits::delay_max)) return refuse("DelaySeconds");
    if (settings.retention != limits::retention_endless &&
        !within(settings.retention, limits::retention_min, limits::retention_max)) {
        return refuse("MessageRetentionPeriod");
    }
    if (!within(settings.receive_wait, seconds(0), limits::receive_wait_max)) {
        return refuse("ReceiveMessageWaitTimeSeconds");
    }
    if (!within(settings.maximum_message_size, limits::message_bytes_min, limits::message_bytes_max)) {
        return refuse("MaximumMessageSize");
    }
    if (settings.redrive && (!within(settings.redrive->max_receive_count, 1U, limits::max_receive_count_max) ||
                             !validate_queue_name(settings.redrive->dead_letter_queue))) {
        return refuse("RedrivePolicy");
    }
    return {};
}

Result<void> validate_queue_name(std::string_view name) {
    if (!within<std::size_t>(name.size(), 1, limits::queue_name_max) || !std::ranges::all_of(name, is_name_character)) {
        return fail(ErrorKind::invalid_input, "queue.name_invalid");
    }
    return {};
}

}  // namespace orderflow::queue
