// OrderPlanner: the orders of a run, each a pure function of seed and number, so that none has to be kept to be sent
// again, written down or repeated in another run.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.hpp"
#include "orderflow/load/mix.hpp"
#include "orderflow/load/split_mix.hpp"

namespace orderflow::load {

inline constexpr std::array<std::string_view, 3> order_currencies{"EUR", "GBP", "USD"};

enum class Payment : std::uint8_t { ok, declined, slow, unknown, flaky, invoice };

struct PlannedLine {
    std::string_view sku;  // of the planner's catalogue
    std::int64_t quantity = 0;
};

struct OrderPlan {
    static constexpr std::size_t lines_max = 4;

    std::uint64_t number = 0;
    bool bad = false;  // breaks a rule
    Payment payment = Payment::ok;
    std::string_view currency;
    std::array<PlannedLine, lines_max> all_lines;
    std::size_t line_count = 0;
    SplitMix64 details{0};  // for what nobody compares: names, addresses

    std::span<const PlannedLine> lines() const { return std::span(all_lines).first(line_count); }
};

class OrderPlanner {
  public:
    // `skus`: what may be ordered, at least one. With `flash_sale` every order is one piece of it.
    OrderPlanner(std::uint64_t seed, const Mix& mix, std::vector<std::string> skus,
                 std::optional<std::string> flash_sale);

    // Pure; any thread. With `other` a content that differs in its lines, for the same key.
    OrderPlan plan(std::uint64_t number, bool other = false) const;

    // The idempotency key, and client_reference, of an order: 16 characters or more.
    void append_key(std::uint64_t number, std::string& out) const;

  private:
    void choose_kind(SplitMix64& random, OrderPlan& plan) const;
    void choose_lines(SplitMix64& random, bool other, OrderPlan& plan) const;

    std::uint64_t seed_;
    Mix mix_;
    std::vector<std::string> skus_;
    std::optional<std::string> flash_sale_;
    std::string key_prefix_;
};

}  // namespace orderflow::load
