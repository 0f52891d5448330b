// TenantShares: whose orders the last minute's were, so that a tenant that fills the backlog is the first to wait.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"

namespace orderflow::orders {

// Pure: time is an argument. Counts fade: after each `half_life` an order counts for half.
class TenantShares {
  public:
    static constexpr BootClock::duration half_life = 40s;
    static constexpr std::size_t tenants_max = 10'000;  // those that come later are not counted apart

    void accepted(std::string_view tenant, Instant now);

    // Whether the tenant has ordered more than an equal part of all. One that is alone never has.
    bool is_above_share(std::string_view tenant) const;

  private:
    void fade(Instant now);

    std::map<std::string, std::int64_t, std::less<>> thousandths_;
    std::int64_t total_ = 0;
    Instant faded_at_{};
};

}  // namespace orderflow::orders
