// orderflow-chaos: breaks the real program in every way that the machine permits and has each ruin audited.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/workspace.hpp"
#include "chaos/scenarios/play.hpp"
#include "chaos/scenarios/prove_rig.hpp"

namespace {

using namespace orderflow::chaos;

constexpr int exit_wrong_usage = 2;
constexpr int exit_interrupted = 130;
constexpr std::uint64_t rounds_max = 1'000'000;

struct Options {
    std::map<std::string, std::uint64_t> rounds;  // of the chosen scenarios; none chosen: all
    std::uint64_t seed = std::random_device{}();
    Deployment deployment = Deployment::one_program;
    Store store = Store::sqlite;
    bool containers = false;
    Images images;
    std::string breakable;  // a program built with ORDERFLOW_BREAKABLE
};

std::optional<Images> images_of(const Options& options) {
    return options.containers ? std::optional(options.images) : std::nullopt;
}

std::vector<Tally> play_chosen(const Options& options, const Workspace& workspace) {
    std::vector<Tally> tallies;
    for (const auto& scenario : scenarios()) {
        const auto chosen = options.rounds.find(std::string(scenario.name));
        if (!options.rounds.empty() && chosen == options.rounds.end()) continue;
        if (!fits(scenario, options.deployment) || !fits(scenario, options.store)) continue;
        if (!fits(scenario, images_of(options))) continue;
        const auto rounds = options.rounds.empty() ? scenario.rounds : chosen->second;
        tallies.push_back(play(scenario, workspace,
                               {.seed = options.seed,
                                .rounds = rounds,
                                .deployment = options.deployment,
                                .store = options.store,
                                .images = images_of(options)}));
    }
    return tallies;
}

// Why what was chosen cannot be played; empty when it can.
std::string refusal(const Options& options) {
    for (const auto& scenario : scenarios()) {
        if (!options.rounds.contains(std::string(scenario.name))) continue;
        if (!fits(scenario, options.store)) {
            return options.store == Store::postgres
                       ? fmt::format("--{} breaks files of SQLite and is not played with --store postgres",
                                     scenario.name)
                       : fmt::format("--{} breaks PostgreSQL: add --store postgres", scenario.name);
        }
        if (!fits(scenario, images_of(options))) {
            return scenario.packages == Packages::releases
                       ? fmt::format("--{} is for two releases: add --containers --before TAG", scenario.name)
                       : fmt::format("--{} needs processes of its own and is not played with --containers",
                                     scenario.name);
        }
        if (fits(scenario, options.deployment)) continue;
        return options.deployment == Deployment::services
                   ? fmt::format("--{} breaks the one program and is not played with --services", scenario.name)
                   : fmt::format("--{} breaks what is between the services: add --services", scenario.name);
    }
    if (!options.images.before.empty() && !options.containers) return "--before names images: add --containers";
    if (options.deployment == Deployment::services && !options.breakable.empty()) {
        return "--prove-rig breaks the one program and is not played with --services";
    }
    if (options.store == Store::postgres && !options.breakable.empty()) {
        return "--prove-rig cuts the power of files and is not played with --store postgres";
    }
    return {};
}

// What did not run has not passed.
bool skip_fails() {
    const char* const ci = std::getenv("CI");
    return ci != nullptr && std::string_view(ci) == "true";
}

int run(const Options& options) {
    if (const auto why = refusal(options); !why.empty()) {
        std::fprintf(stderr, "orderflow-chaos: %s\n", why.c_str());
        return exit_wrong_usage;
    }
    const Workspace workspace;
    std::printf("seed %llu (--seed repeats the choices of the rig)\n", static_cast<unsigned long long>(options.seed));
    if (!options.breakable.empty()) return prove_rig(workspace, options.seed, options.breakable) ? 0 : 1;
    const auto tallies = play_chosen(options, workspace);
    std::printf("\n%s", table(tallies).c_str());
    return passed(tallies, skip_fails()) ? 0 : 1;
}

std::string group_of(const Scenario& scenario) {
    if (scenario.packages == Packages::releases) return "Scenarios of --containers --store postgres --before alone";
    if (scenario.stores == Stores::postgres) return "Scenarios of --store postgres alone";
    switch (scenario.subject) {
        case Subject::any: return "Scenarios: how many faults of each (all of them when none is chosen)";
        case Subject::one_program: return "Scenarios of the one program alone";
        case Subject::services: return "Scenarios of --services alone";
    }
    return {};
}

void add_scenarios(CLI::App& app, Options& options) {
    for (const auto& scenario : scenarios()) {
        const std::string name(scenario.name);
        app.add_option_function<std::uint64_t>(
               "--" + name, [&options, name](const std::uint64_t& rounds) { options.rounds[name] = rounds; },
               fmt::format("{} [{}]", scenario.what, scenario.rounds))
            ->type_name("N")
            ->check(CLI::Range(std::uint64_t{1}, rounds_max))
            ->group(group_of(scenario));
    }
}

}  // namespace

int main(int count, char** arguments) {
    Options options;
    CLI::App app{
        "Breaks the real program under load, lets it recover, and audits what is left: no acknowledged order is\n"
        "lost, doubled or charged twice, no stock is sold twice. What the machine does not permit is skipped,\n"
        "with the reason; CI=true fails on a skip. Needs root for file systems of its own. ORDERFLOW_BIN names\n"
        "the program, else build/release/bin/orderflow; the services lie beside it."};
    add_scenarios(app, options);
    app.add_flag_function(
        "--services", [&options](std::int64_t) { options.deployment = Deployment::services; },
        "breaks queue-service, worker-service and api-service, each in its turn, instead of the one program");
    app.add_option("--store", options.store,
                   "where the orders lie: sqlite, or postgres, a server of the rig's own; with --services two workers\n"
                   "and two APIs share it [sqlite]")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, Store>{{"sqlite", Store::sqlite}, {"postgres", Store::postgres}}));
    app.add_flag_function(
        "--containers",
        [&options](std::int64_t) {
            options.containers = true;
            options.deployment = Deployment::services;
        },
        "as --services, each in a container of its image (./dev image), run by podman; needs root");
    app.add_option("--before", options.images.before, "of --containers: the tag of the images of the release before")
        ->type_name("TAG");
    app.add_option("--seed", options.seed, "repeats the choices of an earlier run")->type_name("S");
    app.add_option("--prove-rig", options.breakable,
                   "with a program that was built to leave out its syncs: power cuts must find the loss")
        ->type_name("PROGRAM");
    try {
        app.parse(count, arguments);
    } catch (const CLI::CallForHelp& asked) {
        return app.exit(asked);
    } catch (const CLI::ParseError& wrong) {
        std::fprintf(stderr, "chaos: %s; see ./dev chaos --help\n", wrong.what());
        return 2;
    }
    note_stop_signals();
    try {
        return run(options);
    } catch (const Interrupted&) {
        std::printf("interrupted; nothing is left mounted or running\n");
        return exit_interrupted;
    } catch (const std::exception& failed) {
        std::printf("orderflow-chaos: %s\n", failed.what());
        return 1;
    }
}
