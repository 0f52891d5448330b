// QueueDirectory: from the name in a request to the queue, without asking the journal's writer each time.
//
// A number is never used for another queue, so what is remembered here can be outdated but never wrong: the engine
// refuses the number of a queue that is gone, and then the name is looked up again by the next request.
#pragma once

#include <map>
#include <mutex>

#include "queue-service/journal/durable_queues.hpp"
#include "queue-service/protocol/sqs_call.hpp"

namespace orderflow::sqs {

// Any thread.
class QueueDirectory {
  public:
    // `queues` outlives the directory.
    explicit QueueDirectory(queue::DurableQueues& queues) : queues_(queues) {}

    queue::DurableQueues& queues() noexcept { return queues_; }

    // parse_queue_url(), and QueueDoesNotExist when there is no such queue.
    task<Outcome<queue::QueueNo>> find(SqsCall call, std::string url);
    task<Outcome<queue::QueueNo>> find(queue::QueueName name);

    // What the engine refused, as an error of the protocol. Forgets a queue that is gone.
    SqsError refused(queue::QueueNo queue, const Error& error);
    void forget(queue::QueueNo queue);

  private:
    queue::DurableQueues& queues_;
    std::mutex mutex_;
    std::map<queue::QueueName, queue::QueueNo> known_;
};

}  // namespace orderflow::sqs
