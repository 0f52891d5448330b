// Goal: rows hold what was counted, once, and what could not be delivered comes later.
#include "programs/instance_reporter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "libs/async/completion.hpp"
#include "libs/base/system_clock.hpp"
#include "libs/instances/instance_samples_test.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "programs/instance_figures.hpp"

namespace orderflow {
namespace {

using instances::InstanceRow;
using instances::samples::at;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(InstanceFigures, GivenNoMetrics_ThenNothingWasCounted) { EXPECT_EQ(totals_of({}), instances::Figures()); }

TEST(InstanceFigures, GivenMetrics_ThenEachIsInItsPlace) {
    observe::Metrics metrics;
    metrics.counter("orderflow_orders_accepted_total", "h").add(5);
    metrics.counter("orderflow_orders_refused_total", "h", {{"reason", "overloaded"}}).add(2);
    metrics.counter("orderflow_orders_refused_total", "h", {{"reason", "draining"}}).add(1);
    metrics.counter("orderflow_http_responses_total", "h", {{"route", "x"}, {"class", "2xx"}}).add(7);
    metrics.counter("orderflow_http_responses_total", "h", {{"route", "x"}, {"class", "5xx"}}).add(3);
    metrics.counter("orderflow_orders_settled_total", "h", {{"status", "rejected"}}).add(4);
    metrics.counter("orderflow_worker_messages_received_total", "h", {{"queue", "orders"}}).add(6);
    metrics.counter("orderflow_worker_messages_received_total", "h", {{"queue", "orders-commands"}}).add(8);
    auto bounds = observe::Metrics::latency_bounds();
    metrics.histogram("orderflow_http_request_seconds", "h", bounds, {{"route", "placeOrder"}}).observe(0.002);
    metrics.histogram("orderflow_http_request_seconds", "h", bounds, {{"route", "listOrders"}}).observe(9);
    metrics.histogram("orderflow_order_time_to_settled_seconds", "h", {1, 2}).observe(100);

    const auto totals = totals_of(metrics.read());

    EXPECT_EQ(totals.accepted, 5);
    EXPECT_EQ(totals.refused, 3);
    EXPECT_EQ(totals.responses, 10);
    EXPECT_EQ(totals.faults, 3);
    EXPECT_EQ(totals.rejected, 4);
    EXPECT_EQ(totals.received, 6) << "commands flow also when nobody takes orders";
    EXPECT_EQ(totals.accept.total(), 1);
    EXPECT_LE(totals.accept.quantile(1), std::chrono::microseconds(2500));
    EXPECT_EQ(totals.settle.total(), 1);
}

class ReportedRowsTest : public testing::Test {
  protected:
    static std::vector<alarms::AlarmRule> rules() {
        alarms::AlarmRule rule;
        rule.name = "deep";
        rule.severity = alarms::Severity::critical;
        rule.summary = "It is deep.";
        return {rule};
    }
    static InstanceRow pattern() {
        auto row = instances::samples::api("a", at(0s));
        row.from = row.until;
        return row;
    }

    observe::Metrics metrics;
    observe::Counter& accepted = metrics.counter("orderflow_orders_accepted_total", "h");
    observe::Gauge& deep = metrics.gauge("orderflow_alarm_active", "h", {{"name", "deep"}});
    ReportedRows rows{metrics, rules(), pattern()};
};

TEST_F(ReportedRowsTest, GivenCounts_ThenEachRowHasThoseSinceTheLastAndTimesJoin) {
    accepted.add(5);
    const auto first = rows.next(at(10s));
    accepted.add(2);
    const auto second = rows.next(at(20s));
    const auto third = rows.next(at(30s));

    EXPECT_EQ(first.figures.accepted, 5);
    EXPECT_EQ(second.figures.accepted, 2);
    EXPECT_EQ(third.figures.accepted, 0);
    EXPECT_EQ(first.from, at(0s));
    EXPECT_EQ(second.from, at(10s));
    EXPECT_EQ(second.until, at(20s));
}

TEST_F(ReportedRowsTest, GivenAWallClockThatIsSetBack_ThenARowOfNoTime) {
    rows.next(at(1h));
    const auto row = rows.next(at(10s));

    EXPECT_EQ(row.from, row.until);
}

TEST_F(ReportedRowsTest, GivenAnAlarm_ThenItsTimeIsThatOfItsBeginning) {
    EXPECT_THAT(rows.next(at(10s)).alarms, IsEmpty());
    deep.set(1);
    rows.next(at(20s));
    const auto active = rows.next(at(30s)).alarms;
    deep.set(0);

    ASSERT_THAT(active, SizeIs(1));
    EXPECT_EQ(active[0].since, at(20s));
    EXPECT_TRUE(active[0].critical);
    EXPECT_THAT(rows.next(at(40s)).alarms, IsEmpty());
}

TEST_F(ReportedRowsTest, GivenRowsThatWait_ThenOnlyNewsAndNotTooMany) {
    for (int i = 1; i <= 40; ++i) rows.wait(rows.next(at(i * 10s)));
    EXPECT_THAT(rows.waiting(), SizeIs(testing::Le(ReportedRows::waiting_max)));
    EXPECT_EQ(rows.waiting().back().until, at(400s));

    rows.wait(rows.next(at(1h)));
    EXPECT_THAT(rows.waiting(), SizeIs(1));
}

// Rows as they were delivered, of a receiver that may be down.
class Receiver {
  public:
    task<Result<void>> take(InstanceRow row) {
        const std::lock_guard lock(mutex_);
        if (down_) co_return fail(ErrorKind::unavailable, "down");
        rows_.push_back(std::move(row));
        co_return Result<void>();
    }
    void set_down(bool down) {
        const std::lock_guard lock(mutex_);
        down_ = down;
    }
    std::vector<InstanceRow> rows() {
        const std::lock_guard lock(mutex_);
        return rows_;
    }

  private:
    std::mutex mutex_;
    bool down_ = false;
    std::vector<InstanceRow> rows_;
};

task<void> nothing() { co_return; }

// A receiver that answers when the test says so.
class Hanging {
  public:
    task<Result<void>> take(InstanceRow /*row*/) {
        co_return co_await await_completion<Result<void>>(
            [this](Completion<Result<void>> done) { waiting_.push_back(std::move(done)); });
    }
    void answer() {
        for (auto& done : std::exchange(waiting_, {})) done.complete(Result<void>());
    }

  private:
    std::vector<Completion<Result<void>>> waiting_;
};

class Silent final : public observe::LogSink {
    void write(observe::LogLevel, std::string_view) override {}
};

class InstanceReporterTest : public testing::Test {
  protected:
    SystemClock clock;
    SeededEntropy entropy{5};
    Silent sink;
    observe::Logger log{clock, sink};
    observe::Metrics metrics;
    Receiver receiver;
    InstanceReporter reporter{{clock, entropy, log, metrics}, instances::Role::api, {}};
};

TEST_F(InstanceReporterTest, GivenAStartAndAnEnd_ThenBothAreReportedUnderOneId) {
    reporter.start({.deliver = [this](InstanceRow row) { return receiver.take(std::move(row)); }});
    while (receiver.rows().empty()) std::this_thread::yield();
    metrics.counter("orderflow_orders_accepted_total", "h").add(3);
    reporter.stop(clock.now() + 5s);

    const auto rows = receiver.rows();
    ASSERT_THAT(rows, SizeIs(2));
    EXPECT_EQ(rows[0].id, rows[1].id);
    EXPECT_THAT(rows[0].id, SizeIs(32));
    EXPECT_FALSE(rows[0].last);
    EXPECT_TRUE(rows[1].last);
    EXPECT_EQ(rows[1].figures.accepted, 3);
}

TEST_F(InstanceReporterTest, GivenAReceiverThatWasDown_ThenTheRowsComeLater) {
    receiver.set_down(true);
    std::promise<void> tried;
    bool once = false;
    reporter.start({.deliver = [this](InstanceRow row) { return receiver.take(std::move(row)); },
                    .then =
                        [&] {
                            if (!std::exchange(once, true)) tried.set_value();
                            return nothing();
                        }});
    tried.get_future().wait();
    receiver.set_down(false);
    reporter.stop(clock.now() + 5s);

    EXPECT_THAT(receiver.rows(), SizeIs(2));
}

TEST_F(InstanceReporterTest, GivenAReceiverThatNeverAnswers_WhenStopped_ThenItEndsAtItsDeadline) {
    Hanging hanging;
    reporter.start({.deliver = [&hanging](InstanceRow row) { return hanging.take(std::move(row)); }});
    const auto deadline = clock.now() + 50ms;
    reporter.stop(deadline);

    EXPECT_GE(clock.now(), deadline);
    hanging.answer();
}

}  // namespace
}  // namespace orderflow
