// The three queues of the system, in one journal inside this process.
#pragma once

#include <memory>
#include <string>

#include "libs/base/executor.hpp"
#include "libs/base/result.hpp"
#include "queue-service/journal/durable_queues.hpp"
#include "queue-service/journal/embedded_message_queue.hpp"

namespace orderflow {

struct EmbeddedQueues {
    std::unique_ptr<queue::DurableQueues> journal;  // first: the queues refer to it
    std::unique_ptr<queue::EmbeddedMessageQueue> orders;
    std::unique_ptr<queue::EmbeddedMessageQueue> commands;
    std::unique_ptr<queue::EmbeddedMessageQueue> dead_letters;  // of both
};

// What `orders` and `orders-commands` are created with, and `orders-dlq`.
queue::QueueSettings working_queue_settings();
queue::QueueSettings dead_letter_queue_settings();

struct EmbeddedQueuesOptions {
    std::string path;                   // of the journal
    bool cooldowns = true;              // the 60 s rules of purging and creating again, for queues that others make
    BootClock::duration tell_every{0};  // CommitterOptions::tell_every
};

// Opens the journal and creates the queues that are not there: `orders`, `orders-commands`, `orders-dlq`. Blocks; all
// references outlive the result. `observer` may be null.
Result<EmbeddedQueues> open_embedded_queues(const EmbeddedQueuesOptions& options, Executor& writer, const Clock& clock,
                                            Entropy& entropy, queue::JournalObserver* observer);

}  // namespace orderflow
