// scan_journal(): what the queues of a journal hold that no program has open, for an audit. Writes nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "queue-service/engine/message.hpp"
#include "queue-service/engine/queue_name.hpp"

namespace orderflow::queue {

struct ScannedQueue {
    QueueNo no{};
    QueueName name;
    std::uint64_t counter = 0;  // of messages, as the queue keeps it beside them
    // Messages, counted one by one.
    std::uint64_t visible = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t delayed = 0;
};

// `visit` gets every message with the place of its queue in the result; purged ones are passed over. Every row's
// checksum is verified. Errors: those of sqlite::open_at_rest() and of libs/sqlite/errors.hpp.
using VisitMessage = std::function<void(std::size_t queue, const Message& message)>;
Result<std::vector<ScannedQueue>> scan_journal(const std::string& path, WallTime now, const VisitMessage& visit);

}  // namespace orderflow::queue
