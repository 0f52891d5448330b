#include <fmt/format.h>

#include <ranges>
#include <set>
#include <string>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/probe.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

constexpr auto time_to_settle = 60s;
constexpr const char* newest_schema = "SELECT max(version) FROM orderflow_schema";

// As in restart_in_turn.cpp: a request and the close of its kept connection can cross.
constexpr std::uint64_t acknowledged_per_crossing = 1000;

void expect_two_releases(Run& run) {
    const auto& images = run.images().value();
    const auto before = revision_of(image_of("worker-service", images, Release::before));
    const auto current = revision_of(image_of("worker-service", images, Release::current));
    run.say(fmt::format("the release before is of {}, this one of {}", before, current));
    run.expect(before != current, "both releases are of the same commit");
}

// Of this release, beside the programs of the release before, as a deployment does it.
void migrate(Run& run, Trial& trial) {
    const auto data = trial.data().parent_path() / "migration";
    const auto before = trial.database().ask(newest_schema);
    make_data_directory(data);
    run_in_container(
        {.name = fmt::format("{}-migrate-{}", run.workspace().path().filename().string(), run.new_number()),
         .image = image_of("orderflow", run.images().value(), Release::current),
         .data = data,
         .pid_file = data.string() + ".pid"},
        {{"DATABASE_URL", trial.database().url()}}, {"migrate"});
    std::filesystem::remove(data.string() + ".pid");
    run.say(fmt::format("orderflow migrate: the schema was of version {}, it is of version {}", before,
                        trial.database().ask(newest_schema)));
}

// SIGTERM, and the other release on the same port and data; then orders are settled by whoever is there.
void replace(Run& run, Trial& trial, Program& program, Release release) {
    const auto asked = run.clock().now();
    program.terminate();
    const int code = program.wait();
    const auto stopped = run.clock().now();
    run.expect(code == 0, fmt::format("after SIGTERM {} ended with {}", program.name(), code));
    trial.system().set_release(program, release);
    const auto took = trial.start(program);
    pause(run.choose_time(500ms, 2s));
    const auto settled = trial.settle_one(time_to_settle);
    run.expect(settled.has_value(), program.name() + " is of the other release, and no order is settled");
    run.say(fmt::format("{} is of {}: ended after {}, ready after {}, an order was settled after {}", program.name(),
                        release == Release::current ? "this release" : "the release before", in_ms(stopped - asked),
                        in_ms(took), settled ? in_ms(*settled) : "-"));
}

}  // namespace

// What can read what the other release writes is updated first and goes back last: database, queue, workers, APIs.
void update_and_roll_back(Run& run) {
    expect_two_releases(run);
    Trial trial(run, run.workspace().directory("releases") / "data");
    auto& programs = trial.system().programs();
    for (auto& program : programs) trial.system().set_release(program, Release::before);
    trial.start();
    trial.load();
    while (run.tally().faults < run.rounds()) {
        const bool back = run.tally().faults % 2 == 1;
        if (back) {
            for (auto& program : std::views::reverse(programs)) replace(run, trial, program, Release::before);
        } else {
            migrate(run, trial);
            for (auto& program : programs) replace(run, trial, program, Release::current);
        }
        run.fault(back ? "rolled back" : "updated");
    }
    trial.finish();
    run.say(fmt::format("{} requests met the close of their kept connection", trial.unanswered()));
    run.expect(trial.unanswered() <= 1 + run.tally().acknowledged / acknowledged_per_crossing,
               fmt::format("{} requests got no answer: it does not finish what it took", trial.unanswered()));
}

// In the middle of an update, which then takes long: of workers and of APIs one is of each release.
void kill_two_releases(Run& run) {
    expect_two_releases(run);
    Trial trial(run, run.workspace().directory("mixed-kills") / "data");
    auto& programs = trial.system().programs();
    for (auto& program : programs) trial.system().set_release(program, Release::before);
    trial.start();
    migrate(run, trial);
    std::set<std::string> seen;
    for (auto& program : programs) {
        if (!seen.insert(program.name()).second) continue;
        program.terminate();
        run.expect(program.wait() == 0, "after SIGTERM " + program.name() + " did not end with 0");
        trial.system().set_release(program, Release::current);
        trial.start(program);
    }
    kill_in_turn(run, trial);
}

}  // namespace orderflow::chaos
