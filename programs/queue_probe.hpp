// Whether queues answer: for --check and for /readyz.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/async/spawner.hpp"
#include "libs/base/executor.hpp"
#include "libs/orders/ports/message_queue.hpp"

namespace orderflow {

struct NamedQueue {
    std::string name;
    orders::MessageQueue& queue;
};

struct QueueAnswer {
    std::string name;
    std::optional<Error> wrong;  // nothing: it answers
};

// Asks all at the same time, and has an answer for each, in their order, at `until` at the latest: unavailable
// "queue.no_answer" for one that has said nothing. `spawn` and `timers` are of the loop that awaits it; the queues
// outlive that loop's work.
task<std::vector<QueueAnswer>> ask_queues(Spawner spawn, Executor& timers, std::vector<NamedQueue> queues,
                                          Instant until);

// Of --check, for all queues together: with its start and its end the check takes less than 10 s, whatever they do.
inline constexpr BootClock::duration check_time = 8s;

bool all_well(const std::vector<QueueAnswer>& answers);
// One line for each, for people.
std::string to_text(const std::vector<QueueAnswer>& answers);

}  // namespace orderflow
