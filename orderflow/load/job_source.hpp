// JobSource: what the next request of a run is about: a new order, one whose outcome is unknown, or something about an
// order that was acknowledged.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>

#include "orderflow/load/attempt_book.hpp"
#include "orderflow/load/mix.hpp"
#include "orderflow/load/split_mix.hpp"

namespace orderflow::load {

class JobSource {
  public:
    // `orders_max`: new orders; 0: no limit.
    JobSource(std::uint64_t seed, const Mix& mix, std::uint64_t orders_max)
        : mix_(mix), orders_max_(orders_max), dice_(seed, 0) {}

    // Replaces `job`; false when there is no other request to send.
    bool next(Job& job);
    // Only requests whose outcome is unknown, once no new ones are to be sent.
    bool next_retry(Job& job);

    // Half of them are sent again: a client that gives up is a client too. `again` is true for a request that has to
    // be sent in any case, as it did not leave.
    void outcome_unknown(const Job& job, bool again);
    void acknowledged(std::uint64_t number, std::string_view order_id);

  private:
    struct Known {
        std::uint64_t number = 0;
        std::string order_id;
    };
    static constexpr std::size_t known_max = 1024;

    bool about_a_known_order(Job& job);

    Mix mix_;
    std::uint64_t orders_max_;
    SplitMix64 dice_;
    std::uint64_t next_number_ = 1;
    std::deque<Job> retries_;
    std::array<Known, known_max> known_;  // the newest, in a ring
    std::uint64_t known_count_ = 0;
};

}  // namespace orderflow::load
