#include "orderflow/load/order_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "libs/base/invariant.hpp"

namespace orderflow::load {
namespace {

constexpr std::uint64_t percent = 100;
constexpr std::uint64_t quantity_max = 3;
constexpr std::int64_t quantity_of_other_content = 7;

// Takes the next `share` of a hundred off `dice`.
bool falls_in(int& dice, int share) {
    dice -= share;
    return dice < 0;
}

}  // namespace

OrderPlanner::OrderPlanner(std::uint64_t seed, const Mix& mix, std::vector<std::string> skus,
                           std::optional<std::string> flash_sale)
    : seed_(seed),
      mix_(mix),
      skus_(std::move(skus)),
      flash_sale_(std::move(flash_sale)),
      key_prefix_(fmt::format("load-{:016x}-", seed)) {
    ORDERFLOW_INVARIANT(!skus_.empty());
}

void OrderPlanner::append_key(std::uint64_t number, std::string& out) const {
    out += key_prefix_;
    fmt::format_to(std::back_inserter(out), "{}", number);
}

OrderPlan OrderPlanner::plan(std::uint64_t number, bool other) const {
    SplitMix64 random(seed_, number);
    OrderPlan plan;
    plan.number = number;
    choose_kind(random, plan);
    plan.currency = order_currencies[random.below(order_currencies.size())];
    choose_lines(random, other, plan);
    plan.details = random;
    return plan;
}

void OrderPlanner::choose_kind(SplitMix64& random, OrderPlan& plan) const {
    auto dice = static_cast<int>(random.below(percent));
    plan.bad = falls_in(dice, mix_.bad);
    if (plan.bad) return;
    if (falls_in(dice, mix_.declined)) {
        plan.payment = Payment::declined;
    } else if (falls_in(dice, mix_.slow)) {
        plan.payment = Payment::slow;
    } else if (falls_in(dice, mix_.unknown)) {
        plan.payment = Payment::unknown;
    } else if (falls_in(dice, mix_.flaky)) {
        plan.payment = Payment::flaky;
    } else if (falls_in(dice, mix_.invoice)) {
        plan.payment = Payment::invoice;
    }
}

void OrderPlanner::choose_lines(SplitMix64& random, bool other, OrderPlan& plan) const {
    if (flash_sale_) {
        plan.line_count = 1;
        plan.all_lines[0] = {*flash_sale_, 1};
    } else {
        plan.line_count = 1 + random.below(std::min(OrderPlan::lines_max, skus_.size()));
        // Neighbours from a random start: different SKUs without a look at those chosen before.
        const auto first = random.below(skus_.size());
        for (std::size_t i = 0; i < plan.line_count; ++i) {
            plan.all_lines[i] = {skus_[(first + i) % skus_.size()],
                                 static_cast<std::int64_t>(1 + random.below(quantity_max))};
        }
    }
    if (other) plan.all_lines[0].quantity = quantity_of_other_content;
}

}  // namespace orderflow::load
