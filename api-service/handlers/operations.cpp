#include "api-service/handlers/operations.hpp"

#include "api-service/problem_response.hpp"
#include "libs/async/answer_within.hpp"

namespace orderflow::api {
namespace {

net::Response not_ready(std::string why) { return problem(503, "not-ready", std::move(why)); }

}  // namespace

OperationsHandler::OperationsHandler(const ApiParts& parts, const IntakeLoops& loops, const std::atomic<Phase>& phase)
    : parts_(parts), phase_(phase) {
    for (const auto& intake : loops.all()) {
        const auto& loop = intake->loop();
        answers_.try_emplace(&loop.timers, loop.timers, loop.clock, answer_good_for,
                             [this, &loop] { return ask_parts(loop); });
    }
}

task<net::Response> OperationsHandler::alive(const net::Request& /*request*/) {
    co_return net::Response::json(200, R"({"status":"ok"})");
}

task<net::Response> OperationsHandler::ready(const net::Request& request) {
    switch (phase_.load()) {
        case Phase::starting: co_return not_ready("The service is starting.");
        case Phase::draining: co_return not_ready("The service is stopping.");
        case Phase::serving: break;
    }
    auto why = co_await answers_.at(request.loop).get();
    if (why) co_return not_ready(*std::move(why));
    co_return net::Response::json(200, R"({"status":"ready"})");
}

// The loop outlives it.
task<OperationsHandler::WhyNot> OperationsHandler::ask_parts(const orders::LoopParts& loop) const {
    const auto until = loop.clock.now() + probe_patience;
    const auto queue = co_await answer_within(loop.spawn, loop.timers, parts_.orders_queue.counts(), until);
    if (!queue || !*queue) co_return "The queue does not answer.";
    if ((*queue)->full) co_return "The queue has no room.";
    const auto store = co_await answer_within(loop.spawn, loop.timers, parts_.reader.find(orders::OrderId()), until);
    if (!store || !*store) co_return "The order store does not answer.";
    co_return std::nullopt;
}

task<net::Response> OperationsHandler::metrics(const net::Request& /*request*/) {
    co_return net::Response::of(200, "text/plain; version=0.0.4; charset=utf-8", parts_.metrics.render());
}

}  // namespace orderflow::api
