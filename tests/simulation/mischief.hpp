// Mischief: what goes wrong by chance while a run goes on, how often, and how often it did.
//
// A seed draws which kinds of fault there are at all and how strong each is: a run with everything at once would hardly
// ever get anywhere.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "libs/base/entropy.hpp"

namespace orderflow::simulation {

enum class Fault : std::uint8_t {
    // Between the program and its queues.
    send_refused,        // nothing was taken, and the answer says so
    send_lost,           // nothing was taken, and the answer leaves it open
    send_answer_lost,    // everything was taken, and the answer leaves it open
    receive_fails,       // the answer is lost; the messages stay invisible until their leases end
    delivered_twice,     // side by side with the first delivery
    delivered_again,     // long after it was done and deleted
    delivered_late,      // kept back for a later receive, out of order
    remove_lost,         // not deleted
    remove_answer_lost,  // deleted
    change_lost,         // of a visibility timeout
    // Between the program and the payment provider.
    payment_unreachable,  // nothing happened
    payment_answer_lost,  // it happened
    payment_slow,         // up to a minute
    // Between the clients and the program.
    request_lost,
    answer_lost,
    // In the machine.
    thread_stalls,  // one thread gets no turn for up to two minutes
    wall_jumps,     // up to 400 days, in both directions
};

// Of 4096.
using Odds = std::uint64_t;

struct FaultKind {
    std::string_view name;
    Odds most;  // the strongest that a run draws
};

// In the order of Fault.
inline constexpr std::array fault_kinds{FaultKind{"sends refused", 640},
                                        FaultKind{"sends lost", 640},
                                        FaultKind{"answers to sends lost", 960},
                                        FaultKind{"receives failed", 320},
                                        FaultKind{"delivered twice", 4096},
                                        FaultKind{"delivered again", 640},
                                        FaultKind{"delivered late", 1280},
                                        FaultKind{"removals lost", 960},
                                        FaultKind{"answers to removals lost", 960},
                                        FaultKind{"lease changes lost", 960},
                                        FaultKind{"payments unreachable", 960},
                                        FaultKind{"answers to payments lost", 960},
                                        FaultKind{"payments slow", 960},
                                        FaultKind{"requests lost", 640},
                                        FaultKind{"answers lost", 960},
                                        FaultKind{"threads stalled", 4},
                                        FaultKind{"wall clock jumps", 16}};

using FaultCounts = std::array<std::uint64_t, fault_kinds.size()>;

class Mischief {
  public:
    // `dice` decides when; it outlives this.
    explicit Mischief(Entropy& dice) : dice_(dice) {}

    // For one run.
    void draw_strength(Entropy& plan) {
        for (std::size_t kind = 0; kind < odds_.size(); ++kind) {
            odds_[kind] = plan.below(2) == 0 ? 0 : 1 + plan.below(fault_kinds[kind].most);
        }
    }
    void begin() { on_ = true; }
    void end() { on_ = false; }

    // Whether that fault happens here and now.
    bool strikes(Fault fault) {
        const auto kind = static_cast<std::size_t>(fault);
        if (!on_ || odds_[kind] == 0 || dice_.below(4096) >= odds_[kind]) return false;
        ++counts_[kind];
        return true;
    }

    const FaultCounts& counts() const noexcept { return counts_; }

  private:
    Entropy& dice_;
    bool on_ = false;
    std::array<Odds, fault_kinds.size()> odds_{};
    FaultCounts counts_{};
};

}  // namespace orderflow::simulation
