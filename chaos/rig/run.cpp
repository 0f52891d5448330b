#include "chaos/rig/run.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace orderflow::chaos {

Run::Run(const Workspace& workspace, std::string scenario, const RunPlan& plan)
    : workspace_(workspace), started_(clock_.now()), plan_(plan), random_(plan.seed) {
    tally_.scenario = std::move(scenario);
}

std::uint64_t Run::choose(std::uint64_t from, std::uint64_t to) { return from + random_() % (to - from + 1); }

BootClock::duration Run::choose_time(BootClock::duration from, BootClock::duration to) {
    return BootClock::duration(static_cast<BootClock::rep>(
        choose(static_cast<std::uint64_t>(from.count()), static_cast<std::uint64_t>(to.count()))));
}

void Run::fault(const std::string& what) {
    ++tally_.faults;
    say(fmt::format("{:>4}/{}  {}", tally_.faults, plan_.rounds, what));
}

void Run::say(const std::string& text) const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - started_).count();
    std::printf("%-16s %4lld s  %s\n", tally_.scenario.c_str(), static_cast<long long>(seconds), text.c_str());
    std::fflush(stdout);
}

void Run::expect(bool holds, const std::string& what) {
    if (holds) return;
    tally_.broken.push_back(what);
    say((harm_is_wanted() ? "found, as it must be: " : "BROKEN: ") + what);
}

}  // namespace orderflow::chaos
