// simulation: runs seeds of the simulation and prints what it found. ./dev sim runs two of these side by side.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <optional>
#include <string>

#include "libs/base/system_clock.hpp"
#include "tests/simulation/simulation.hpp"

namespace {

using namespace orderflow;
using namespace orderflow::simulation;

struct Options {
    std::optional<std::uint64_t> seed;
    std::uint64_t first = 1;
    std::uint64_t seeds = 200;
    std::uint64_t step = 1;
    bool progress = false;
    SimulationOptions each;
};

struct Sum {
    std::uint64_t runs = 0;
    std::uint64_t bad = 0;
    std::uint64_t halted = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t stored = 0;
    std::uint64_t on_hold = 0;
    Happened happened;

    void add(const SimulationResult& result) {
        ++runs;
        bad += result.good() ? 0 : 1;
        halted += result.halted ? 1 : 0;
        acknowledged += result.report.seen.acknowledged;
        stored += result.report.seen.stored;
        on_hold += result.report.seen.on_hold;
        happened.add(result.happened);
    }
};

void add_options(CLI::App& app, Options& options) {
    app.add_option("--seed", options.seed, "this one alone")->type_name("S");
    app.add_option("--first", options.first, "the first of several")->type_name("S")->capture_default_str();
    app.add_option("--seeds", options.seeds, "how many")->type_name("N")->capture_default_str();
    app.add_option("--step", options.step, "only every n-th of them, to share seeds among processes")
        ->type_name("N")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_flag("--trace", options.each.print, "everything that happens, to stderr");
    app.add_flag("--bit-rot", options.each.bit_rot, "one bit of the files is flipped in each run");
    app.add_flag("--progress", options.progress, "a line now and then");
    std::map<std::string, Defect> defects{defect_names.begin(), defect_names.end()};
    std::string names;
    for (const auto& [name, defect] : defects) names += (names.empty() ? "" : ", ") + name;
    app.add_option("--defect", options.each.defect,
                   "with a part that is broken on purpose; the run has to be bad. One of: " + names)
        ->type_name("NAME")
        // The transformer's own description names the values by their numbers.
        ->transform(CLI::CheckedTransformer(std::move(defects)).description(""));
}

Sum run(const Options& options, const Clock& clock) {
    Sum sum;
    const auto first = options.seed.value_or(options.first);
    const auto end = first + (options.seed ? 1 : options.seeds);
    auto told = clock.now();
    for (auto seed = first; seed < end; seed += options.step) {
        const auto result = simulate(seed, options.each);
        sum.add(result);
        if (!result.good()) fmt::print("{}\n", result.to_text());
        if (options.seed) fmt::print("seed {}: {}, hash {:016x}\n", seed, result.good() ? "good" : "BAD", result.hash);
        const auto now = clock.now();
        if (options.progress && now - told > std::chrono::seconds(5)) {
            told = now;
            fmt::print("seed {}: {} runs, {} bad\n", seed, sum.runs, sum.bad);
        }
        std::fflush(stdout);
    }
    return sum;
}

}  // namespace

int main(int count, char** arguments) {
    Options options;
    CLI::App app{
        "Runs the whole system from seeds: clients, API, queue, worker, store, payments on one thread, with a disk\n"
        "that loses, fails and fills up, and ends of the process at any moment. Every run is audited."};
    add_options(app, options);
    CLI11_PARSE(app, count, arguments);
    const SystemClock clock;
    const auto began = clock.now();
    const auto sum = run(options, clock);
    const auto took = std::chrono::duration<double>(clock.now() - began).count();
    fmt::print("{} seeds, {} bad, {} halted on bit rot, {:.0f} s of a processor\n", sum.runs, sum.bad, sum.halted,
               took);
    fmt::print("{}{} orders acknowledged, {} stored, {} on hold\n", sum.happened.to_text(), sum.acknowledged,
               sum.stored, sum.on_hold);
    return sum.bad == 0 ? 0 : 1;
}
