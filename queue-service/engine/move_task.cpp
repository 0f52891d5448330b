#include "queue-service/engine/move_task.hpp"

#include <algorithm>

namespace orderflow::queue {
namespace {

constexpr std::size_t id_length = 36;  // of a UUID as text

bool is_id_character(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-'; }

}  // namespace

std::string_view to_string(MoveStatus status) {
    switch (status) {
        case MoveStatus::running: return "RUNNING";
        case MoveStatus::completed: return "COMPLETED";
        case MoveStatus::cancelling: return "CANCELLING";
        case MoveStatus::cancelled: return "CANCELLED";
        case MoveStatus::failed: return "FAILED";
    }
    return "FAILED";
}

std::string to_task_handle(const MessageId& id, const QueueName& source) { return id.text() + ":" + to_arn(source); }

Result<TaskName> parse_task_handle(std::string_view handle) {
    const auto id = handle.substr(0, id_length);
    const auto source = handle.size() > id_length ? parse_arn(handle.substr(id_length + 1)) : parse_arn({});
    if (!source || handle[id_length] != ':' || !std::ranges::all_of(id, is_id_character)) {
        return fail(ErrorKind::invalid_input, "queue.task_handle_invalid");
    }
    return TaskName{.id = std::string(id), .source = *source};
}

}  // namespace orderflow::queue
