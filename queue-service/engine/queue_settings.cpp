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

// The scope plays no part: a policy names queues of its own.
bool is_queue_name(const std::string& name) { return validate(QueueName{default_scope(), name}).has_value(); }

bool is_consistent(const RedriveAllowPolicy& policy) {
    const auto count = policy.sources.size();
    const bool by_queue = policy.permission == RedriveAllowPolicy::Permission::by_queue;
    return by_queue ? within<std::size_t>(count, 1, limits::redrive_sources_max) : count == 0;
}

}  // namespace

bool RedriveAllowPolicy::allows(const QueueName& source) const {
    switch (permission) {
        case Permission::allow_all: return true;
        case Permission::deny_all: return false;
        case Permission::by_queue: return std::ranges::find(sources, source) != sources.end();
    }
    return false;
}

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
                             !is_queue_name(settings.redrive->dead_letter_queue))) {
        return refuse("RedrivePolicy");
    }
    if (settings.redrive_allow && !is_consistent(*settings.redrive_allow)) return refuse("RedriveAllowPolicy");
    if (settings.policy.size() > limits::policy_bytes_max) return refuse("Policy");
    if (settings.kms_master_key_id.size() > limits::kms_key_id_max) return refuse("KmsMasterKeyId");
    if (!within(settings.kms_data_key_reuse, limits::kms_data_key_reuse_min, limits::kms_data_key_reuse_max)) {
        return refuse("KmsDataKeyReusePeriodSeconds");
    }
    return {};
}

}  // namespace orderflow::queue
