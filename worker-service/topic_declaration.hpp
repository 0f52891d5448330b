// TopicDeclaration: makes the endpoint of the topic that the configuration names, once, when there is none. Operators
// do everything else to it (pause, filter, replay, remove), as to a webhook. (docs/adr/0023-topic.md)
#pragma once

#include <stop_token>
#include <string>

#include "libs/async/gate.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/operator_store.hpp"
#include "worker-service/dispatch_observer.hpp"

namespace orderflow::worker {

struct DeclaredTopic {
    std::string endpoint;  // id: the same for one topic in every worker
    std::string arn;
    std::string command;  // id of the command that makes it: another in each run of a program
};

// For one loop; everything it is given outlives it.
class TopicDeclaration {
  public:
    static constexpr BootClock::duration again_after = 5s;

    struct Parts {
        orders::EndpointReader& reader;
        orders::OperatorStore& store;
        DispatchObserver& observer;
    };
    TopicDeclaration(Parts parts, orders::LoopParts loop, DeclaredTopic topic);
    TopicDeclaration(const TopicDeclaration&) = delete;
    TopicDeclaration& operator=(const TopicDeclaration&) = delete;

    // Once. Goes on until the store has answered. The endpoint gets what is committed from then on.
    void start() { loop_.spawn(run(gate_.enter())); }
    void ask_to_stop() { stop_.request_stop(); }
    // ask_to_stop(), then waits until nothing of it runs any more, or until the deadline.
    task<void> stop(Instant deadline);

  private:
    task<void> run(Gate::Pass pass);
    // False: the store did not answer.
    task<bool> declare();
    bool failed(const Error& why);

    Parts parts_;
    orders::LoopParts loop_;
    DeclaredTopic topic_;
    std::stop_source stop_;
    Gate gate_;
};

}  // namespace orderflow::worker
