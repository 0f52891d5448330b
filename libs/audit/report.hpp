// Report: what an audit found, counted by kind, with the first few places of each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow::audit {

enum class FindingKind : std::uint8_t {
    lost,             // I1: acknowledged, and not settled and not on hold with its body
    doubled,          // I3: one key with two orders, an effect or an event that came twice
    phantom,          // I2: an effect that nobody asked for, or that was refused
    oversold,         // I4: stock that was never there, or that no order holds
    double_charged,   // I3: more than one charge was captured for an order
    money_mismatch,   // I5: amounts, ledger and the provider's own ledger disagree
    illegal_history,  // I6: the events are no legal path, or the order is not where they end
    queue_mismatch,   // I7: messages that came from nowhere or went nowhere
};
inline constexpr std::size_t finding_kinds = 8;

// "lost", "doubled", ...: the names in tables and JSON.
std::string_view to_string(FindingKind kind) noexcept;

struct Finding {
    std::string subject;  // an order id, a SKU, a queue, or a key
    std::string what;     // one sentence for a person
};

class Report {
  public:
    static constexpr std::size_t places_max = 20;  // per kind; count() goes on

    void add(FindingKind kind, std::string subject, std::string what);

    bool ok() const noexcept;
    std::uint64_t count(FindingKind kind) const noexcept { return counts_[static_cast<std::size_t>(kind)]; }
    // The first places_max findings of a kind.
    const std::vector<Finding>& places(FindingKind kind) const noexcept {
        return places_[static_cast<std::size_t>(kind)];
    }

    // What was looked at: an audit of nothing proves nothing.
    struct Seen {
        std::uint64_t attempts = 0;
        std::uint64_t acknowledged = 0;  // orders (distinct keys) with a 2xx
        std::uint64_t unknown = 0;       // keys whose every answer is missing
        std::uint64_t stored = 0;
        std::uint64_t settled = 0;
        std::uint64_t on_hold = 0;
        std::uint64_t charges = 0;  // captured, by the provider's ledger
        std::uint64_t refunds = 0;
        std::uint64_t tombstones = 0;  // orders of which only the id is left
    };
    Seen seen;

    // For a failing test: every count that is not zero with its places; "clean" when there is none.
    std::string to_text() const;

  private:
    std::array<std::uint64_t, finding_kinds> counts_{};
    std::array<std::vector<Finding>, finding_kinds> places_;
};

}  // namespace orderflow::audit
