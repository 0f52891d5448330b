// Every limit of the queue in one place, with its source. "AWS" means the Amazon SQS Developer Guide, pages "Amazon SQS
// standard queue quotas" and "Amazon SQS message quotas", or the API reference of the action that is named.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "libs/base/clock.hpp"

namespace orderflow::queue::limits {

// AWS CreateQueue: "up to 80 characters: alphanumeric characters, hyphens and underscores".
inline constexpr std::size_t queue_name_max = 80;
// Ours: of a region and of an account.
inline constexpr std::size_t scope_part_max = 64;

// AWS CreateQueue, VisibilityTimeout: 0 seconds to 12 hours, 30 seconds by default. ChangeMessageVisibility: the total
// since the receive may not pass 12 hours either.
inline constexpr std::chrono::seconds visibility_timeout_max = 12h;
inline constexpr std::chrono::seconds visibility_timeout_default = 30s;

// AWS CreateQueue and SendMessage, DelaySeconds: 0 to 15 minutes.
inline constexpr std::chrono::seconds delay_max = 15min;

// AWS CreateQueue, MessageRetentionPeriod: 60 seconds to 14 days, 4 days by default.
inline constexpr std::chrono::seconds retention_min = 60s;
inline constexpr std::chrono::seconds retention_max = 14 * 24h;
inline constexpr std::chrono::seconds retention_default = 4 * 24h;
// Not of AWS: messages stay until they are deleted, whatever the calendar says. For the queues of this program, where a
// message is a promise; a queue that others manage keeps to the limits above.
inline constexpr std::chrono::seconds retention_endless = 0s;

// AWS CreateQueue, ReceiveMessageWaitTimeSeconds: 0 to 20 seconds.
inline constexpr std::chrono::seconds receive_wait_max = 20s;

// AWS CreateQueue, MaximumMessageSize: 1 KiB to 1 MiB (body and attributes together), 1 MiB by default.
inline constexpr std::size_t message_bytes_min = 1024;
inline constexpr std::size_t message_bytes_max = 1024 * 1024;

// AWS SendMessageBatch and its siblings: 10 entries and 1 MiB a call. The wire protocol enforces it; the embedded port
// takes more, because there one call is one group for the journal.
inline constexpr std::size_t batch_entries_wire = 10;
inline constexpr std::size_t batch_bytes_wire = 1024 * 1024;
inline constexpr std::size_t batch_entries_max = 1000;
inline constexpr std::size_t batch_bytes_max = 4 * 1024 * 1024;

// AWS ReceiveMessage: at most 10. The embedded consumer takes up to batch_entries_max.
inline constexpr std::uint32_t receive_messages_wire = 10;
inline constexpr std::uint32_t receive_messages_max = 1000;
// Ours: no further message is added to an answer that has reached this size: ten of the largest.
inline constexpr std::size_t receive_bytes_max = 10 * message_bytes_max;

// AWS RedrivePolicy, maxReceiveCount: 1 to 1,000.
inline constexpr std::uint32_t max_receive_count_max = 1000;

// AWS CreateQueue, RedriveAllowPolicy: "You can specify up to 10 source queue ARNs".
inline constexpr std::size_t redrive_sources_max = 10;

// AWS, "Amazon SQS policy quotas": 8,192 bytes.
inline constexpr std::size_t policy_bytes_max = 8192;

// AWS KMS: a key id, an alias or an ARN of either, up to 2,048 characters.
inline constexpr std::size_t kms_key_id_max = 2048;
// AWS CreateQueue, KmsDataKeyReusePeriodSeconds: 60 seconds to 24 hours, 5 minutes by default.
inline constexpr std::chrono::seconds kms_data_key_reuse_min = 60s;
inline constexpr std::chrono::seconds kms_data_key_reuse_max = 24h;
inline constexpr std::chrono::seconds kms_data_key_reuse_default = 5min;

// AWS, "Amazon SQS cost allocation tags": 50 tags; "Tag your AWS resources": a key has up to 128, a value up to 256
// characters.
inline constexpr std::size_t tags_max = 50;
inline constexpr std::size_t tag_key_max = 128;
inline constexpr std::size_t tag_value_max = 256;

// AWS PurgeQueue: "Only one PurgeQueue operation on a queue is allowed every 60 seconds."
inline constexpr std::chrono::seconds purge_cooldown = 60s;
// AWS DeleteQueue: "When you delete a queue, you must wait at least 60 seconds before creating a queue with the same
// name."
inline constexpr std::chrono::seconds name_cooldown = 60s;

// AWS StartMessageMoveTask, MaxNumberOfMessagesPerSecond: at most 500. ListMessageMoveTasks: the most recent 10.
inline constexpr std::uint32_t move_rate_max = 500;
inline constexpr std::size_t move_tasks_kept = 10;
// Ours: a task with a rate moves several messages at a time, at most so often in a second.
inline constexpr std::uint32_t move_steps_per_second = 10;

// AWS: "for most standard queues there can be a maximum of approximately 120,000 in flight messages".
inline constexpr std::size_t in_flight_max = 120'000;

// Ours: what one queue keeps of its backlog in memory. A page is read again when less than half is left: about 1 ms for
// 1,000 rows, once in 1,000 messages.
inline constexpr std::size_t window_messages = 2048;
inline constexpr std::size_t window_bytes = 2 * 1024 * 1024;

// Ours: one operation removes at most this many expired messages, or moves as many spent ones to the dead-letter queue;
// the next step goes on. So a million of them does not hold the journal's writer up (1,000 cost a few milliseconds).
inline constexpr std::size_t chore_chunk = 1000;

// Ours: how often a queue is swept for expired messages. A receive never hands one out, whatever this is.
inline constexpr std::chrono::seconds expiry_sweep_interval = 30s;

}  // namespace orderflow::queue::limits
