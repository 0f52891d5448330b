// A message move task: the messages of a dead-letter queue go back to where they failed, or to a queue that is named.
//
// It moves what is visible and stood in the source when it started, the oldest first; what is delayed or in flight then
// is passed over unless it becomes visible while the task runs, and what arrives later stays. It is completed when
// nothing of that is left. A message that cannot go anywhere fails the task; it and those behind it stay.
//
// A moved message is a new arrival: its receive count starts again and it has no dead-letter source. Id and sent time
// stay, and so does the retention that counts from it. AWS: "The redrive task resets the retention period. All redriven
// messages are considered new messages with a new messageID and enqueueTime" (Amazon SQS Developer Guide, "Learn how to
// configure a dead-letter queue redrive").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "queue-service/engine/message.hpp"
#include "queue-service/engine/queue_name.hpp"

namespace orderflow::queue {

// In the order in which tasks were started. Never used again while a later one is known.
enum class MoveTaskNo : std::uint64_t {};

// The numbers are those of the journal.
enum class MoveStatus : std::uint8_t { running = 0, completed = 1, cancelling = 2, cancelled = 3, failed = 4 };

// "RUNNING", "COMPLETED", "CANCELLING", "CANCELLED", "FAILED": as Amazon SQS names them.
std::string_view to_string(MoveStatus status);

// What is asked for.
struct MoveOrder {
    std::optional<QueueNo> destination = std::nullopt;  // each message's own source when absent
    std::optional<std::uint32_t> rate = std::nullopt;   // messages per second, 1 to 500; as fast as goes when absent
};

struct MoveTask {
    MoveTaskNo no{};
    MessageId id{};  // random; part of the handle
    QueueNo source{};
    MoveOrder order{};
    std::string destination_name{};  // in the scope of the source; empty when there is none
    std::uint64_t through = 0;       // the last sequence that belongs to it
    std::uint64_t to_move = 0;       // visible messages when it started
    std::uint64_t moved = 0;
    MoveStatus status = MoveStatus::running;
    std::string failure_reason{};  // of a failed task
    WallTime started_at{};

    bool is_active() const noexcept { return status == MoveStatus::running || status == MoveStatus::cancelling; }
};

// Reasons of a failure, in the words of Amazon SQS.
inline constexpr std::string_view move_failed_no_source = "CouldNotDetermineMessageSource";
inline constexpr std::string_view move_failed_no_queue = "AWS.SimpleQueueService.NonExistentQueue";

// The handle of a task: text that carries its id and its source.
std::string to_task_handle(const MessageId& id, const QueueName& source);
struct TaskName {
    std::string id;  // text of MoveTask::id
    QueueName source;
};
// invalid_input "queue.task_handle_invalid".
Result<TaskName> parse_task_handle(std::string_view handle);

// A task with the names that a caller shows.
struct MoveTaskReport {
    MoveTask task;
    std::string handle;
    QueueName source;
    std::optional<QueueName> destination;
};

}  // namespace orderflow::queue
