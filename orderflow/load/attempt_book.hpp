// AttemptBook: what became of every attempt: counts, latencies, the lines of the ledger.
#pragma once

#include <string_view>

#include "libs/audit/history.hpp"
#include "libs/net/http_client.hpp"
#include "orderflow/load/ledger_file.hpp"
#include "orderflow/load/load_result.hpp"
#include "orderflow/load/order_plan.hpp"

namespace orderflow::load {

// What one request is about.
struct Job {
    enum class Kind : std::uint8_t {
        place,  // an order for the first time
        retry,  // the same request again, because its outcome is unknown
        again,  // the same request again, although it was acknowledged
        reuse,  // its key with other content
        cancel,
    };
    Kind kind = Kind::place;
    std::uint64_t number = 0;  // of the order
    std::string order_id;      // of a cancel
};

class AttemptBook {
  public:
    // `planner` and `ledger` (null: none) outlive it.
    AttemptBook(const OrderPlanner& planner, LedgerWriter* ledger) : planner_(planner), ledger_(ledger) {}

    struct Times {
        WallTime start{};
        WallTime end{};
        LatencyHistogram::Duration latency{};
    };
    // `body`: as sent, for the ledger.
    void answered(const Job& job, const net::HttpAnswer& answer, std::string_view body, const Times& times);
    void failed(const Job& job, net::HttpFailure failure, std::string_view body, const Times& times);

    const LoadCounts& counts() const { return counts_; }
    const LatencyHistogram& latency() const { return latency_; }
    // Of the answers since the last call.
    LatencyHistogram take_recent();

  private:
    void count(const Job& job, const net::HttpAnswer& answer, audit::Outcome outcome);
    void write(const Job& job, int status, audit::Outcome outcome, std::string_view id, std::string_view body,
               const Times& times);

    const OrderPlanner& planner_;
    LedgerWriter* ledger_;
    LoadCounts counts_;
    LatencyHistogram latency_;
    LatencyHistogram recent_;
    audit::Attempt line_;  // its memory is kept
};

}  // namespace orderflow::load
