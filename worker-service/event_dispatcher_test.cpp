// From a committed event to the endpoint that wants it: failures, crashes, two workers, replays. Time is virtual.
#include "worker-service/event_dispatcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

#include "libs/orders/ports/operator_store.hpp"
#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"
#include "worker-service/dispatch_rig_test.hpp"

namespace orderflow::worker {
namespace {

using orders::DeliveryOutcome;
using orders::EventEndpoint;
using orders::SendAnswer;
using orders::samples::order_id;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class Dispatch : public ::testing::Test {
  protected:
    // A worker. A dead one is forgotten with its loop's work still waiting.
    struct Worker {
        Worker(Dispatch& test, std::uint64_t seed)
            : store(test.memory),
              receiver(test.loop),
              entropy(seed),
              dispatcher({store, test.memory, test.memory, receiver, observer, entropy, test.tracer},
                         {test.loop, Spawner(test.loop.context().get_executor()), test.loop.clock()},
                         DispatchPolicy()) {}
        SwitchableStore store;
        Receiver receiver;
        SilentObserver observer;
        SeededEntropy entropy;
        EventDispatcher dispatcher;
    };

    ~Dispatch() override {
        for (auto& worker : workers) {
            if (worker) loop.run(worker->dispatcher.stop(loop.clock().now() + 60s));
        }
    }
    Worker& start(std::uint64_t seed = 1) {
        workers.push_back(std::make_unique<Worker>(*this, seed));
        workers.back()->dispatcher.start();
        return *workers.back();
    }
    orders::CommandRecord command(const std::string& id, orders::EndpointWish wish) {
        orders::OperatorCommand wanted(id, orders::EndpointCommand("wh_1", std::move(wish)), loop.clock().wall());
        (void)loop.run(memory.operate(std::move(wanted)));
        return loop.run(memory.command(id)).value().value();
    }
    void create(std::vector<orders::EventType> events = {}) {
        orders::CreateEndpoint create;
        create.settings.url = "https://shop.example/";
        create.settings.events = std::move(events);
        create.secret = "whsec_x";
        ASSERT_EQ(command("create", create).state, orders::CommandState::done);
    }
    // Of an order that is placed and paid, in a trace: its events.
    std::vector<std::string> confirm(std::uint32_t number, const std::string& traceparent = {}) {
        std::vector<orders::Change> changes;
        const auto id = order_id(number);
        changes.emplace_back(orders::samples::place(id, orders::samples::draft({{"mug", 1}})));
        changes.emplace_back(orders::SettleCharge(id, orders::charge_effect(id), orders::EffectState::captured, "p"));
        for (auto& change : changes) orders::set_trace(change, traceparent);
        (void)loop.run(memory.apply(std::move(changes)));
        return ids_of(number);
    }
    std::vector<std::string> ids_of(std::uint32_t number) {
        std::vector<std::string> ids;
        for (const auto& event : loop.run(memory.events(order_id(number), 0)).value()) {
            ids.push_back(orders::event_id(order_id(number), event.version));
        }
        return ids;
    }
    std::vector<orders::EventDelivery> log() {
        orders::DeliveryQuery query;
        query.endpoint = "wh_1";
        query.limit = 100;
        return loop.run(memory.deliveries(query)).value().deliveries;
    }
    EventEndpoint endpoint() { return loop.run(memory.endpoint("wh_1")).value().value(); }
    orders::EventLane live() { return loop.run(memory.lanes("wh_1")).value().back(); }

    static std::vector<orders::ShelfItem> catalogue() {
        std::vector<orders::ShelfItem> items;
        for (const auto& [sku, item] : orders::samples::SampleShelf().items()) items.push_back(item);
        return items;
    }
    SimLoop loop;
    observe::Tracer* tracer = nullptr;  // of workers that are started
    orders::TablePricing pricing = orders::samples::pricing();
    storage::InMemoryOrderStore memory{loop.clock(), pricing, catalogue()};
    std::vector<std::unique_ptr<Worker>> workers;
};

TEST_F(Dispatch, GivenAnOrderThatIsHeldBack_WhenItsCustomerIsErased_ThenItIsNotTriedAgainAndHoldsUpNothing) {
    create();
    auto& worker = start();
    bool refuses = true;
    worker.receiver.answer = [&](const std::string& id) {
        return refuses && id.starts_with(order_id(1).to_string()) ? status(500) : taken();
    };
    confirm(1);
    std::vector<orders::Change> end;
    end.emplace_back(orders::CancelOrder(order_id(1), "c1", "customer", loop.clock().wall()));
    end.emplace_back(
        orders::SettleRefund(order_id(1), orders::refund_effect(order_id(1)), orders::EffectState::refunded, "back"));
    (void)loop.run(memory.apply(std::move(end)));
    loop.advance(2s);
    ASSERT_THAT(live().held, SizeIs(1));
    const auto calls = of_order(worker.receiver.seen, 1).size();

    const orders::OperatorCommand erase(
        "erase", orders::EraseCustomer(orders::EraseCustomer::By::email, "ada@example.org"), loop.clock().wall());
    while (loop.run(memory.operate(erase)).value().kind != orders::OperatorStep::Kind::finished) {
    }
    ASSERT_TRUE(loop.run(memory.find(order_id(1))).value().tombstone);
    refuses = false;
    const auto next = confirm(2);
    loop.advance(10min);

    EXPECT_THAT(live().held, IsEmpty());
    EXPECT_THAT(of_order(worker.receiver.seen, 1), SizeIs(calls));
    EXPECT_EQ(of_order(worker.receiver.accepted, 2), next);
    // It does not go silently.
    EXPECT_EQ(live().given_up, 1);
    const auto entries = log();
    const auto gone = std::ranges::find(entries, DeliveryOutcome::given_up, &orders::EventDelivery::outcome);
    ASSERT_NE(gone, entries.end());
    EXPECT_EQ(gone->code, "order.gone");
    EXPECT_EQ(gone->order, order_id(1));
    EXPECT_EQ(gone->version, 1);
}

TEST_F(Dispatch, GivenAnEndpoint_WhenOrdersGoOn_ThenItGetsEveryEventInOrderAndEachIsLogged) {
    confirm(1);
    create();
    auto& worker = start();
    loop.advance(2s);
    EXPECT_THAT(worker.receiver.seen, IsEmpty()) << "what was before";
    const auto second = confirm(2);
    const auto third = confirm(3);
    loop.advance(2s);
    EXPECT_EQ(of_order(worker.receiver.seen, 2), second);
    EXPECT_EQ(of_order(worker.receiver.seen, 3), third);
    EXPECT_THAT(log(), SizeIs(second.size() + third.size()));
    EXPECT_EQ(log().front().outcome, DeliveryOutcome::delivered);
    EXPECT_EQ(log().front().status, 204);
    EXPECT_EQ(live().delivered, static_cast<std::int64_t>(second.size() + third.size()));
}

class TracedDispatch : public Dispatch {
  protected:
    class Kept final : public observe::SpanSink {
      public:
        void take(observe::SpanRecord span) noexcept override { spans.push_back(std::move(span)); }
        std::vector<observe::SpanRecord> spans;
    };
    static std::string text(const observe::SpanRecord& span, std::string_view key) {
        const auto found = std::ranges::find(span.attributes, key, &observe::SpanRecord::Attribute::key);
        if (found == span.attributes.end()) return "";
        const auto* number = std::get_if<std::int64_t>(&found->value);
        return number != nullptr ? std::to_string(*number) : std::get<std::string>(found->value);
    }
    ~TracedDispatch() override {
        for (auto& worker : workers) loop.run(worker->dispatcher.stop(loop.clock().now() + 60s));
        workers.clear();
    }

    const std::string trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
    const std::string change = "00-" + trace_id + "-00f067aa0ba902b7-01";
    Kept kept;
    SeededEntropy span_ids{9};
    observe::Tracer own{{loop.clock(), span_ids, kept}, {}};
};

TEST_F(TracedDispatch, GivenAnOrderThatIsTraced_WhenDelivered_ThenEachAttemptIsASpanBelowItsChangeAndTravels) {
    tracer = &own;
    create({orders::EventType::order_confirmed});
    auto& worker = start();
    bool refuses = true;
    worker.receiver.answer = [&](const std::string&) { return refuses ? status(503) : taken(); };
    confirm(1, change);
    loop.advance(1s);
    refuses = false;
    loop.advance(10min);

    ASSERT_GE(kept.spans.size(), 2U);
    ASSERT_THAT(worker.receiver.traceparents, SizeIs(kept.spans.size()));
    for (std::size_t i = 0; i < kept.spans.size(); ++i) {
        const auto& span = kept.spans[i];
        EXPECT_EQ(span.name, "deliver webhook");
        EXPECT_EQ(span.kind, observe::SpanKind::client);
        EXPECT_EQ(observe::hex(span.parent), "00f067aa0ba902b7");
        EXPECT_EQ(worker.receiver.traceparents[i], "00-" + trace_id + "-" + observe::hex(span.context.span_id) + "-01");
        EXPECT_EQ(text(span, "orderflow.endpoint.id"), "wh_1");
        EXPECT_EQ(text(span, "orderflow.event.id"), worker.receiver.seen[i]);
        EXPECT_EQ(text(span, "orderflow.delivery.attempt"), std::to_string(i + 1));
        for (const auto& [key, value] : span.attributes) {
            const auto* words = std::get_if<std::string>(&value);
            if (words != nullptr) EXPECT_THAT(*words, Not(testing::HasSubstr("shop.example"))) << key << ": a URL";
        }
    }
    EXPECT_EQ(kept.spans.front().error, "http-503");
    EXPECT_EQ(text(kept.spans.front(), "http.response.status_code"), "503");
    EXPECT_EQ(kept.spans.back().error, "");
    EXPECT_EQ(text(kept.spans.back(), "http.response.status_code"), "204");
}

TEST_F(TracedDispatch, GivenAnOrderThatIsNotTraced_WhenDelivered_ThenThereIsNoSpanAndNothingTravels) {
    tracer = &own;
    create();
    auto& worker = start();
    confirm(1);
    loop.advance(3s);

    EXPECT_THAT(worker.receiver.seen, Not(IsEmpty()));
    EXPECT_THAT(worker.receiver.traceparents, testing::Each(std::string()));
    EXPECT_THAT(kept.spans, IsEmpty());
}

TEST_F(TracedDispatch, GivenAWorkerThatDoesNotTrace_WhenATracedOrderIsDelivered_ThenItsTraceTravelsOn) {
    create();
    auto& worker = start();
    confirm(1, change);
    loop.advance(3s);

    EXPECT_THAT(worker.receiver.traceparents, Not(IsEmpty()));
    EXPECT_THAT(worker.receiver.traceparents, testing::Each(change));
}

TEST_F(Dispatch, GivenTypesThatAreWanted_WhenOrdersGoOn_ThenOthersAreNotSent) {
    create({orders::EventType::order_confirmed});
    auto& worker = start();
    confirm(1);
    loop.advance(3s);
    EXPECT_THAT(worker.receiver.types, ElementsAre("order.confirmed"));
}

TEST_F(Dispatch, GivenAReceiverThatRefusesOneOrder_WhenOthersGoOn_ThenOnlyThatOneWaits) {
    create();
    auto& worker = start();
    bool refuses = true;
    worker.receiver.answer = [&](const std::string& id) {
        return refuses && id.starts_with(order_id(1).to_string()) ? status(500) : taken();
    };
    const auto first = confirm(1);
    const auto second = confirm(2);
    loop.advance(3s);
    EXPECT_EQ(of_order(worker.receiver.accepted, 2), second);
    EXPECT_THAT(of_order(worker.receiver.accepted, 1), IsEmpty());
    for (const auto& id : of_order(worker.receiver.seen, 1)) EXPECT_EQ(id, first.front()) << "later ones wait";
    refuses = false;
    loop.advance(std::chrono::minutes(11));
    EXPECT_EQ(of_order(worker.receiver.accepted, 1), first);
    EXPECT_THAT(live().held, IsEmpty());
}

TEST_F(Dispatch, GivenAReceiverThatIsDownForADay_WhenItIsBack_ThenAllComesInOrderAndSoon) {
    create();
    auto& worker = start();
    bool is_down = true;
    worker.receiver.answer = [&](const std::string&) { return is_down ? status(502) : taken(); };
    std::map<std::uint32_t, std::vector<std::string>> expected;
    for (std::uint32_t number = 1; number <= 30; ++number) expected[number] = confirm(number);
    loop.advance(std::chrono::hours(24));
    EXPECT_THAT(worker.receiver.accepted, IsEmpty());
    EXPECT_LT(worker.receiver.seen.size(), 200U) << "it is not hammered";
    EXPECT_TRUE(endpoint().enabled);
    EXPECT_TRUE(worker.observer.last.failing);
    EXPECT_GT(worker.observer.last.oldest, std::chrono::hours(23));
    is_down = false;
    loop.advance(std::chrono::hours(24));
    for (const auto& [number, ids] : expected) EXPECT_EQ(of_order(worker.receiver.accepted, number), ids);
    EXPECT_FALSE(worker.observer.last.failing);
}

TEST_F(Dispatch, GivenAReceiverThatNeverComesBack_WhenTheScheduleIsOver_ThenItIsDisabledAndSaysWhy) {
    create();
    auto& worker = start();
    worker.receiver.answer = [](const std::string&) { return status(500); };
    const auto ids = confirm(1);
    loop.advance(std::chrono::hours(24 * 8));
    EXPECT_FALSE(endpoint().enabled);
    EXPECT_EQ(endpoint().disabled_code, "failing");
    EXPECT_THAT(worker.receiver.seen, SizeIs(10U));
    EXPECT_THAT(worker.observer.disabled_codes, ElementsAre("failing"));
    EXPECT_EQ(log().front().outcome, DeliveryOutcome::disabled);

    worker.receiver.answer = [](const std::string&) { return taken(); };
    orders::UpdateEndpoint enable;
    enable.enabled = true;
    command("enable", enable);
    loop.advance(5s);
    EXPECT_EQ(worker.receiver.accepted, ids) << "nothing was lost";
}

TEST_F(Dispatch, GivenAnEndpointThatIsGone_WhenItSaysSo_ThenItIsCalledNoMore) {
    create();
    auto& worker = start();
    worker.receiver.answer = [](const std::string&) { return status(410); };
    confirm(1);
    loop.advance(std::chrono::hours(200));
    EXPECT_THAT(worker.receiver.seen, SizeIs(1U));
    EXPECT_EQ(endpoint().disabled_code, "gone");
}

TEST_F(Dispatch, GivenASlowReceiver_WhenThereIsMuch_ThenCallsAtOnceAreBoundedAndEachHasADeadline) {
    create();
    auto& worker = start();
    worker.receiver.takes = 100s;
    for (std::uint32_t number = 1; number <= 20; ++number) confirm(number);
    loop.advance(14s);
    EXPECT_EQ(worker.receiver.at_once_max, DispatchPolicy().calls_max);
    loop.advance(5s);
    EXPECT_THAT(log(), Not(IsEmpty()));
    EXPECT_EQ(log().back().code, "http.timeout");
    EXPECT_GE(log().back().duration_ms, 14'900);
}

TEST_F(Dispatch, GivenAWorkerThatDies_WhenAnotherTakesOver_ThenEveryEventComesInOrder) {
    create();
    auto& first = start(1);
    first.receiver.takes = 50ms;
    auto& second = start(2);
    std::map<std::uint32_t, std::vector<std::string>> expected;
    loop.advance(2s);
    const bool first_serves = endpoint().owner != "" && first.receiver.seen.empty();
    EXPECT_TRUE(first_serves);
    for (std::uint32_t number = 1; number <= 40; ++number) expected[number] = confirm(number);
    loop.advance(500ms);
    ASSERT_THAT(first.receiver.seen, Not(IsEmpty()));
    EXPECT_THAT(second.receiver.seen, IsEmpty()) << "one serves an endpoint";
    // It is cut off from the store: what it delivers from now on is recorded by nobody.
    first.store.down = true;
    loop.advance(100s);
    std::map<std::uint32_t, std::vector<std::string>> firsts;
    for (const auto* receiver : {&first.receiver, &second.receiver}) {
        for (std::uint32_t number = 1; number <= 40; ++number) {
            for (const auto& id : of_order(receiver->accepted, number)) {
                auto& order = firsts[number];
                if (std::ranges::find(order, id) == order.end()) order.push_back(id);
            }
        }
    }
    EXPECT_EQ(firsts, expected);
    EXPECT_THAT(second.receiver.accepted, Not(IsEmpty()));
}

TEST_F(Dispatch, GivenAWorkerThatIsCutOff_WhenItsLeaseEnds_ThenItStopsCallingBeforeAnotherBegins) {
    create();
    auto& first = start(1);
    loop.advance(2s);
    first.store.down = true;
    first.receiver.answer = [](const std::string&) { return status(500); };
    loop.advance(20s);
    const auto calls = first.receiver.seen.size();
    confirm(1);
    loop.advance(20s);
    EXPECT_EQ(first.receiver.seen.size(), calls) << "no call is begun that might end behind the lease";
}

TEST_F(Dispatch, GivenAStop_WhenCallsAreUnderWay_ThenTheyComeToTheirEndAndNoneBegins) {
    create();
    auto& first = start(1);
    first.receiver.takes = 10s;
    const auto ids = confirm(1);
    loop.advance(2s);
    ASSERT_THAT(first.receiver.seen, SizeIs(1U));
    const auto asked_at = loop.clock().now();
    loop.run(first.dispatcher.stop(asked_at + 25s));
    EXPECT_LT(loop.clock().now() - asked_at, 11s);
    EXPECT_THAT(first.receiver.accepted, ElementsAre(ids.front()));
    ASSERT_THAT(log(), SizeIs(1U));
    EXPECT_EQ(log().front().outcome, DeliveryOutcome::delivered);
    EXPECT_EQ(endpoint().owner, "");
    auto& second = start(2);
    loop.advance(3s);
    EXPECT_EQ(second.receiver.accepted, ids) << "events of one transition have one place: the first comes again";
}

TEST_F(Dispatch, GivenAStop_WhenCallsLastLongerThanItsDeadline_ThenTheyAreCutOffUncountedAndAnotherGoesOnAtOnce) {
    create();
    auto& first = start(1);
    first.receiver.takes = 10s;
    const auto ids = confirm(1);
    loop.advance(2s);
    ASSERT_THAT(first.receiver.seen, SizeIs(1U));
    const auto asked_at = loop.clock().now();
    loop.run(first.dispatcher.stop(asked_at + 3s));
    EXPECT_GE(loop.clock().now() - asked_at, 3s - DispatchPolicy().record_time);
    EXPECT_LE(loop.clock().now() - asked_at, 3s);
    EXPECT_THAT(log(), IsEmpty());
    EXPECT_EQ(endpoint().owner, "");
    auto& second = start(2);
    loop.advance(3s);
    EXPECT_EQ(second.receiver.accepted, ids);
}

TEST_F(Dispatch, GivenAStoreThatIsDown_WhenItIsBack_ThenDeliveriesAreRecordedOnce) {
    create();
    auto& worker = start();
    loop.advance(2s);
    worker.store.down = true;
    const auto ids = confirm(1);
    loop.advance(5s);
    EXPECT_GT(worker.observer.store_failures, 0);
    worker.store.down = false;
    loop.advance(5s);
    EXPECT_EQ(worker.receiver.seen, ids);
    EXPECT_THAT(log(), SizeIs(ids.size()));
}

TEST_F(Dispatch, GivenATest_WhenAskedFor_ThenOneEventThatTellsNothingIsSentOnce) {
    create();
    auto& worker = start();
    worker.receiver.answer = [](const std::string&) { return status(500); };
    command("test-1", orders::TestEndpoint());
    loop.advance(std::chrono::hours(1));
    EXPECT_THAT(worker.receiver.seen, ElementsAre("test:test-1"));
    EXPECT_THAT(worker.receiver.types, ElementsAre("orderflow.webhook.test"));
    ASSERT_THAT(log(), SizeIs(1U));
    EXPECT_EQ(log()[0].outcome, DeliveryOutcome::given_up);
    EXPECT_THAT(loop.run(memory.lanes("wh_1")).value(), SizeIs(1U)) << "its lane has ended";
}

TEST_F(Dispatch, GivenAReplayOfOneEvent_WhenAskedFor_ThenItComesAgainWithItsId) {
    create();
    auto& worker = start();
    const auto ids = confirm(1);
    loop.advance(3s);
    worker.receiver.seen.clear();
    command("replay", orders::ReplayEvent{order_id(1), 2});
    loop.advance(3s);
    EXPECT_THAT(worker.receiver.seen, ElementsAre(ids[1]));
    EXPECT_EQ(log().front().lane, orders::LaneKind::one);
    command("nothing", orders::ReplayEvent{order_id(9), 2});
    loop.advance(3s);
    EXPECT_THAT(worker.receiver.seen, SizeIs(1U));
    EXPECT_THAT(loop.run(memory.lanes("wh_1")).value(), SizeIs(1U));
}

TEST_F(Dispatch, GivenAReplayOfARange_WhenAskedFor_ThenItsEventsComeAgainAndNoOthers) {
    create();
    auto& worker = start();
    for (std::uint32_t number = 1; number <= 3; ++number) {
        confirm(number);
        loop.advance(std::chrono::hours(1));
    }
    const auto since = loop.clock().wall();
    const auto fourth = confirm(4);
    const auto fifth = confirm(5);
    loop.advance(std::chrono::hours(1));
    const auto until = loop.clock().wall();
    confirm(6);
    loop.advance(3s);
    worker.receiver.seen.clear();
    command("replay", orders::ReplayRange{since, until});
    loop.advance(5s);
    EXPECT_EQ(of_order(worker.receiver.seen, 4), fourth);
    EXPECT_EQ(of_order(worker.receiver.seen, 5), fifth);
    EXPECT_THAT(worker.receiver.seen, SizeIs(fourth.size() + fifth.size()));
    EXPECT_THAT(loop.run(memory.lanes("wh_1")).value(), SizeIs(1U)) << "its lane has ended";
}

TEST_F(Dispatch, GivenAnEndpointThatIsPausedOrRemoved_WhenOrdersGoOn_ThenItIsNotCalledAndAPausedOneGoesOnWhereItWas) {
    create();
    auto& worker = start();
    loop.advance(2s);
    orders::UpdateEndpoint pause;
    pause.enabled = false;
    command("pause", pause);
    loop.advance(3s);
    const auto ids = confirm(1);
    loop.advance(10s);
    EXPECT_THAT(worker.receiver.seen, IsEmpty());
    orders::UpdateEndpoint resume;
    resume.enabled = true;
    command("resume", resume);
    loop.advance(3s);
    EXPECT_EQ(worker.receiver.seen, ids);
    command("remove", orders::RemoveEndpoint());
    loop.advance(3s);
    confirm(2);
    loop.advance(10s);
    EXPECT_EQ(worker.receiver.seen, ids);
}

}  // namespace
}  // namespace orderflow::worker
