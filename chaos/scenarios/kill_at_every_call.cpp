// Dies at the first, second, third ... call of one kind, until a whole life passes without reaching the n-th.
#include <signal.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/probe.hpp"
#include "chaos/rig/syscall_fault.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

constexpr LoadPlan few_orders{.rate = 100, .orders = 12};
constexpr std::array threads{"queue-journal", "order-store", "payments"};

// From the first instruction on an empty data directory to a clean end; false when nothing was reached any more.
bool die_at_nth_from_the_start(Run& run, const std::string& call, int nth) {
    const auto directory = run.workspace().directory(fmt::format("{}-{}", run.tally().scenario, nth));
    Trial trial(run, directory / "data");
    const bool came_up = trial.try_start(traced_from_the_start({call, "signal=KILL", nth}));
    if (came_up) {
        trial.load_to_the_end(few_orders);
        trial.server().terminate();
    }
    const int status = trial.server().wait();
    run.expect(status == -SIGKILL || status == 0, fmt::format("{} {}: it ended with {}", call, nth, status));
    trial.start();
    if (!came_up) trial.load_to_the_end(few_orders);
    trial.finish();
    std::filesystem::remove_all(directory);
    if (status != -SIGKILL) return false;
    run.fault(fmt::format("killed at {} {} of a thread{}", call, nth, came_up ? "" : ", while it started"));
    return true;
}

// With `nth` calls of a thread allowed, does it die? What it writes behind the answers counts: the question is asked
// when all of it has happened and nothing can happen any more.
bool dies_at(Run& run, Trial& trial, pid_t thread, const std::string& call, int nth) {
    {
        const AttachedFault fault(thread, {call, "signal=KILL", nth}, false, run.workspace().path() / "strace");
        trial.load_to_the_end(few_orders);
        const bool at_rest = trial.wait_for_the_worker();
        run.expect(at_rest, fmt::format("{} {}: the worker neither ended nor came to rest", call, nth));
    }
    return trial.server_ended();
}

// strace counts each thread's calls by itself, so that from the start only the busiest thread is hit. Here each thread
// that writes has its turn, in one installation that lives through all of it.
void die_in_each_thread(Run& run, const std::string& call) {
    Trial trial(run, run.workspace().directory(run.tally().scenario + "-threads") / "data");
    trial.start();
    const auto so_far = run.tally().faults;
    const auto turn = std::max<std::uint64_t>(1, (run.rounds() - std::min(run.rounds(), so_far)) / threads.size());
    for (const std::string thread : threads) {
        std::uint64_t deaths = 0;
        for (int nth = 1; deaths < turn; ++nth) {
            const auto number = thread_named(trial.server().pid(), thread);
            if (!number) throw std::runtime_error("no thread " + thread);
            if (!dies_at(run, trial, *number, call, nth)) break;
            ++deaths;
            const auto took = trial.start();
            run.fault(fmt::format("killed at {} {} of {}, ready after {}", call, nth, thread, in_ms(took)));
        }
        run.expect(deaths > 0, fmt::format("{} was never killed at a {}", thread, call));
    }
    trial.finish();
}

void kill_at_every(Run& run, const std::string& call) {
    need_syscall_faults();
    const auto from_the_start = run.rounds() * 2 / 3;
    for (int nth = 1; run.tally().faults < from_the_start && die_at_nth_from_the_start(run, call, nth); ++nth) {
    }
    die_in_each_thread(run, call);
}

}  // namespace

void kill_at_every_sync(Run& run) { kill_at_every(run, "fdatasync"); }
void kill_at_every_write(Run& run) { kill_at_every(run, "pwrite64"); }

}  // namespace orderflow::chaos
