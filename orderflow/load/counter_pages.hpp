// CounterPages: the counters of a system whose programs each have a page of their own, taken together.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "orderflow/load/counter_poll.hpp"
#include "orderflow/load/load_options.hpp"
#include "orderflow/load/server_counters.hpp"

namespace orderflow::load {

class CounterPages {
  public:
    // `loop` and `clock` outlive it; see HttpClient about the loop. At least one page.
    CounterPages(boost::asio::io_context& loop, const std::vector<MetricsPage>& pages, const Clock& clock,
                 std::chrono::milliseconds answer_within);

    // Asks each page unless its answer is still to come.
    void ask();
    // Every answer from now on was asked for from now on.
    void begin_anew();
    void expire_if_due(Instant now);

    // Of the newest answers, added up; nothing when one of them was none.
    std::optional<ServerCounters> newest() const;
    // Answers and failures so far, of the page that has given the fewest.
    std::uint64_t told() const;
    // Orders settled since the first answer; nothing when that cannot be told, or no more because a program that counts
    // them was started anew.
    std::optional<std::uint64_t> settled_since_start() const { return since_start(&CounterPoll::settled_since_start); }
    // Those of them that were rejected.
    std::optional<std::uint64_t> rejected_since_start() const {
        return since_start(&CounterPoll::rejected_since_start);
    }

  private:
    std::optional<std::uint64_t> since_start(std::optional<std::uint64_t> (CounterPoll::*count)() const) const;

    std::vector<std::unique_ptr<CounterPoll>> polls_;
};

}  // namespace orderflow::load
