// What the owner of a queue can set; the attributes of Amazon SQS that change what the engine does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.hpp"
#include "queue-service/engine/limits.hpp"

namespace orderflow::queue {

// A message that was received `max_receive_count` times without being deleted moves to `dead_letter_queue` on the
// receive that would be the next one. While that queue does not exist the message stays and is delivered again.
struct RedrivePolicy {
    std::string dead_letter_queue;
    std::uint32_t max_receive_count = 0;

    friend bool operator==(const RedrivePolicy&, const RedrivePolicy&) = default;
};

struct QueueSettings {
    std::chrono::seconds visibility_timeout = limits::visibility_timeout_default;
    std::chrono::seconds delay{0};
    std::chrono::seconds retention = limits::retention_default;
    std::chrono::seconds receive_wait{0};
    std::size_t maximum_message_size = limits::message_bytes_max;
    std::optional<RedrivePolicy> redrive = std::nullopt;

    friend bool operator==(const QueueSettings&, const QueueSettings&) = default;
};

// invalid_input "queue.attribute_invalid"; the detail names the attribute as Amazon SQS does.
Result<void> validate(const QueueSettings& settings);

// invalid_input "queue.name_invalid". Names that end in ".fifo" are refused by the same rule: this is a standard queue.
Result<void> validate_queue_name(std::string_view name);

}  // namespace orderflow::queue
