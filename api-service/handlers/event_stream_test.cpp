#include "api-service/handlers/event_stream.hpp"

#include "api-service/api_fixture_test.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class EventStreamTest : public ApiTest {
  protected:
    // Opens the stream and pulls pieces from it as the session does.
    std::shared_ptr<net::StreamBody> open(std::optional<std::string> last_event_id = std::nullopt) {
        auto request = get("/v1/orders/" + id.to_string() + "/stream");
        if (last_event_id) request.fields.emplace_back("Last-Event-ID", *last_event_id);
        const auto response = send(request);
        EXPECT_EQ(response.status, 200U);
        EXPECT_EQ(field(response, "Content-Type"), "text/event-stream");
        EXPECT_EQ(field(response, "X-Accel-Buffering"), "no");
        EXPECT_EQ(field(response, "Cache-Control"), "no-store");
        return response.stream;
    }
    void pull(std::shared_ptr<net::StreamBody> stream) {
        loop.spawn(collect_all(std::move(stream), stop.get_token(), text, ended));
    }
    static task<void> collect_all(std::shared_ptr<net::StreamBody> stream, std::stop_token stop, std::string& text,
                                  bool& ended) {
        while (auto piece = co_await stream->next(stop)) text += *piece;
        ended = true;
    }
    std::string taken() { return std::exchange(text, {}); }
    void settle_charge(orders::EffectState state) {
        std::vector<orders::Change> group;
        group.emplace_back(orders::SettleCharge(id, orders::charge_effect(id), state, "ref", "card-declined"));
        apply(std::move(group));
        loop.run_ready();
    }
    void TearDown() override {
        stop.request_stop();
        loop.run_ready();
    }

    std::stop_source stop;
    std::string text;
    bool ended = false;
};

TEST_F(EventStreamTest, GivenAnOrderThatIsNotStoredYet_ThenTheStreamWaitsForItsEvents) {
    pull(open());
    loop.run_ready();
    EXPECT_EQ(taken(),
              "retry: 2000\n\nevent: heartbeat\ndata: {\"version\":0,\"at\":\"2026-01-01T00:00:00.000Z\"}\n\n");

    store_order(id);
    loop.run_ready();

    EXPECT_THAT(text, StartsWith("id: 1\nevent: order.accepted\ndata: {\"version\":1,\"type\":\"order.accepted\","));
    EXPECT_THAT(text, HasSubstr("id: 2\nevent: order.created\n"));
}

TEST_F(EventStreamTest, GivenALastEventId_ThenOnlyLaterEventsCome) {
    store_order(id);
    pull(open("2"));
    loop.run_ready();

    EXPECT_THAT(text, Not(HasSubstr("id: 2\n")));
    EXPECT_THAT(text, HasSubstr("id: 3\n"));
}

TEST_F(EventStreamTest, GivenAChange_ThenEachNewEventComesOnce) {
    store_order(id);
    pull(open());
    loop.run_ready();
    taken();

    settle_charge(orders::EffectState::captured);

    EXPECT_THAT(text, HasSubstr("event: payment.captured\n"));
    EXPECT_THAT(text, HasSubstr("event: order.confirmed\n"));
    EXPECT_THAT(text, Not(HasSubstr("order.created")));
}

TEST_F(EventStreamTest, GivenSilence_ThenAHeartbeatTellsTheVersionEvery15Seconds) {
    store_order(id);
    pull(open());
    loop.run_ready();
    taken();

    loop.advance(14'999ms);
    EXPECT_EQ(taken(), "");
    loop.advance(1ms);
    EXPECT_THAT(taken(), StartsWith("event: heartbeat\ndata: {\"version\":3,\"at\":\"2026-01-01T00:00:15.000Z\"}\n\n"));
    loop.advance(15s);
    EXPECT_THAT(taken(), StartsWith("event: heartbeat\n"));
}

TEST_F(EventStreamTest, GivenAnOrderThatEnds_ThenTheStreamEndsAMinuteLater) {
    store_order(id);
    pull(open());
    loop.run_ready();

    settle_charge(orders::EffectState::declined);
    EXPECT_THAT(text, HasSubstr("event: order.rejected\n"));

    loop.advance(59s);
    EXPECT_FALSE(ended);
    loop.advance(1s);
    EXPECT_TRUE(ended);
}

TEST_F(EventStreamTest, GivenAnOrderThatIsOverAlready_ThenAClientThatComesBackIsNotKeptForEver) {
    store_order(id, samples::draft({{"unknown", 1}}));
    pull(open("99"));

    loop.advance(60s);

    EXPECT_TRUE(ended);
}

TEST_F(EventStreamTest, GivenAQuarterOfAnHour_ThenItEndsAndTheClientIsAskedAgainWhoItIs) {
    store_order(id);
    pull(open());

    loop.advance(15min - 1ms);
    EXPECT_FALSE(ended);
    loop.advance(1ms);
    EXPECT_TRUE(ended);
}

TEST_F(EventStreamTest, GivenAnOrderThatEndsJustBeforeTheStream_ThenTheStreamIsNotLonger) {
    store_order(id);
    pull(open());
    loop.advance(15min - 1s);

    settle_charge(orders::EffectState::declined);

    loop.advance(1s);
    EXPECT_TRUE(ended);
}

TEST_F(EventStreamTest, GivenAStop_ThenTheStreamEndsAtOnce) {
    pull(open());
    loop.run_ready();

    stop.request_stop();
    loop.run_ready();

    EXPECT_TRUE(ended);
}

TEST_F(EventStreamTest, GivenAStoreThatFails_ThenTheStreamEndsAndTheClientComesBack) {
    store_order(id);
    pull(open());
    loop.run_ready();
    reader.down = true;

    settle_charge(orders::EffectState::captured);

    EXPECT_TRUE(ended);
}

TEST_F(EventStreamTest, GivenALastEventIdThatIsNone_Then400) {
    for (const char* bad : {"", "x", "-1", "1.0", "12345678901234567890"}) {
        auto request = get("/v1/orders/" + id.to_string() + "/stream");
        request.fields.emplace_back("Last-Event-ID", bad);
        EXPECT_EQ(verdict(send(request)), "400 malformed-request") << bad;
    }
}

TEST_F(EventStreamTest, GivenOpenStreams_ThenTheyAreCounted) {
    auto stream = open();
    EXPECT_EQ(counted("orderflow_event_streams"), 1);

    stream.reset();

    EXPECT_EQ(counted("orderflow_event_streams"), 0);
}

}  // namespace
}  // namespace orderflow::api
