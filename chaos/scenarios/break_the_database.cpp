#include <fmt/format.h>

#include <string>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

constexpr auto time_to_recover = 60s;

std::string break_it(Run& run, Database& database, std::uint64_t kind) {
    if (kind == 2) return fmt::format("{} sessions ended", database.end_sessions());
    kind == 0 ? database.kill() : database.stop_immediately();
    const auto away = run.choose_time(0ms, 2s);
    pause(away);
    database.start();
    return fmt::format("{}, away for {}", kind == 0 ? "all of it killed" : "stopped in immediate mode", in_ms(away));
}

void expect_nobody_ended(Run& run, System& system) {
    for (auto& program : system.programs()) {
        run.expect(!program.ended(), "without the database " + program.name() + " ended");
    }
}

}  // namespace

// No program is ever restarted: each finds the database again by itself.
void break_the_database(Run& run) {
    Trial trial(run, run.workspace().directory("database") / "data");
    trial.start();
    trial.load();
    while (run.tally().faults < run.rounds()) {
        pause(run.choose_time(100ms, 1s));
        const auto what = break_it(run, trial.database(), run.tally().faults % 3);
        const auto settled = trial.settle_one(time_to_recover);
        run.expect(settled.has_value(), "the database is back, and no order is settled");
        expect_nobody_ended(run, trial.system());
        run.fault(fmt::format("{}; an order placed then was settled after {}", what, settled ? in_ms(*settled) : "-"));
    }
    trial.finish();
}

// With every other one a program dies, too: what it left half done, another finds on the new primary.
void fail_over(Run& run) {
    Trial trial(run, run.workspace().directory("failovers") / "data");
    trial.start();
    trial.load();
    while (run.tally().faults < run.rounds()) {
        trial.database().add_standby();
        pause(run.choose_time(500ms, 2s));
        const bool dies = run.tally().faults % 2 == 1;
        auto& program = trial.system().in_turn(run.tally().faults);
        if (dies) program.kill();
        const auto killed = run.clock().now();
        trial.database().fail_over();
        const auto promoted = run.clock().now() - killed;
        if (dies) trial.start(program);
        const auto settled = trial.settle_one(time_to_recover);
        run.expect(settled.has_value(), "the standby was promoted, and no order is settled");
        expect_nobody_ended(run, trial.system());
        run.fault(fmt::format("{}promoted after {}; an order placed then was settled after {}",
                              dies ? program.name() + " killed too; " : "", in_ms(promoted),
                              settled ? in_ms(*settled) : "-"));
    }
    trial.finish();
}

}  // namespace orderflow::chaos
