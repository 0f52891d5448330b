// Scenario: one class of fault. Its function injects `run.rounds()` faults, lets the system recover and has it audited.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "chaos/rig/run.hpp"
#include "chaos/rig/trial.hpp"

namespace orderflow::chaos {

// What a scenario can be played with.
enum class Subject : std::uint8_t { any, one_program, services };
enum class Stores : std::uint8_t { any, sqlite, postgres };
// `processes`: the rig traces or limits what it started itself. `releases`: containers of two releases.
enum class Packages : std::uint8_t { any, processes, releases };

struct Scenario {
    std::string_view name;  // also its option: --name N
    std::string_view what;  // for --help
    std::uint64_t rounds;   // of a run without options
    void (*run)(Run& run);  // throws Skipped when the machine does not permit it
    Subject subject = Subject::one_program;
    Stores stores = Stores::sqlite;
    Packages packages = Packages::processes;
};

bool fits(const Scenario& scenario, Deployment deployment) noexcept;
bool fits(const Scenario& scenario, Store store) noexcept;
bool fits(const Scenario& scenario, const std::optional<Images>& images) noexcept;

// All scenarios, in the order in which they run.
std::span<const Scenario> scenarios() noexcept;

void kill_at_random(Run& run);
// The same with a trial that has been started; its load is made here.
void kill_in_turn(Run& run, Trial& trial);
void kill_at_every_sync(Run& run);
void kill_at_every_write(Run& run);
void pause_and_continue(Run& run);
void fill_the_disk(Run& run);
void fail_the_disk(Run& run);
void exhaust_descriptors(Run& run);
void limit_memory(Run& run);
void jump_the_clock(Run& run);
void cut_the_power(Run& run);
// The same with settings of the server.
void cut_the_power_of(Run& run, const Trial::Settings& settings);
void restart_in_turn(Run& run);
void hammer_same_keys(Run& run);
void mix_faults(Run& run);
void break_the_network(Run& run);
void take_parts_away(Run& run);
void update_and_roll_back(Run& run);
void kill_two_releases(Run& run);
void break_the_database(Run& run);
void fail_over(Run& run);

}  // namespace orderflow::chaos
