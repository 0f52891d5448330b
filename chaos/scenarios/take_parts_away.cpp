#include <signal.h>

#include <fmt/format.h>

#include <string>
#include <vector>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/store_lock.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

constexpr auto shortest = 20s;
constexpr auto longest = 30s;
constexpr auto between_looks = 500ms;
constexpr auto time_to_recover = 30s;

// What runs must stay green all the time: a restart by whoever watches it would mend nothing.
void expect_health(Run& run, System& system, BootClock::duration time) {
    for (const auto until = run.clock().now() + time; run.clock().now() < until; pause(between_looks)) {
        for (auto& program : system.programs()) {
            if (program.ended()) continue;
            const auto answer = e2e::ShopClient(program.port()).try_request("GET", "/healthz");
            run.expect(answer && answer->status == 200, "/healthz of " + program.name() + " is not green");
        }
    }
}

void without_the_queue(Run& run, Trial& trial, BootClock::duration time) {
    auto& queue = trial.system().queue();
    queue.terminate();
    run.expect(queue.wait() == 0, "after SIGTERM queue-service did not end with 0");
    expect_health(run, trial.system(), time);
    trial.start(queue);
}

// Another writer of the file, which is what a store that is down looks like here.
void without_the_store(Run& run, Trial& trial, BootClock::duration time) {
    const StoreLock lock(trial.data() / "orders.db");
    expect_health(run, trial.system(), time);
}

void expect_orders_taken(Run& run, Trial& trial) {
    bool accepted = false;
    for (const auto until = run.clock().now() + time_to_recover; !accepted && run.clock().now() < until;) {
        const auto answer = trial.place_order();
        accepted = answer && answer->status == 202;
        if (!accepted) pause(100ms);
    }
    run.expect(accepted, "it is back, and orders are still refused");
}

std::vector<pid_t> processes(System& system) {
    std::vector<pid_t> ids;
    for (auto& program : system.programs()) ids.push_back(program.pid());
    return ids;
}

std::uint64_t dead_letters(System& system) {
    std::uint64_t sum = 0;
    for (auto& program : system.programs()) {
        const auto page = e2e::ShopClient(program.port()).get("/metrics");
        sum += sum_of_metrics(page.body,
                              {"orderflow_worker_dead_letters_total", "orderflow_queue_messages_dead_lettered_total"});
    }
    return sum;
}

}  // namespace

// Worker and API are never started again; what they could not do meanwhile they do afterwards.
void take_parts_away(Run& run) {
    Trial trial(run, run.workspace().directory("outages") / "data");
    trial.start();
    const auto before = processes(trial.system());
    trial.load({.rate = 100});
    while (run.tally().faults < run.rounds()) {
        pause(1s);
        const auto time = run.choose_time(shortest, longest);
        const bool queue = run.tally().faults % 2 == 0;
        queue ? without_the_queue(run, trial, time) : without_the_store(run, trial, time);
        expect_orders_taken(run, trial);
        run.fault(fmt::format("{} without the {}", in_ms(time), queue ? "queue" : "store"));
    }
    trial.end_load();
    trial.load_to_the_end({.rate = 50, .orders = 100, .settle = true});
    const auto after = processes(trial.system());
    for (std::size_t i = 1; i < after.size(); ++i) {
        auto& program = trial.system().programs()[i];
        run.expect(after[i] == before[i] && !program.ended(), program.name() + " was started again");
    }
    const auto dead = dead_letters(trial.system());
    run.expect(dead == 0, fmt::format("{} dead letters", dead));
    trial.finish();
}

}  // namespace orderflow::chaos
