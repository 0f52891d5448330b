#include "api-service/handlers/overview.hpp"

#include "api-service/api_fixture_test.hpp"
#include "libs/contract/operator_message.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/instances/instance_samples_test.hpp"

namespace orderflow::api {
namespace {

using instances::samples::api;
using instances::samples::worker;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* overview = "/v1/admin/overview";
constexpr const char* history = "/v1/admin/overview/history";
constexpr const char* stream = "/v1/admin/overview/stream";
constexpr const char* workers = "/v1/admin/workers";

class OverviewTest : public ApiTest {
  protected:
    void keep(instances::InstanceRow row) { EXPECT_TRUE(loop.run(instance_rows.keep(std::move(row)))); }
    WallTime now() { return loop.clock().wall(); }
    static task<void> take_pieces(std::shared_ptr<net::StreamBody> body, std::stop_token stop,
                                  std::vector<std::string>& pieces) {
        while (auto piece = co_await body->next(stop)) pieces.push_back(*piece);
    }
    std::vector<orders::OperatorCommand> commands_sent() {
        std::vector<orders::OperatorCommand> sent;
        for (const auto& message : loop.run(commands.receive({})).value()) {
            sent.push_back(contract::decode_operator_message(message.body).value());
        }
        return sent;
    }
};

TEST_F(OverviewTest, GivenNobodyKnown_ThenEveryAddressIs401AndNothingIsSent) {
    config.admin_token = "operator-token-0123456789";

    for (const char* path : {overview, history, stream, workers}) {
        EXPECT_EQ(verdict(send(get(path))), "401 unauthorized") << path;
    }
    for (const char* what : {"/pause", "/resume", "/concurrency"}) {
        EXPECT_EQ(verdict(send(post_json(std::string(workers) + what, "{}"))), "401 unauthorized") << what;
    }
    EXPECT_TRUE(commands_sent().empty());
}

TEST_F(OverviewTest, GivenTheStoreCannotBeRead_Then503) {
    operator_reader.down = true;

    EXPECT_EQ(verdict(send(get(overview))), "503 store-unavailable");
    EXPECT_EQ(verdict(send(get(workers))), "503 store-unavailable");
}

TEST_F(OverviewTest, GivenNoRows_ThenWhatIsKnownIsTold) {
    const auto answer = send(get(overview));

    EXPECT_EQ(answer.status, 200U);
    EXPECT_THAT(answer.body, AllOf(HasSubstr(R"("name":"worker-silent","severity":"critical")"),
                                   HasSubstr(R"("name":"orders","visible":0)"), HasSubstr(R"("instances":[])")));
}

TEST_F(OverviewTest, GivenTwoApisAndTwoWorkers_ThenTheyAreSummed) {
    loop.advance(1h);
    keep(api("aaaaaaaa", now(), 10));
    keep(api("bbbbbbbb", now(), 30));
    auto one = worker("wwwwwwww", now(), 15);
    one.in_progress = 3;
    one.figures.settle.add(0.1, 15);
    keep(one);
    keep(worker("xxxxxxxx", now() - 1min));
    std::vector<orders::Change> group;
    group.emplace_back(orders::ParkMessage(samples::letter("m1", "a")));
    apply(std::move(group));

    const auto body = send(get(overview)).body;

    EXPECT_THAT(body, HasSubstr(R"("per_minute":{"accepted":240,)"));
    EXPECT_THAT(body, HasSubstr(R"("confirmed":90)"));
    EXPECT_THAT(body, HasSubstr(R"("settle":{"count":15,"p50_us":)"));
    EXPECT_THAT(body, HasSubstr(R"("in_progress":3,"dead_letters_open":1)"));
    EXPECT_THAT(body, HasSubstr(R"("name":"api-aaaaaa","program":"api-service","version":"1.2.3","state":"live")"));
    EXPECT_THAT(body,
                HasSubstr(R"("name":"worker-xxxxxx","program":"worker-service","version":"1.2.3","state":"gone")"));
    EXPECT_THAT(body, HasSubstr(R"("alarms":[])"));
}

TEST_F(OverviewTest, GivenEmptyQueues_ThenTheCapabilityIsThatOfTheQueueAndNotOfWhatIsInIt) {
    loop.advance(1h);
    auto seen = worker("wwwwwwww", now());
    seen.queues = {{.queue = "orders-dlq", .visible = 2, .in_flight = 0, .delayed = 0, .oldest_age = {}}};
    keep(seen);

    EXPECT_THAT(send(get(overview)).body, AllOf(HasSubstr(R"("name":"orders-dlq","visible":2)"),
                                                HasSubstr(R"("capabilities":{"oldest_age":true})")));
}

TEST_F(OverviewTest, GivenManyWhoLook_ThenItIsMadeOnceASecond) {
    const auto first = send(get(overview)).body;
    keep(api("aaaaaaaa", now(), 10));

    EXPECT_EQ(send(get(overview)).body, first);
    loop.advance(1s);
    EXPECT_NE(send(get(overview)).body, first);
}

TEST_F(OverviewTest, GivenAStream_ThenTheOverviewComesOnceASecondAndAHeartbeatWhenItCannotBeRead) {
    const auto answer = send(get(stream));
    ASSERT_NE(answer.stream, nullptr);
    EXPECT_EQ(field(answer, "Content-Type"), "text/event-stream");
    std::stop_source stop;
    std::vector<std::string> pieces;
    loop.spawn(take_pieces(answer.stream, stop.get_token(), pieces));
    loop.run_ready();
    ASSERT_EQ(pieces.size(), 1U);
    EXPECT_THAT(pieces[0], StartsWith("retry: 2000\n\nevent: overview\ndata: {\"at\":"));

    for (int i = 0; i < 3; ++i) loop.advance(1s);
    EXPECT_EQ(pieces.size(), 4U);
    operator_reader.down = true;
    loop.advance(1s);
    EXPECT_THAT(pieces.back(), StartsWith("event: heartbeat\ndata: {\"at\":"));

    stop.request_stop();
    loop.run_ready();
}

TEST_F(OverviewTest, GivenAQuarterOfAnHour_ThenTheStreamEndsAndItsReaderIsAskedAgainWhoTheyAre) {
    const auto answer = send(get(stream));
    const std::stop_source stop;
    std::vector<std::string> pieces;
    loop.spawn(take_pieces(answer.stream, stop.get_token(), pieces));
    loop.advance(15min - 1s);
    const auto before = pieces.size();

    loop.advance(10s);

    EXPECT_EQ(before, 900U);
    EXPECT_EQ(pieces.size(), before);
}

TEST_F(OverviewTest, GivenTooManyStreams_Then503UntilOneEnds) {
    std::vector<std::shared_ptr<net::StreamBody>> open;
    for (int i = 0; i < OverviewHandler::streams_max; ++i) open.push_back(send(get(stream)).stream);
    EXPECT_EQ(verdict(send(get(stream))), "503 overloaded");

    open.pop_back();
    EXPECT_EQ(send(get(stream)).status, 200U);
}

TEST_F(OverviewTest, GivenRowsOfADay_ThenTheHistoryHoldsAllOfThemInSpans) {
    loop.advance(25h);
    for (int i = 0; i < 24; ++i) {
        keep(api("aaaaaaaa", now() - i * 1h, 1));
        keep(worker("wwwwwwww", now() - i * 1h, 1));
    }

    const auto answer = send(get(history, "step=3600"));

    const auto body = body_of(answer);
    const auto* spans = body.find("data")->array();
    ASSERT_NE(spans, nullptr);
    EXPECT_EQ(spans->size(), 24U);
    for (const auto& span : *spans) {
        EXPECT_EQ(span.find("accepted")->number()->to_int64().value(), 1);
        EXPECT_EQ(span.find("instances")->number()->to_int64().value(), 2);
    }
}

TEST_F(OverviewTest, GivenAQueryOfTheHistoryThatBreaksARule_Then400) {
    for (const char* query : {"from=yesterday", "to=2026-13-01T00:00:00.000Z", "step=9", "step=86401", "step=x",
                              "from=2026-01-02T00:00:00.000Z&to=2026-01-01T00:00:00.000Z",
                              "from=2026-01-01T00:00:00.000Z&to=2026-01-04T00:00:00.000Z", "step=10"}) {
        EXPECT_EQ(verdict(send(get(history, query))), "400 malformed-request") << query;
    }
    EXPECT_EQ(send(get(history)).status, 200U);
}

TEST_F(OverviewTest, GivenWorkers_ThenWhatTheyAreToldIsADurableCommand) {
    EXPECT_EQ(send(post_json("/v1/admin/workers/pause", R"({"by":"kim","reason":"the provider is down"})")).status,
              202U);
    EXPECT_EQ(send(post_json("/v1/admin/workers/resume", "{}")).status, 202U);
    EXPECT_EQ(send(post_json("/v1/admin/workers/concurrency", R"({"in_progress_max":64})")).status, 202U);
    EXPECT_EQ(send(post_json("/v1/admin/workers/concurrency", R"({"in_progress_max":null})")).status, 202U);

    const auto sent = commands_sent();
    ASSERT_EQ(sent.size(), 4U);
    using Action = orders::DirectWorkers::Action;
    EXPECT_EQ(sent[0].by, "kim");
    EXPECT_EQ(std::get<orders::DirectWorkers>(sent[0].wish).action, Action::pause);
    EXPECT_EQ(std::get<orders::DirectWorkers>(sent[1].wish).action, Action::resume);
    EXPECT_EQ(std::get<orders::DirectWorkers>(sent[2].wish).in_progress_max, 64);
    EXPECT_EQ(std::get<orders::DirectWorkers>(sent[3].wish).in_progress_max, std::nullopt);
}

TEST_F(OverviewTest, GivenALimitThatIsNone_Then422) {
    for (const char* body : {"{}", R"({"in_progress_max":0})", R"({"in_progress_max":2049})",
                             R"({"in_progress_max":"1"})", R"({"in_progress_max":1,"more":1})"}) {
        EXPECT_EQ(verdict(send(post_json("/v1/admin/workers/concurrency", body))), "422 validation-failed") << body;
    }
}

TEST_F(OverviewTest, GivenTwoInstancesThatShareALimit_ThenEachAllowsHalfOfIt) {
    config.rates.loopback = 10;
    std::int64_t instances = 2;
    shared_by = [&instances] { return instances; };
    const auto allowed = [this] {
        int count = 0;
        while (send(get("/v1/products")).status == 200U) ++count;
        return count;
    };

    EXPECT_EQ(allowed(), 10) << "of the twenty that may come at once";
    loop.advance(1s);
    EXPECT_EQ(allowed(), 5);
    instances = 1;
    loop.advance(1s);
    EXPECT_EQ(allowed(), 10);
}

TEST_F(OverviewTest, GivenAPauseThatWasCarriedOut_ThenTheWorkersTellOfIt) {
    loop.advance(1h);
    keep(worker("wwwwwwww", now()));
    keep(api("aaaaaaaa", now()));
    orders::OperatorCommand command("c1", orders::DirectWorkers{.action = orders::DirectWorkers::Action::pause}, now());
    EXPECT_TRUE(loop.run(store.operate(command)));

    const auto body = send(get(workers)).body;

    EXPECT_THAT(body, StartsWith(R"({"paused":true,"paused_by":{"asked_at":")" + contract::to_timestamp(now()) +
                                 R"(","command":"/v1/admin/audit/c1"},"data":[{"id":"wwwwwwww")"));
    EXPECT_THAT(body, Not(HasSubstr("aaaaaaaa"))) << "it is no worker";
}

}  // namespace
}  // namespace orderflow::api
