// QueueMover: sends what waits in a queue of a journal to a queue of Amazon SQS.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "libs/aws/sqs_caller.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "libs/net/runtime.hpp"
#include "programs/sqs_queues.hpp"
#include "queue-service/journal/journal_reader.hpp"

namespace orderflow {

class QueueMover {
  public:
    // All outlive it; the loop runs.
    QueueMover(net::Runtime& loop, const Clock& clock, SqsQueues& target)
        : loop_(loop), clock_(clock), target_(target) {}

    // Everything behind `after`, in the order of arrival, some hundred at the same time. `acknowledged` is told when
    // all up to a place are on the queue there; its error ends the move. After an error what was told stands, and more
    // may be there: sent again, it does no harm, because each message names its order or its command. Blocks.
    //
    // Errors: those of JournalReader::read(), SqsCaller::call() and `acknowledged`; "sqs.attributes_damaged".
    using Acknowledged = std::function<Result<void>(std::uint64_t through, std::uint64_t messages)>;
    Result<void> move(queue::JournalReader& journal, const queue::ReadableQueue& from, const std::string& to,
                      std::uint64_t after, const Acknowledged& acknowledged);

  private:
    Result<void> send_page(aws::SqsCaller& caller, std::vector<queue::WaitingMessage> page);

    net::Runtime& loop_;
    const Clock& clock_;
    SqsQueues& target_;
};

}  // namespace orderflow
