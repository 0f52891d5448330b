// What the owner of a queue can set: the attributes of Amazon SQS.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/result.hpp"
#include "queue-service/engine/limits.hpp"
#include "queue-service/engine/queue_name.hpp"

namespace orderflow::queue {

// A message that was received `max_receive_count` times without being deleted moves to `dead_letter_queue`, a queue of
// the same scope, on the receive that would be the next one. While that queue does not exist the message stays and is
// delivered again.
struct RedrivePolicy {
    std::string dead_letter_queue;
    std::uint32_t max_receive_count = 0;

    friend bool operator==(const RedrivePolicy&, const RedrivePolicy&) = default;
};

// Who may name this queue as a dead-letter queue, among the queues of its scope. Checked when a queue that would name
// it is created or changed; those that name it already go on.
struct RedriveAllowPolicy {
    enum class Permission : std::uint8_t { allow_all = 0, deny_all = 1, by_queue = 2 };  // numbers of the journal

    Permission permission = Permission::allow_all;
    std::vector<QueueName> sources{};  // of by_queue: 1 to 10; else empty

    bool allows(const QueueName& source) const;
    friend bool operator==(const RedriveAllowPolicy&, const RedriveAllowPolicy&) = default;
};

struct QueueSettings {
    std::chrono::seconds visibility_timeout = limits::visibility_timeout_default;
    std::chrono::seconds delay{0};
    std::chrono::seconds retention = limits::retention_default;
    std::chrono::seconds receive_wait{0};
    std::size_t maximum_message_size = limits::message_bytes_max;
    std::optional<RedrivePolicy> redrive = std::nullopt;
    std::optional<RedriveAllowPolicy> redrive_allow = std::nullopt;
    // Kept as they were given, without effect here.
    std::string policy{};  // JSON; empty: none
    std::string kms_master_key_id{};
    std::chrono::seconds kms_data_key_reuse = limits::kms_data_key_reuse_default;
    bool sqs_managed_sse = true;

    friend bool operator==(const QueueSettings&, const QueueSettings&) = default;
};

// invalid_input "queue.attribute_invalid"; the detail names the attribute as Amazon SQS does.
Result<void> validate(const QueueSettings& settings);

}  // namespace orderflow::queue
