#include "worker-service/topic_declaration.hpp"

#include <utility>

#include "libs/async/sleep.hpp"

namespace orderflow::worker {

TopicDeclaration::TopicDeclaration(Parts parts, orders::LoopParts loop, DeclaredTopic topic)
    : parts_(parts), loop_(std::move(loop)), topic_(std::move(topic)), gate_(loop_.timers) {}

task<void> TopicDeclaration::stop(Instant deadline) {
    ask_to_stop();
    (void)co_await gate_.drain_until(deadline);
}

task<void> TopicDeclaration::run(Gate::Pass pass) {
    while (!stop_.stop_requested() && !co_await declare()) {
        co_await sleep_until(loop_.timers, loop_.clock.now() + again_after, stop_.get_token());
    }
}

// As the command of an operator, so that it leaves a record and the store has one way to make an endpoint. Of two
// workers that begin at the same time one makes it, and the other one's command is refused.
task<bool> TopicDeclaration::declare() {
    const auto known = co_await parts_.reader.endpoint(topic_.endpoint);
    if (!known) co_return failed(known.error());
    if (*known) co_return true;
    orders::CreateEndpoint wish;
    wish.settings.url = topic_.arn;
    wish.settings.mode = orders::ContentMode::structured;
    wish.settings.description = "The topic of ORDERFLOW_EVENTS_TOPIC_ARN.";
    orders::OperatorCommand command(topic_.command, orders::EndpointCommand(topic_.endpoint, std::move(wish)),
                                    loop_.clock.wall());
    command.by = "configuration";
    command.reason = "ORDERFLOW_EVENTS_TOPIC_ARN names this topic.";
    const auto step = co_await parts_.store.operate(std::move(command));
    if (!step) co_return failed(step.error());
    const auto made = co_await parts_.reader.endpoint(topic_.endpoint);
    if (!made) co_return failed(made.error());
    if (!*made) {
        // There are too many endpoints: the record of the command says so, and a person has to remove one.
        parts_.observer.store_failed("declare", Error(ErrorKind::conflict, "topic.not_declared"));
        co_return true;
    }
    parts_.observer.declared(topic_.endpoint);
    co_return true;
}

bool TopicDeclaration::failed(const Error& why) {
    parts_.observer.store_failed("declare", why);
    return false;
}

}  // namespace orderflow::worker
