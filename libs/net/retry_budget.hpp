// RetryBudget: how many requests may be repeated. When a service fails for everybody, retries would double its load:
// a budget lets few through then, and all while failures are rare.
// Source: the "standard" retry mode of the AWS SDKs ("Retry behavior" in the AWS SDKs and Tools Reference Guide).
#pragma once

#include <algorithm>

namespace orderflow::net {

// For one thread.
class RetryBudget {
  public:
    static constexpr int capacity = 500;
    static constexpr int cost = 5;
    static constexpr int cost_of_time_out = 10;
    static constexpr int gain = 1;  // of a request that succeeded at once

    // False: not enough is left, the request must not be repeated.
    bool take(int tokens) noexcept {
        if (tokens > left_) return false;
        left_ -= tokens;
        return true;
    }
    // A request succeeded; `taken` is what its last repetition took, 0 for none.
    void give_back(int taken) noexcept { left_ = std::min(capacity, left_ + (taken > 0 ? taken : gain)); }

    int left() const noexcept { return left_; }

  private:
    int left_ = capacity;
};

}  // namespace orderflow::net
