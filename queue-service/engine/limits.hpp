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
