// Method: a load on a real server in this process, whose handlers are as slow as a test says.
#include "orderflow/load/load_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>

#include "tests/integration/http_test_routes.hpp"
#include "tests/integration/http_test_server.hpp"

namespace orderflow::load {
namespace {

using net::HttpTestServer;
using net::Request;
using net::Response;

Response accepted() {
    return Response::of(202, "application/json", R"({"id":"ord_3rqzbx6zgx763dbz419c4xewhm","status":"accepted"})");
}

task<Response> accept(const Request&) { co_return accepted(); }

// `clock` outlives it.
task<Response> accept_later(const Request& request, const Clock& clock, std::chrono::milliseconds after) {
    co_await sleep_until(*request.loop, clock.now() + after, request.stop);
    co_return accepted();
}

class ALoadLoop : public ::testing::Test {
  protected:
    LoadOptions options(const HttpTestServer& server) {
        LoadOptions some;
        some.server = server.bound();
        some.host = some.server.to_string();
        some.skus = {"PC-SHARP"};
        some.seed = 1;
        some.trackers = 0;
        return some;
    }
    LoadResult run(const LoadOptions& some) {
        auto result = LoadLoop(some, clock_, [](std::string_view) {}).run();
        if (!result) throw std::runtime_error(result.error().detail());
        return *std::move(result);
    }
    net::Route slow(std::chrono::milliseconds after) {
        return net::post("/order",
                         [this, after](const Request& request) { return accept_later(request, clock_, after); });
    }

    SystemClock clock_;
};

TEST_F(ALoadLoop, GivenAServerSlowerThanTheSchedule_ThenLatencyCountsFromTheScheduleAndTheRestIsTold) {
    const HttpTestServer server({slow(50ms)});
    auto some = options(server);
    some.connections = 1;
    some.rate = 100;
    some.duration = 1s;

    const auto result = run(some);

    // One connection carries twenty requests in that second; the last of them was due 0.8 s before it could be sent.
    EXPECT_LE(result.counts.sent, 21U);
    EXPECT_GE(result.overdue, 75U);
    EXPECT_GT(result.latency.max(), 500ms);
    EXPECT_GT(result.latency.at(500), 250ms);
}

TEST_F(ALoadLoop, GivenNoSchedule_ThenEachRequestFollowsAnAnswerAndNothingIsOverdue) {
    const HttpTestServer server({slow(20ms)});
    auto some = options(server);
    some.connections = 2;
    some.orders = 20;

    const auto result = run(some);

    EXPECT_EQ(result.counts.accepted, 20U);
    EXPECT_EQ(result.overdue, 0U);
    EXPECT_GE(result.latency.at(1), 20ms);
    EXPECT_GE(result.sending, 190ms) << "two at a time";
}

TEST_F(ALoadLoop, GivenARateThatIsKept_ThenTheRequestsAreSpreadOverTheTime) {
    const HttpTestServer server({net::post("/order", accept)});
    auto some = options(server);
    some.rate = 100;
    some.orders = 50;

    const auto result = run(some);

    EXPECT_EQ(result.counts.sent, 50U);
    EXPECT_EQ(result.counts.errors, 0U);
    EXPECT_GE(result.sending, 490ms);
    EXPECT_EQ(result.stopped_because, "");
}

// Keys that came, with how often they did.
class Keys {
  public:
    void note(const Request& request) {
        const std::lock_guard lock(mutex_);
        ++counts_[std::string(request.field("Idempotency-Key").value_or(""))];
    }
    std::map<std::string, int> counts() {
        const std::lock_guard lock(mutex_);
        return counts_;
    }

  private:
    std::mutex mutex_;
    std::map<std::string, int> counts_;
};

TEST_F(ALoadLoop, GivenAnswersThatBreak_ThenTheOutcomeIsUnknownAndSomeAreRepeatedWithTheirKey) {
    Keys keys;
    const HttpTestServer server({net::post("/order", [&keys](const Request& request) {
        keys.note(request);
        return net::fail_hard(request);
    })});
    auto some = options(server);
    some.connections = 4;
    some.orders = 40;
    some.keep_going = true;

    const auto result = run(some);

    const auto counts = keys.counts();
    EXPECT_EQ(counts.size(), 40U);
    EXPECT_EQ(result.counts.accepted, 0U);
    EXPECT_EQ(result.counts.unknown, result.counts.sent);
    EXPECT_GT(result.counts.sent, 40U) << "some are sent again";
    EXPECT_TRUE(std::ranges::any_of(counts, [](const auto& each) { return each.second > 1; }));
}

// The counters of a server that settles one order at each look.
class Counters {
  public:
    explicit Counters(int orders) : left_(orders), orders_(orders) {}
    Response look() {
        const int left = left_ > 0 ? left_-- : 0;
        return Response::of(200, "text/plain", settled(left) + queued(left));
    }
    // The same on the pages of two programs; the worker's is the one that goes on.
    Response look_at_the_worker() { return Response::of(200, "text/plain", settled(left_ > 0 ? left_-- : 0)); }
    Response look_at_the_queue() const { return Response::of(200, "text/plain", queued(left_)); }

  private:
    std::string settled(int left) const {
        return "orderflow_orders_settled_total{status=\"confirmed\"} " + std::to_string(orders_ - left) + "\n";
    }
    static std::string queued(int left) {
        return "orderflow_queue_visible_messages{queue=\"orders\"} " + std::to_string(left) + "\n";
    }

    std::atomic<int> left_;
    int orders_;
};

task<Response> answer(Response response) { co_return response; }

// `clock` outlives it.
task<Response> answer_later(const Request& request, const Clock& clock, std::chrono::milliseconds after,
                            std::string page) {
    if (after > 0ms) co_await sleep_until(*request.loop, clock.now() + after, request.stop);
    co_return Response::of(200, "text/plain", std::move(page));
}

TEST_F(ALoadLoop, WhenAskedToSettle_ThenItWaitsUntilTheServerSaysSo) {
    constexpr int orders = 5;
    Counters counters(orders);
    const HttpTestServer server({net::post("/order", accept), net::get("/metrics", [&counters](const Request&) {
                                     return answer(counters.look());
                                 })});
    auto some = options(server);
    some.orders = orders;
    some.settle_within = 10s;

    const auto result = run(some);

    EXPECT_TRUE(result.settled_after.has_value());
    EXPECT_EQ(result.settled_orders, 5U);
    EXPECT_TRUE(went_well(some, result));
}

TEST_F(ALoadLoop, GivenServicesThatRunApart_WhenAskedToSettle_ThenTheirPagesAreTakenTogether) {
    constexpr int orders = 5;
    Counters counters(orders);
    const HttpTestServer api({net::post("/order", accept), net::get("/metrics", [](const Request&) {
                                  return answer(Response::of(200, "text/plain", "orderflow_http_connections 1\n"));
                              })});
    const HttpTestServer worker(
        {net::get("/metrics", [&](const Request&) { return answer(counters.look_at_the_worker()); })});
    const HttpTestServer queue(
        {net::get("/metrics", [&](const Request&) { return answer(counters.look_at_the_queue()); })});
    auto some = options(api);
    some.orders = orders;
    some.settle_within = 10s;
    for (const auto* program : {&worker, &queue}) {
        some.more_metrics.push_back({.server = program->bound(), .host = program->bound().to_string()});
    }

    const auto result = run(some);

    EXPECT_TRUE(result.settled_after.has_value());
    EXPECT_EQ(result.settled_orders, 5U);
}

TEST_F(ALoadLoop, GivenAServiceThatDoesNotAnswer_WhenAskedToSettle_ThenItIsNotSaidThatAllIsSettled) {
    const HttpTestServer server(
        {net::post("/order", accept), net::get("/metrics", [](const Request&) { return answer(Counters(0).look()); })});
    const HttpTestServer worker(std::vector<net::Route>{});
    auto some = options(server);
    some.orders = 5;
    some.mix.cancel = 1;  // then an empty queue is all there is to see
    some.settle_within = 100ms;
    some.more_metrics.push_back({.server = worker.bound(), .host = worker.bound().to_string()});

    EXPECT_FALSE(run(some).settled_after.has_value());
}

TEST_F(ALoadLoop, GivenACounterWithoutAQueue_WhenOlderOrdersSettle_ThenItIsNotSaidThatAllIsSettled) {
    std::atomic<int> settled = 0;
    const HttpTestServer server(
        {net::post("/order", accept), net::get("/metrics", [&settled](const Request&) {
             settled += 100;
             return answer(Response::of(
                 200, "text/plain",
                 "orderflow_orders_settled_total{status=\"confirmed\"} " + std::to_string(settled) + "\n"));
         })});
    auto some = options(server);
    some.orders = 5;
    some.settle_within = 100ms;

    EXPECT_FALSE(run(some).settled_after.has_value());
}

// Method: the answer to the question that was under way when the last order was sent is held back, and says that the
// queue is empty; every later one says that it is not.
TEST_F(ALoadLoop, GivenAnAnswerFromBeforeTheLastOrder_WhenAskedToSettle_ThenItDoesNotCount) {
    std::atomic<int> looks = 0;
    const HttpTestServer server({slow(1100ms), net::get("/metrics", [&, this](const Request& request) {
                                     const auto look = ++looks;
                                     const auto page = "orderflow_queue_visible_messages{queue=\"orders\"} " +
                                                       std::to_string(look <= 2 ? 0 : 1) + "\n";
                                     return answer_later(request, clock_, look == 2 ? 300ms : 0ms, page);
                                 })});
    auto some = options(server);
    some.connections = 1;
    some.orders = 1;
    some.settle_within = 1s;

    EXPECT_FALSE(run(some).settled_after.has_value());
    EXPECT_GE(looks, 3);
}

TEST_F(ALoadLoop, WhenAServerTellsNoCounters_ThenWaitingForThemEnds) {
    const HttpTestServer server({net::post("/order", accept)});
    auto some = options(server);
    some.orders = 5;
    some.settle_within = 100ms;

    const auto result = run(some);

    EXPECT_EQ(result.counts.accepted, 5U);
    EXPECT_FALSE(result.settled_after.has_value());
    EXPECT_FALSE(went_well(some, result));
}

}  // namespace
}  // namespace orderflow::load
