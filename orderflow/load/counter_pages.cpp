#include "orderflow/load/counter_pages.hpp"

#include <algorithm>

namespace orderflow::load {

CounterPages::CounterPages(boost::asio::io_context& loop, const std::vector<MetricsPage>& pages, const Clock& clock,
                           std::chrono::milliseconds answer_within) {
    for (const auto& page : pages) polls_.push_back(std::make_unique<CounterPoll>(loop, page, clock, answer_within));
}

void CounterPages::ask() {
    for (const auto& poll : polls_) poll->ask();
}

void CounterPages::begin_anew() {
    for (const auto& poll : polls_) poll->begin_anew();
}

void CounterPages::expire_if_due(Instant now) {
    for (const auto& poll : polls_) poll->expire_if_due(now);
}

std::optional<ServerCounters> CounterPages::newest() const {
    ServerCounters all;
    for (const auto& poll : polls_) {
        if (!poll->newest()) return std::nullopt;
        all += *poll->newest();
    }
    return all;
}

std::uint64_t CounterPages::told() const {
    std::uint64_t fewest = polls_.front()->told();
    for (const auto& poll : polls_) fewest = std::min(fewest, poll->told());
    return fewest;
}

std::optional<std::uint64_t> CounterPages::since_start(std::optional<std::uint64_t> (CounterPoll::*count)()
                                                           const) const {
    std::optional<std::uint64_t> all;
    for (const auto& poll : polls_) {
        if (poll->server_restarted()) return std::nullopt;
        if (const auto counted = ((*poll).*count)()) all = all.value_or(0) + *counted;
    }
    return all;
}

}  // namespace orderflow::load
