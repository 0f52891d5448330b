#include "libs/orders/application/intake/tenant_shares.hpp"

#include <algorithm>

namespace orderflow::orders {
namespace {

constexpr std::int64_t one_order = 1000;
constexpr std::int64_t forgotten_below = one_order / 2;
constexpr std::int64_t halvings_max = 62;  // nothing is left then

}  // namespace

void TenantShares::accepted(std::string_view tenant, Instant now) {
    if (now - faded_at_ >= half_life) fade(now);
    const auto known = thousandths_.find(tenant);
    if (known != thousandths_.end()) {
        known->second += one_order;
    } else if (thousandths_.size() < tenants_max) {
        thousandths_.emplace(tenant, one_order);
    }
    total_ += one_order;
}

// Shares do not change by fading, so no time is needed.
bool TenantShares::is_above_share(std::string_view tenant) const {
    const auto known = thousandths_.find(tenant);
    if (known == thousandths_.end() || thousandths_.size() < 2) return false;
    return known->second > total_ / static_cast<std::int64_t>(thousandths_.size());
}

void TenantShares::fade(Instant now) {
    const auto halvings = (now - faded_at_) / half_life;
    faded_at_ += halvings * half_life;
    for (auto& [tenant, count] : thousandths_) count >>= std::min(halvings, halvings_max);
    std::erase_if(thousandths_, [](const auto& entry) { return entry.second < forgotten_below; });
    total_ = 0;
    for (const auto& [tenant, count] : thousandths_) total_ += count;
}

}  // namespace orderflow::orders
