// Trial: one data directory, the system on it (which comes and goes), the load against it, and the audit in the end.
//
// The ledgers of the clients lie outside the data directory: they must not share its fate.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "chaos/rig/database.hpp"
#include "chaos/rig/ledger.hpp"
#include "chaos/rig/load.hpp"
#include "chaos/rig/run.hpp"
#include "chaos/rig/system.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::chaos {

class Trial {
  public:
    using Settings = Program::Settings;

    // `data` is made when it is not there. `settings` are added to those of every start of every program.
    Trial(Run& run, std::filesystem::path data, Settings settings = {});

    System& system() { return system_; }
    const std::filesystem::path& data() const { return place_.data; }
    // Throws std::logic_error when the store is a file.
    Database& database();

    // Starts the system and waits until it is ready; says how long that took. `besides`: settings of this start alone.
    // Throws when it does not come up.
    BootClock::duration start(const Settings& besides = {});
    // The same for one of its programs.
    BootClock::duration start(Program& program, const Settings& besides = {});

    // Of a system that is one program:

    // Starts it and does not wait.
    void start_only(const Arguments& prefix = {}, const Settings& besides = {});
    // Starts it with something before the program (strace) and waits; false when it ended before it was ready.
    bool try_start(const Arguments& prefix);
    // SIGKILL, and start again.
    BootClock::duration restart();

    e2e::ServerProcess& server() { return system_.only().process(); }
    bool server_ended() { return server().ended(); }
    // Waits until the queues are empty or the server has ended, not for ever: an answer says nothing of what the worker
    // still has to write. True when either came.
    bool wait_for_the_worker();

    // Of any system:

    // Of one that takes orders; which one, comes in turn.
    std::uint16_t port() const;
    e2e::ShopClient shop() const { return e2e::ShopClient(port()); }

    // Load in the background until end_load() or finish(), with a generator for each API and the rate divided among
    // them. Every generator has a ledger of its own.
    void load(LoadPlan plan = {});
    // Load until it has sent what it was told to.
    void load_to_the_end(LoadPlan plan);
    void end_load();

    // One order by the rig itself, in a ledger too; nothing when there was no answer.
    std::optional<e2e::Answer> place_order();

    // Places an order and waits until it is settled; says how long that took. Nothing when it took more than
    // `at_most`.
    std::optional<BootClock::duration> settle_one(BootClock::duration at_most);

    // From here to the next 202 is a recovery time; start() calls it where that is what the start brings back.
    void recovering();

    // Ends the load, lets the system process what is there unless the run takes it as it stands, stops it, and has
    // ledgers, queue, store and provider audited; the result goes into the run's tally. When something was found the
    // files are kept and named.
    void finish();
    // After finish(): attempts without an answer.
    std::uint64_t unanswered() const { return unanswered_; }

  private:
    const Place& placed();
    std::filesystem::path new_ledger();
    LoadProcess generator(LoadPlan plan, const Program& api);
    void start_provider();
    void wait_until_quiet();
    void stop_system();
    void note_recoveries();

    Run& run_;
    std::filesystem::path beside_;  // ledgers and the output of the generators
    std::unique_ptr<Database> database_;
    Place place_;
    System system_;
    mutable std::uint64_t next_api_ = 0;
    std::vector<LoadProcess> loads_;
    std::vector<std::filesystem::path> ledgers_;
    std::optional<OwnLedger> own_ledger_;
    std::vector<WallTime> recovering_;
    std::uint64_t unanswered_ = 0;
    std::uint64_t unexpected_ = 0;  // answers that no request asked for
};

}  // namespace orderflow::chaos
