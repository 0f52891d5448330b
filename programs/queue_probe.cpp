#include "programs/queue_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "libs/async/sleep.hpp"

namespace orderflow {
namespace {

struct Asked {
    Asked(Executor& timers, std::size_t count) : one_more(timers), answers(count), left(count) {}
    Signal one_more;
    std::vector<std::optional<Result<orders::QueueCounts>>> answers;
    std::size_t left;
};

// The queue outlives it: it outlives the loop's work.
task<void> ask(orders::MessageQueue& queue, std::shared_ptr<Asked> asked, std::size_t place) {
    asked->answers[place].emplace(co_await queue.counts());
    --asked->left;
    asked->one_more.notify();
}

std::optional<Error> wrong_with(const std::optional<Result<orders::QueueCounts>>& answer) {
    if (!answer) return Error(ErrorKind::unavailable, "queue.no_answer", "it did not answer in time");
    if (!*answer) return answer->error();
    return std::nullopt;
}

}  // namespace

task<std::vector<QueueAnswer>> ask_queues(Spawner spawn, Executor& timers, std::vector<NamedQueue> queues,
                                          Instant until) {
    const auto asked = std::make_shared<Asked>(timers, queues.size());
    for (std::size_t i = 0; i < queues.size(); ++i) spawn(ask(queues[i].queue, asked, i));
    while (asked->left > 0 && co_await asked->one_more.wait_until(until) == Woken::by_signal) {
    }
    std::vector<QueueAnswer> answers;
    for (std::size_t i = 0; i < queues.size(); ++i) {
        answers.push_back({std::move(queues[i].name), wrong_with(asked->answers[i])});
    }
    co_return answers;
}

bool all_well(const std::vector<QueueAnswer>& answers) {
    return std::ranges::none_of(answers, [](const QueueAnswer& one) { return one.wrong.has_value(); });
}

std::string to_text(const std::vector<QueueAnswer>& answers) {
    std::string text;
    for (const auto& [name, wrong] : answers) {
        text += fmt::format("  {:<16} {}\n", name, wrong ? wrong->code() + ": " + wrong->detail() : "answers");
    }
    return text;
}

}  // namespace orderflow
