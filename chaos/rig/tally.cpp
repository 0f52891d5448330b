#include "chaos/rig/tally.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orderflow::chaos {
namespace {

constexpr const char* row = "{:<16} {:>7} {:>12} {:>9} {:>5} {:>8} {:>9} {:>15} {:>6} {:>9} {:>9}  {}\n";

std::string row_of(const Tally& tally) {
    if (!tally.skipped.empty()) return fmt::format("{:<16} skipped: {}\n", tally.scenario, tally.skipped);
    const bool measured = !tally.recoveries.empty();
    return fmt::format(fmt::runtime(row), tally.scenario, tally.faults, tally.acknowledged, tally.settled, tally.lost,
                       tally.doubled, tally.oversold, tally.double_charges, tally.other,
                       measured ? in_ms(percentile(tally.recoveries, 50)) : "-",
                       measured ? in_ms(percentile(tally.recoveries, 99)) : "-", tally.ok() ? "ok" : "FAILED");
}

}  // namespace

std::string in_ms(BootClock::duration time) {
    return fmt::format("{} ms", std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

std::uint64_t Tally::found_by_audit() const { return lost + doubled + oversold + double_charges + other; }

bool Tally::ok() const {
    return found_by_audit() == 0 && broken.empty() && (!skipped.empty() || (faults > 0 && acknowledged > 0));
}

bool passed(const std::vector<Tally>& tallies, bool skip_fails) {
    return std::ranges::all_of(
        tallies, [&](const Tally& tally) { return tally.ok() && (tally.skipped.empty() || !skip_fails); });
}

void Tally::add(const Tally& audited) {
    acknowledged += audited.acknowledged;
    settled += audited.settled;
    lost += audited.lost;
    doubled += audited.doubled;
    oversold += audited.oversold;
    double_charges += audited.double_charges;
    other += audited.other;
}

BootClock::duration percentile(std::vector<BootClock::duration> times, unsigned percent) {
    std::ranges::sort(times);
    const auto rank = (times.size() * percent + 99) / 100;
    return times[std::max<std::size_t>(rank, 1) - 1];
}

std::string table(const std::vector<Tally>& tallies) {
    std::string text = fmt::format(fmt::runtime(row), "scenario", "faults", "acknowledged", "settled", "lost",
                                   "doubled", "oversold", "double charges", "other", "back p50", "back p99", "");
    Tally sum;
    std::size_t failed = 0;
    std::size_t skipped = 0;
    for (const auto& tally : tallies) {
        text += row_of(tally);
        sum.faults += tally.faults;
        sum.acknowledged += tally.acknowledged;
        sum.lost += tally.lost;
        sum.doubled += tally.doubled;
        sum.oversold += tally.oversold;
        sum.double_charges += tally.double_charges;
        failed += tally.ok() ? 0U : 1U;
        skipped += tally.skipped.empty() ? 0U : 1U;
    }
    for (const auto& tally : tallies) {
        for (const auto& what : tally.broken) text += fmt::format("{}: {}\n", tally.scenario, what);
    }
    return text + fmt::format(
                      "{} faults, {} orders acknowledged: lost {}, doubled {}, oversold {}, double charges {}; "
                      "{} scenarios failed, {} skipped\n",
                      sum.faults, sum.acknowledged, sum.lost, sum.doubled, sum.oversold, sum.double_charges, failed,
                      skipped);
}

}  // namespace orderflow::chaos
