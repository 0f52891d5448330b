#include "tests/simulation/simulation.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "libs/audit/check.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/simulation/clients.hpp"
#include "tests/simulation/program.hpp"
#include "tests/simulation/promises.hpp"
#include "tests/simulation/snapshot.hpp"

namespace orderflow::simulation {

namespace {

// When the faults end, everything has to come to its end within this time.
constexpr auto quiet_within = std::chrono::hours(2);
constexpr auto drain_time = 25s;
// A longer time limit of holds costs too many turns to wait for.
constexpr auto hold_outwaited_max = std::chrono::hours(1);
// A run that takes more turns does not get on.
constexpr std::uint64_t turns_max = 3'000'000;

// How a life ends, unless something else ends it before.
enum class Ending : std::uint8_t { power_cut, kill, clean_stop };

class Run {
  public:
    Run(std::uint64_t seed, const SimulationOptions& options);
    SimulationResult run();

  private:
    SimulationResult run_with(const OnlyFault& fault);
    SimulationResult settle();
    void live();
    void arm(Ending ending);
    void live_with(const OnlyFault& fault);
    void order_failure();
    void fill_disk();
    bool start();
    void run_until(Instant end);
    bool turn(Instant until);
    void after_turn();
    void end(Ending ending);
    void bury();
    void stop_cleanly();
    void restart_disk(bool power_lost);
    void live_in_peace();
    bool is_quiet();
    void wait_for_quiet();
    void outwait_holds();
    void judge();
    void find(std::string what);
    bool rot_is_found() const { return rotten_ && life_.ended_by && life_.ended_by->code() == "disk.corrupt"; }
    bool ended() const { return disk_.stopped() || life_.ended_by.has_value(); }
    std::uint64_t draw(std::uint64_t bound) { return plan_.below(bound); }

    SimulationOptions options_;
    SimulationResult result_;
    SeededEntropy seeds_;
    SeededEntropy plan_;    // what the run does to the program
    SeededEntropy order_;   // of the threads' turns
    SeededEntropy medium_;  // what a disk keeps
    SeededEntropy program_entropy_;
    SeededEntropy dice_;  // of clients and layers
    TempDir directory_;
    SimThreads threads_{order_};
    Trace trace_;
    ProgramThreads on_{threads_};
    SimThreads::Thread& outside_;
    SimDisk disk_;
    Mischief mischief_{dice_};
    AllCopies copies_{threads_.clock()};
    Clients clients_;
    Setup setup_;
    bool may_fail_ = false;  // a failure of the disk was ordered for this life
    bool rotten_ = false;
    Life life_;
    std::unique_ptr<Program> program_;
};

Run::Run(std::uint64_t seed, const SimulationOptions& options)
    : options_(options),
      seeds_(seed),
      plan_(seeds_.next_u64()),
      order_(seeds_.next_u64()),
      medium_(seeds_.next_u64()),
      program_entropy_(seeds_.next_u64()),
      dice_(seeds_.next_u64()),
      trace_(seed, threads_.clock(), directory_.path().string(), options.print),
      outside_(threads_.add("clients")),
      disk_("simulation", medium_,
            [this](const SimDisk::Operation& done) {
                auto& hash = trace_.hash();
                hash.add(static_cast<std::uint64_t>(done.call) << 32U | static_cast<std::uint32_t>(done.result));
                hash.add(done.file);
                hash.add(done.at);
                hash.add(done.length);
                hash.add(done.written);
                if (!trace_.prints() || done.call == SimDisk::Call::read) return;
                static constexpr std::array names{"read", "write", "sync", "truncate", "open", "remove"};
                trace_.note("disk", "{} {} at {}, {} bytes: {}", names[static_cast<std::size_t>(done.call)], done.file,
                            done.at, done.length, done.result);
            }),
      clients_(outside_, threads_.clock(), dice_, mischief_, trace_),
      setup_(Setup::draw(plan_)) {
    result_.seed = seed;
    mischief_.draw_strength(plan_);
    if (options.defect == Defect::disk_lies) disk_.lie(SimDisk::Lie::about_all);
    if (options.defect == Defect::logs_are_not_renewed) disk_.lie(SimDisk::Lie::about_repeats);
    if (options.defect == Defect::log_is_not_synced) disk_.lie(SimDisk::Lie::about_logs);
}

void Run::find(std::string what) {
    what = trace_.without_directory(std::move(what));
    trace_.note("main", "FINDING: {}", what);
    result_.findings.push_back(std::move(what));
}

SimulationResult Run::run() {
    if (options_.only) return run_with(*options_.only);
    const auto rush = draw(3) == 0;
    clients_.begin(4 + draw(28), rush ? 100ms : std::chrono::milliseconds(1'000 + draw(120'000)));
    const auto lives = 1 + draw(draw(4) == 0 ? 10 : 4);
    for (std::uint64_t life = 0; life < lives && result_.findings.empty() && !result_.halted; ++life) live();
    return settle();
}

SimulationResult Run::run_with(const OnlyFault& fault) {
    clients_.begin(4, 3s);
    live_with(fault);
    return settle();
}

SimulationResult Run::settle() {
    if (result_.findings.empty() && !result_.halted) live_in_peace();
    if (program_ != nullptr) {
        life_.gone = true;
        disk_.stop();
        bury();
    }
    for (const auto& complaint : clients_.complaints()) result_.findings.push_back(complaint);
    result_.hash = trace_.hash().value();
    result_.happened.disk_failures = disk_.failures();
    result_.happened.full_writes = disk_.full_writes();
    result_.happened.faults = mischief_.counts();
    return std::move(result_);
}

void Run::live() {
    const auto ending = static_cast<Ending>(draw(3));
    mischief_.begin();
    arm(ending);
    const auto lasts = draw(4) == 0 ? BootClock::duration(std::chrono::milliseconds(draw(2'000)))
                                    : BootClock::duration(std::chrono::milliseconds(draw(120'000)));
    const auto until = threads_.clock().now() + lasts;
    if (start()) run_until(until);
    end(ending);
}

void Run::arm(Ending ending) {
    disk_.heal();
    may_fail_ = false;
    // In the middle of some change of the disk, or between two turns.
    if (ending != Ending::clean_stop && draw(4) != 0) disk_.stop_at_change(1 + draw(draw(2) == 0 ? 60 : 1'500));
    if (draw(3) == 0) order_failure();
    if (draw(5) == 0) fill_disk();
}

void Run::live_with(const OnlyFault& fault) {
    using Kind = OnlyFault::Kind;
    switch (fault.kind) {
        case Kind::power_cut:
        case Kind::kill: disk_.stop_at_change(fault.nth); break;
        case Kind::failed_read: disk_.fail(SimDisk::Call::read, fault.nth, SQLITE_IOERR_READ); break;
        case Kind::failed_write: disk_.fail(SimDisk::Call::write, fault.nth, SQLITE_IOERR_WRITE); break;
        case Kind::failed_sync: disk_.fail(SimDisk::Call::sync, fault.nth, SQLITE_IOERR_FSYNC); break;
        case Kind::full_write: disk_.fail(SimDisk::Call::write, fault.nth, SQLITE_FULL); break;
    }
    may_fail_ = fault.kind != Kind::full_write;
    const auto until = threads_.clock().now() + 20s;
    if (start()) run_until(until);
    result_.struck = disk_.stopped() || disk_.failures() > 0;
    end(fault.kind == Kind::power_cut ? Ending::power_cut : Ending::kill);
}

void Run::order_failure() {
    using Failure = std::pair<SimDisk::Call, int>;
    static constexpr std::array failures{Failure{SimDisk::Call::read, SQLITE_IOERR_READ},
                                         Failure{SimDisk::Call::write, SQLITE_IOERR_WRITE},
                                         Failure{SimDisk::Call::write, SQLITE_FULL},
                                         Failure{SimDisk::Call::sync, SQLITE_IOERR_FSYNC},
                                         Failure{SimDisk::Call::truncate, SQLITE_IOERR_TRUNCATE},
                                         Failure{SimDisk::Call::open, SQLITE_CANTOPEN},
                                         Failure{SimDisk::Call::remove, SQLITE_IOERR_DELETE}};
    static constexpr Failure failed_sync{SimDisk::Call::sync, SQLITE_IOERR_FSYNC};
    const auto& [call, code] = draw(2) == 0 ? failed_sync : failures[draw(failures.size())];
    disk_.fail(call, 1 + draw(draw(2) == 0 ? 10 : 100), code);
    may_fail_ = code != SQLITE_FULL;
}

void Run::fill_disk() {
    disk_.limit_bytes(disk_.bytes_used() + draw(300'000));
    outside_.post_at(threads_.clock().now() + std::chrono::milliseconds(draw(60'000)),
                     [this] { disk_.limit_bytes(std::nullopt); });
}

bool Run::start() {
    life_ = {};
    ++result_.happened.starts;
    trace_.note("main", "start {}", result_.happened.starts);
    auto started = Program::start({.threads = threads_,
                                   .on = on_,
                                   .disk = disk_,
                                   .entropy = program_entropy_,
                                   .dice = dice_,
                                   .mischief = mischief_,
                                   .copies = copies_,
                                   .trace = trace_,
                                   .life = life_,
                                   .directory = directory_.path().string(),
                                   .setup = setup_,
                                   .defect = options_.defect,
                                   .turn_over = [this] { after_turn(); }});
    if (started) {
        program_ = *std::move(started);
        clients_.connect(program_.get());
        return true;
    }
    const auto& error = started.error();
    ++result_.happened.refused_starts;
    trace_.note("main", "does not start: {} {}", error.code(), error.detail());
    if (rotten_) {
        result_.halted = true;
    } else if (!disk_.stopped() && !may_fail_ && error.code() != "disk.full" && error.code() != "queue.disk_full") {
        find("it does not start: " + error.code() + " " + error.detail());
    }
    return false;
}

void Run::run_until(Instant end) {
    while (!ended() && threads_.clock().now() < end && turn(end)) {
    }
}

bool Run::turn(Instant until) {
    const auto* const thread = threads_.step(until);
    if (thread == nullptr) return false;
    trace_.hash().add(thread->name());
    after_turn();
    return true;
}

void Run::after_turn() {
    if (++result_.happened.turns > turns_max && result_.findings.empty()) find("it does not get on");
    if (mischief_.strikes(Fault::thread_stalls)) {
        auto& thread = *on_.all()[dice_.below(7)];
        const auto pause = std::chrono::milliseconds(dice_.below(120'000));
        trace_.note("main", "{} stands still for {} ms", thread.name(), pause.count());
        thread.stall_until(threads_.clock().now() + pause);
    }
    if (mischief_.strikes(Fault::wall_jumps)) {
        const std::chrono::milliseconds most = dice_.below(4) == 0 ? std::chrono::days(400) : std::chrono::days(1);
        const auto span = static_cast<std::uint64_t>(2 * most.count());
        const auto by = std::chrono::milliseconds(static_cast<std::int64_t>(dice_.below(span))) - most;
        trace_.note("main", "the wall clock jumps by {} ms", by.count());
        threads_.clock().jump_wall(by);
    }
}

void Run::end(Ending ending) {
    const bool from_inside = life_.ended_by.has_value();
    if (from_inside && !may_fail_ && !rotten_) {
        find("the process ended itself in " + life_.ended_where + ": " + life_.ended_by->code() + " " +
             life_.ended_by->detail());
    }
    if (rot_is_found()) result_.halted = true;
    const bool clean = ending == Ending::clean_stop && !ended();
    clients_.connect(nullptr);
    if (program_ != nullptr) {
        if (clean) {
            stop_cleanly();
        } else {
            life_.gone = true;
            disk_.stop();
            bury();
        }
    }
    // The power may go at any time, also after the process.
    const bool power_lost = ending == Ending::power_cut || draw(4) == 0;
    auto& happened = result_.happened;
    happened.power_cuts += power_lost ? 1 : 0;
    happened.own_ends += from_inside ? 1 : 0;
    happened.kills += !clean && !power_lost && !from_inside ? 1 : 0;
    happened.clean_stops += clean ? 1 : 0;
    restart_disk(power_lost);
    // For a while nobody starts it.
    run_until(threads_.clock().now() + std::chrono::milliseconds(draw(20'000)));
}

// The rest of the process, which reaches nothing any more, takes no time.
void Run::bury() {
    const auto clock = threads_.clock();
    outside_.stall_until(Instant::max());
    program_->finish(threads_.clock().now());
    program_.reset();
    outside_.stall_until({});
    threads_.clock() = clock;
}

void Run::stop_cleanly() {
    trace_.note("main", "is stopped");
    program_->finish(threads_.clock().now() + drain_time);
    program_.reset();
}

void Run::restart_disk(bool power_lost) {
    disk_.heal();
    if (!power_lost) {
        trace_.note("main", "the process is gone");
        disk_.restart_process();
    } else {
        const std::array<std::uint64_t, 4> survivors{0, 256, 128, draw(257)};
        const auto chosen = survivors[draw(survivors.size())];
        trace_.note("main", "the power goes; {} of 256 sectors survive", chosen);
        disk_.restart_machine(chosen);
    }
    if (options_.bit_rot && !rotten_ && draw(2) == 0) {
        if (const auto where = disk_.flip_random_bit()) {
            trace_.note("main", "rot: {}", *where);
            rotten_ = true;
        }
    }
}

// The faults end: everything that was begun comes to its end.
void Run::live_in_peace() {
    trace_.note("main", "peace");
    mischief_.end();
    disk_.heal();
    may_fail_ = false;
    if (!start()) return;
    clients_.wind_up();
    wait_for_quiet();
    if (setup_.holds.hold_time_limit <= hold_outwaited_max && draw(2) == 0) outwait_holds();
    if (!result_.findings.empty() || result_.halted) return;
    if (draw(2) == 0) {
        trace_.note("main", "a last power cut");
        life_.gone = true;
        disk_.stop();
        clients_.connect(nullptr);
        bury();
        restart_disk(true);
        if (!start()) return;
        wait_for_quiet();
        if (!result_.findings.empty() || result_.halted) return;
    }
    judge();
}

bool Run::is_quiet() {
    if (!clients_.done() || !program_->idle() || !copies_.empty()) return false;
    for (auto& [name, queue] : program_->queues()) {
        const auto counts = program_->run(queue->counts());
        if (!counts || !*counts) return false;
        if ((*counts)->visible + (*counts)->in_flight + (*counts)->delayed > 0) return false;
    }
    return program_->idle();
}

void Run::wait_for_quiet() {
    const auto until = threads_.clock().now() + quiet_within;
    while (!ended() && result_.findings.empty()) {
        run_until(threads_.clock().now() + 5s);
        if (!ended() && is_quiet()) return run_until(threads_.clock().now() + 1s);
        if (threads_.clock().now() > until) {
            return find(fmt::format("when the faults had ended it did not come to rest: clients {}, program {}",
                                    clients_.done() ? "done" : "waiting", program_->idle() ? "idle" : "busy"));
        }
    }
    if (!life_.ended_by) return;
    if (rot_is_found()) {
        result_.halted = true;
    } else {
        find("the process ended itself in peace: " + life_.ended_by->code() + " " + life_.ended_by->detail());
    }
}

// No order keeps stock from others for longer than its time limit. The wall clock does not jump in peace.
void Run::outwait_holds() {
    if (!result_.findings.empty() || result_.halted) return;
    const auto limit = setup_.holds.hold_time_limit;
    const auto quiet_since = threads_.clock().wall();
    trace_.note("main", "holds are waited for");
    run_until(threads_.clock().now() + limit + 2 * worker::SweepPolicy().every);
    wait_for_quiet();
    if (!result_.findings.empty() || result_.halted) return;
    orders::OrderQuery query;
    query.status = orders::OrderStatus::on_hold;
    query.limit = 100;
    const auto held = program_->run(program_->reader().list(query));
    if (!held || !*held) return;  // judge() says why
    for (const auto& order : (*held)->orders) {
        if (order.holds_stock && order.updated_at <= quiet_since) {
            find(order.id.to_string() + " has kept its stock for longer than its time limit");
        }
    }
}

void Run::judge() {
    const auto snapshot = take_snapshot(*program_, directory_.path().string(), disk_.vfs_name());
    if (!snapshot) {
        result_.halted = rot_is_found() || (rotten_ && snapshot.error().code() == "disk.corrupt");
        if (!result_.halted) {
            find("the state cannot be read: " + snapshot.error().code() + " " + snapshot.error().detail());
        }
        return;
    }
    result_.report = audit::check(clients_.history(), *snapshot);
    for (auto& broken : broken_promises(clients_, *snapshot)) find(std::move(broken));
    trace_.note("main", "{}", result_.report.to_text());
}

}  // namespace

SimulationResult simulate(std::uint64_t seed, const SimulationOptions& options) { return Run(seed, options).run(); }

std::string SimulationResult::to_text() const {
    std::string text = fmt::format("seed {}: {} starts, {} power cuts, {} kills, {} turns\n", seed, happened.starts,
                                   happened.power_cuts, happened.kills, happened.turns);
    for (const auto& finding : findings) text += "  " + finding + "\n";
    if (!report.ok()) text += report.to_text() + "\n";
    return text + fmt::format("Repeat it with: ./dev sim --seed {}", seed);
}

}  // namespace orderflow::simulation
