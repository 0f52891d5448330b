// Random workloads with a failure at a random or at every point, on a disk that loses what was not synced. What was
// acknowledged must be there afterwards, once; what was not may be there or not, but never twice. ORDERFLOW_SEED
// replays.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <set>

#include "libs/testing/run_seed.hpp"
#include "queue-service/journal/journal_rig.hpp"

namespace orderflow::queue {
namespace {

class Workload {
  public:
    explicit Workload(std::uint64_t seed) : random_(seed), rig_(seed) {
        rig_.options().committer.engine.window = {.messages = 4, .bytes = 4096};
        rig_.options().journal.checkpoint_pages = 20;
        rig_.open();
        queue_ = rig_.create("orders", {.visibility_timeout = 5s});
    }

    JournalRig& rig() { return rig_; }

    // Until `count` steps are done or the journal has failed.
    void run(int count) {
        for (int i = 0; i < count && !rig_.fatal(); ++i) step();
    }

    // After a reopen: everything acknowledged is received exactly once.
    void check() {
        rig_.loop().advance(5s);
        std::multiset<std::string> found;
        for (auto& body : rig_.drain(queue_)) found.insert(std::move(body));
        for (const auto& body : certain_) ASSERT_EQ(found.count(body), 1U) << "lost or doubled: " << body;
        for (const auto& body : found) {
            ASSERT_EQ(found.count(body), 1U) << "doubled: " << body;
            ASSERT_TRUE(certain_.contains(body) || unknown_.contains(body)) << "came back: " << body;
        }
        certain_.clear();
        unknown_.clear();
        held_.clear();
    }

  private:
    void step() {
        const auto dice = random_.below(10);
        if (dice < 5) {
            send();
        } else if (dice < 7) {
            receive();
        } else if (dice < 9) {
            remove();
        } else {
            rig_.loop().advance(std::chrono::seconds(random_.below(3)));
        }
    }
    void send() {
        std::vector<std::string> bodies;
        for (auto n = 1 + random_.below(5); n > 0; --n) {
            bodies.push_back("m" + std::to_string(sent_++) + std::string(random_.below(800), '.'));
        }
        const auto sent = rig_.send_all(queue_, bodies);
        if (!sent && sent.error().code() == "queue.disk_full") return;  // certainly not kept
        auto& where = sent ? certain_ : unknown_;
        where.insert(bodies.begin(), bodies.end());
    }
    void receive() {
        const auto received = rig_.receive(queue_, 3);
        if (!received) return;
        for (const auto& message : *received) held_.emplace_back(message.message->body, message.receipt);
    }
    void remove() {
        if (held_.empty()) return;
        const auto [body, receipt] = held_.back();
        held_.pop_back();
        if (!certain_.contains(body)) return;
        const auto before = rig_.counts(queue_);
        const auto removed = rig_.remove(queue_, receipt);
        if (!removed && removed.error().code() == "queue.disk_full") return;
        if (!removed || rig_.fatal()) {
            certain_.erase(body);
            unknown_.insert(body);
            return;
        }
        const auto after = rig_.counts(queue_);
        // An old receipt removes nothing.
        if (after.visible + after.in_flight < before.visible + before.in_flight) certain_.erase(body);
    }

    SeededEntropy random_;
    JournalRig rig_;
    QueueNo queue_{};
    int sent_ = 0;
    std::set<std::string> certain_;
    std::set<std::string> unknown_;
    std::vector<std::pair<std::string, std::string>> held_;
};

TEST(PowerCut, GivenRandomWorkloads_WhenThePowerIsCut_ThenNothingAcknowledgedIsLostOrDoubled) {
    const auto first = run_seed();
    for (std::uint64_t seed = first; seed < first + 15 && !::testing::Test::HasFatalFailure(); ++seed) {
        SCOPED_TRACE("ORDERFLOW_SEED=" + std::to_string(seed));
        Workload workload(seed);
        for (int cut = 0; cut < 3 && !::testing::Test::HasFatalFailure(); ++cut) {
            workload.run(25);
            workload.rig().cut_power();
            workload.rig().open();
            workload.check();
        }
    }
}

class FailingCall : public ::testing::TestWithParam<std::pair<FaultVfs::Call, int>> {};

TEST_P(FailingCall, GivenAWorkload_WhenItsNthDiskCallFails_ThenTheJournalStopsAndARestartFindsAllThatWasAcknowledged) {
    const auto [call, code] = GetParam();
    const auto seed = run_seed();
    bool reached = true;
    for (std::uint64_t nth = 1; reached && !::testing::Test::HasFatalFailure(); nth += 1 + nth / 8) {
        SCOPED_TRACE("ORDERFLOW_SEED=" + std::to_string(seed) + " call " + std::to_string(nth));
        Workload workload(seed);
        workload.rig().vfs().fail(call, nth, code);
        workload.run(40);
        reached = workload.rig().vfs().failed();
        if (reached) ASSERT_TRUE(workload.rig().fatal());
        workload.rig().cut_power();
        workload.rig().vfs().heal();
        workload.rig().open();
        workload.check();
    }
}

INSTANTIATE_TEST_SUITE_P(Disk, FailingCall,
                         ::testing::Values(std::pair(FaultVfs::Call::sync, SQLITE_IOERR_FSYNC),
                                           std::pair(FaultVfs::Call::write, SQLITE_IOERR_WRITE)));

TEST(FullDisk, GivenAWorkload_WhenTheDiskIsFullForAWhile_ThenWhatWasAcknowledgedIsThereWithoutARestart) {
    const auto first = run_seed();
    for (std::uint64_t seed = first; seed < first + 10 && !::testing::Test::HasFatalFailure(); ++seed) {
        SCOPED_TRACE("ORDERFLOW_SEED=" + std::to_string(seed));
        Workload workload(seed);
        workload.run(10);
        workload.rig().vfs().limit_file_bytes(40'000 + 1'000 * (seed % 20));
        workload.run(40);
        workload.rig().vfs().limit_file_bytes(std::nullopt);
        workload.rig().loop().advance(1s);
        workload.run(10);
        ASSERT_FALSE(workload.rig().fatal());
        workload.check();
    }
}

}  // namespace
}  // namespace orderflow::queue
