// SnsEventSender: the port EventSender on one topic of Amazon SNS: events that are sent together share a call. The
// first one waits a moment for company; a full call goes at once.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "libs/async/completion.hpp"
#include "libs/async/spawner.hpp"
#include "libs/aws/sns_topic.hpp"
#include "libs/orders/ports/event_sender.hpp"

namespace orderflow::aws {

// What a topic gets of an event: its body as it is; attributes "event_type", "order_status" and "tenant", of those that
// are known, for the filter policies of subscriptions, and "traceparent" of one that is traced; on a FIFO topic the
// order as group and the event's id for deduplication. Pure.
SnsMessage message_of(orders::OutgoingEvent event);

// What the answer of SNS means to the dispatcher. Pure. `status` is 200 for a message that SNS took, else 0; `head`
// says the id that it gave the message, or the error.
orders::SendAnswer answer_of(const Result<std::string>& published);

// For the loop of `spawn`, which is the transport's. Outlives the loop's work.
class SnsEventSender final : public orders::EventSender {
  public:
    SnsEventSender(Spawner spawn, AwsCaller::Parts parts, SnsEndpoint endpoint, AwsRetryPolicy policy = {});

    // This topic alone: what else the store names is not this worker's to publish to.
    bool serves(const orders::EventEndpoint& endpoint) const override;

    // Codes: those of SnsTopic::publish(), and "topic.not_configured" for another endpoint.
    task<orders::SendAnswer> send(orders::EventEndpoint endpoint, orders::OutgoingEvent event, Instant deadline,
                                  std::stop_token stop) override;

  private:
    struct Waiting {
        SnsMessage message;
        Instant deadline;
        std::stop_token stop;
        Completion<orders::SendAnswer> done;
    };
    task<void> gather();
    void flush();
    task<void> publish(std::vector<Waiting> batch);

    Spawner spawn_;
    Executor& timers_;
    const Clock& clock_;
    SnsTopic topic_;
    std::deque<Waiting> waiting_;
    bool gathering_ = false;
};

}  // namespace orderflow::aws
