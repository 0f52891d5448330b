// Declared queues against those that are stored: what would change, and the change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/observe/log.hpp"
#include "programs/declared_queues.hpp"
#include "queue-service/journal/durable_queues.hpp"

namespace orderflow {

struct PlannedQueue {
    queue::QueueName name;
    std::optional<queue::QueueNo> stored;  // nothing: to be made
    queue::QueueSettings settings;         // as they will be
    std::vector<std::string> changes;      // of a queue that is stored; empty: it is as declared
};

// Reads what is stored. Blocks. Errors of the journal.
Result<std::vector<PlannedQueue>> plan_queues(queue::DurableQueues& queues, const std::vector<DeclaredQueue>& declared,
                                              const std::string& account);

// The same when nothing is stored: all are to be made. Pure.
std::vector<PlannedQueue> plan_new_queues(const std::vector<DeclaredQueue>& declared, const std::string& account);

// Makes and changes what the plan says. Blocks; each step is durable, and the next start goes on where one ended.
// Errors of the journal and its engine, with the queue in the detail: conflict "queue.deleted_recently" within 60 s
// after somebody deleted it.
Result<void> declare_queues(queue::DurableQueues& queues, const std::vector<PlannedQueue>& plan);

// What was made and changed, a line each; a change as a warning, since it may surprise.
void log_plan(const observe::Logger& log, const std::vector<PlannedQueue>& plan);

// One line for each queue, for people.
std::string to_text(const std::vector<PlannedQueue>& plan);

}  // namespace orderflow
